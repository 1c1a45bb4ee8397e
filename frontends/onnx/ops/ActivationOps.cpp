//===- ActivationOps.cpp - Activations -----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/NodeContext.h"
#include "frontends/onnx/Operators.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <limits>

using namespace mlir;
using namespace frac;
using namespace frac::frontend;

template <typename OpTy>
static LogicalResult importPlain(NodeContext &node) {
  node.setOutput(0, node.getBuilder().unary<OpTy>(node.getInput(0)));
  return success();
}

static LogicalResult importLeakyRelu(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  node.setOutput(
      0, b.unary<nn::LeakyReluOp>(
             node.getInput(0), llvm::APFloat(node.getFloat("alpha", 0.01f))));
  return success();
}

static LogicalResult importElu(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  node.setOutput(
      0, b.unary<nn::EluOp>(node.getInput(0),
                            llvm::APFloat(node.getFloat("alpha", 1.0f))));
  return success();
}

/// gamma elu(x)
static LogicalResult importSelu(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  float alpha = node.getFloat("alpha", 1.67326319217681884765625f);
  float gamma = node.getFloat("gamma", 1.05070102214813232421875f);
  Tensor elu = b.unary<nn::EluOp>(node.getInput(0), llvm::APFloat(alpha));
  node.setOutput(0, b.binary<arith::MulFOp>(elu, gamma));
  return success();
}

/// alpha elu(x / alpha)
static LogicalResult importCelu(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  float alpha = node.getFloat("alpha", 1.0f);
  if (alpha == 0)
    return node.error("alpha must not be 0");
  Tensor scaled = b.binary<arith::DivFOp>(node.getInput(0), alpha);
  Tensor elu = b.unary<nn::EluOp>(scaled, llvm::APFloat(1.0f));
  node.setOutput(0, b.binary<arith::MulFOp>(elu, alpha));
  return success();
}

/// slope x where x <= 0; at 0 the derivative is the slope, as in PyTorch.
static LogicalResult importPRelu(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0), slope = node.getInput(1);
  // Until opset 6 it was one number a channel.
  if (node.getOpset() < 7 && slope.getRank() == 1 && input.getRank() > 2) {
    Shape channels = slope.shape;
    channels.append(input.getRank() - 2, Extent(1));
    slope = b.reshape(slope, channels);
  }
  std::optional<Shape> shape =
      TensorBuilder::broadcastShapes(input.shape, slope.shape);
  if (!shape || *shape != input.shape)
    return node.error("the slope has shape " + toString(slope.shape) +
                      ", which does not broadcast to " + toString(input.shape));
  Tensor scaled = b.binary<arith::MulFOp>(input, slope);
  Tensor zero = b.splat(0, b.f32(), input.shape);
  Value x = b.getValue(input), z = b.getValue(zero);
  Value positive = arith::CmpFOp::create(b.getBuilder(), b.getLoc(),
                                         arith::CmpFPredicate::OGT, x, z);
  node.setOutput(
      0, b.wrap(arith::SelectOp::create(b.getBuilder(), b.getLoc(), positive, x,
                                        b.getValue(scaled)),
                input.shape));
  return success();
}

static LogicalResult importHardSigmoid(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  node.setOutput(0, b.unary<nn::HardSigmoidOp>(
                        node.getInput(0),
                        llvm::APFloat(node.getFloat("alpha", 0.2f)),
                        llvm::APFloat(node.getFloat("beta", 0.5f))));
  return success();
}

/// x min(max(x / 6 + 1 / 2, 0), 1), whose derivative at the bounds is that from
/// between them, as in PyTorch; that of nn.hard_sigmoid is 0 there.
static LogicalResult importHardSwish(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0);
  Tensor line =
      b.binary<arith::AddFOp>(b.binary<arith::MulFOp>(input, 1.0 / 6), 0.5);
  Tensor gate =
      b.unary<nn::ClipOp>(line, llvm::APFloat(0.0f), llvm::APFloat(1.0f));
  node.setOutput(0, b.binary<arith::MulFOp>(input, gate));
  return success();
}

/// x tanh(softplus(x))
static LogicalResult importMish(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0);
  Tensor gate = b.unary<math::TanhOp>(b.unary<nn::SoftplusOp>(input));
  node.setOutput(0, b.binary<arith::MulFOp>(input, gate));
  return success();
}

/// x / (1 + |x|)
static LogicalResult importSoftsign(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0);
  Tensor size = b.binary<arith::AddFOp>(b.unary<math::AbsFOp>(input), 1.0);
  node.setOutput(0, b.binary<arith::DivFOp>(input, size));
  return success();
}

/// x / 2 (1 + erf(x / sqrt(2))), or its approximation by tanh.
static LogicalResult importGelu(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  std::string approximate = node.getString("approximate", "none");
  Tensor input = node.getInput(0), inner;
  if (approximate == "none") {
    inner = b.unary<math::ErfOp>(
        b.binary<arith::MulFOp>(input, 0.70710678118654752));
  } else if (approximate == "tanh") {
    Tensor square = b.binary<arith::MulFOp>(input, input);
    Tensor cubic = b.binary<arith::MulFOp>(
        b.binary<arith::MulFOp>(square, input), 0.044715);
    inner = b.unary<math::TanhOp>(b.binary<arith::MulFOp>(
        b.binary<arith::AddFOp>(input, cubic), 0.79788456080286536));
  } else {
    return node.error("approximate '" + approximate + "' is unknown");
  }
  Tensor half = b.binary<arith::MulFOp>(input, 0.5);
  node.setOutput(
      0, b.binary<arith::MulFOp>(half, b.binary<arith::AddFOp>(inner, 1.0)));
  return success();
}

static LogicalResult importClip(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor result = node.getInput(0);
  constexpr float infinity = std::numeric_limits<float>::infinity();
  float bounds[2] = {node.getFloat("min", -infinity),
                     node.getFloat("max", infinity)};
  // Bounds that are computed at run time need operations of their own.
  bool isConstant = true;
  for (int i : {0, 1}) {
    if (!node.hasInput(i + 1))
      continue;
    if (std::optional<std::vector<float>> value =
            getFloats(node.getInput(i + 1));
        value && value->size() == 1)
      bounds[i] = value->front();
    else
      isConstant = false;
  }
  if (isConstant) {
    result = b.unary<nn::ClipOp>(result, llvm::APFloat(bounds[0]),
                                 llvm::APFloat(bounds[1]));
  } else {
    if (node.hasInput(1))
      result = b.binary<arith::MaximumFOp>(result, node.getInput(1));
    if (node.hasInput(2))
      result = b.binary<arith::MinimumFOp>(result, node.getInput(2));
  }
  node.setOutput(0, result);
  return success();
}

llvm::ArrayRef<Operator> frac::frontend::getActivationOperators() {
  static const Operator table[] = {
      {"Celu", 12, maxOpset, 1, 1, 1, "alpha", importCelu, "X", ""},
      {"Clip", minOpset, maxOpset, 1, 3, 3, "max min", importClip, "input",
       "constant bounds get no gradient"},
      {"Elu", minOpset, maxOpset, 1, 1, 1, "alpha", importElu, "X", ""},
      {"Gelu", 20, maxOpset, 1, 1, 1, "approximate", importGelu, "X", ""},
      {"HardSigmoid", minOpset, maxOpset, 1, 1, 1, "alpha beta",
       importHardSigmoid, "X", ""},
      {"HardSwish", 14, maxOpset, 1, 1, 1, "", importHardSwish, "X", ""},
      {"LeakyRelu", minOpset, maxOpset, 1, 1, 1, "alpha", importLeakyRelu, "X",
       ""},
      {"Mish", 18, maxOpset, 1, 1, 1, "", importMish, "X", ""},
      {"PRelu", minOpset, maxOpset, 2, 2, 2, "", importPRelu, "X, slope", ""},
      {"Relu", minOpset, maxOpset, 1, 1, 1, "", importPlain<nn::ReluOp>, "X",
       ""},
      {"Selu", minOpset, maxOpset, 1, 1, 1, "alpha gamma", importSelu, "X", ""},
      {"Sigmoid", minOpset, maxOpset, 1, 1, 1, "", importPlain<nn::SigmoidOp>,
       "X", ""},
      {"Softplus", minOpset, maxOpset, 1, 1, 1, "", importPlain<nn::SoftplusOp>,
       "X", ""},
      {"Softsign", minOpset, maxOpset, 1, 1, 1, "", importSoftsign, "input",
       ""},
      {"Tanh", minOpset, maxOpset, 1, 1, 1, "", importPlain<math::TanhOp>,
       "input", ""},
  };
  return table;
}
