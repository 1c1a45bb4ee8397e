//===- NormalizationOps.cpp - Normalization and softmax ------------------===//
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

using namespace mlir;
using namespace frac;
using namespace frac::frontend;

//===----------------------------------------------------------------------===//
// BatchNormalization
//===----------------------------------------------------------------------===//

/// momentum running + (1 - momentum) batch
static Tensor updateRunning(TensorBuilder &b, Tensor running, Tensor batch,
                            float momentum) {
  return b.binary<arith::AddFOp>(
      b.binary<arith::MulFOp>(running, momentum),
      b.binary<arith::MulFOp>(batch, 1.0f - momentum));
}

static LogicalResult importBatchNormalization(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &input = node.getInput(0);
  if (node.getInt("spatial", 1) != 1)
    return node.error("attribute 'spatial' = 0 is not supported; export the "
                      "model with opset 9 or newer");
  if (input.getRank() < 2)
    return node.error("the input has shape " + toString(input.shape) +
                      ", it must have at least two dimensions");
  SmallVector<Value> operands = {b.getValue(input)};
  for (int i = 1; i != 5; ++i) {
    Tensor &vector = node.getInput(i);
    if (vector.getRank() != 1 || vector.shape[0] != input.shape[1])
      return node.error("input " + llvm::Twine(i) + " has shape " +
                        toString(vector.shape) + " instead of [" +
                        input.shape[1].str() + "]");
    operands.push_back(b.getValue(vector));
  }
  // Until opset 13 the number of outputs tells, until opset 6 an attribute.
  bool training = node.getOpset() >= 14 ? node.getInt("training_mode", 0) != 0
                  : node.getOpset() < 7 ? node.getInt("is_test", 0) == 0
                                        : node.getNumOutputs() > 1;
  float momentum = node.getFloat("momentum", 0.9f);
  auto op = nn::BatchNormOp::create(
      b.getBuilder(), b.getLoc(),
      TypeRange{operands[0].getType(), operands[3].getType(),
                operands[4].getType()},
      operands[0], operands[1], operands[2], operands[3], operands[4],
      /*samples=*/Value(), llvm::APFloat(node.getFloat("epsilon", 1e-5f)),
      llvm::APFloat(momentum), training, /*channels_last=*/false);
  node.setOutput(0, b.wrap(op.getResult(), input.shape));
  for (int i : {0, 1}) {
    Tensor running = node.getInput(3 + i);
    Tensor batch = b.wrap(i == 0 ? op.getBatchMean() : op.getBatchVariance(),
                          running.shape);
    if (training && node.isUsed(1 + i))
      node.setOutput(1 + i, updateRunning(b, running, batch, momentum));
    // Until opset 13 the batch's own statistics are outputs too.
    if (training && node.isUsed(3 + i))
      node.setOutput(3 + i, batch);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Normalization within a sample
//===----------------------------------------------------------------------===//

/// (x - mean) / sqrt(variance + epsilon) over `dimensions`. Also gives the mean
/// and the reciprocal of the standard deviation, with dimensions of 1.
static Tensor normalize(TensorBuilder &b, Tensor input,
                        ArrayRef<int64_t> dimensions, float epsilon,
                        Tensor *meanOut = nullptr, Tensor *scaleOut = nullptr) {
  Tensor mean = b.reduce(nn::ReduceKind::mean, input, dimensions, true);
  Tensor centred = b.binary<arith::SubFOp>(input, mean);
  Tensor variance =
      b.reduce(nn::ReduceKind::mean, b.binary<arith::MulFOp>(centred, centred),
               dimensions, true);
  Tensor deviation =
      b.unary<math::SqrtOp>(b.binary<arith::AddFOp>(variance, epsilon));
  if (meanOut)
    *meanOut = mean;
  if (scaleOut)
    *scaleOut = b.binary<arith::DivFOp>(b.splat(1, b.f32(), deviation.shape),
                                        deviation);
  return b.binary<arith::DivFOp>(centred, deviation);
}

/// The dimensions from `first` to the last.
static SmallVector<int64_t> getDimensionsFrom(int64_t first, int64_t rank) {
  SmallVector<int64_t> dimensions;
  for (int64_t i = first; i < rank; ++i)
    dimensions.push_back(i);
  return dimensions;
}

static LogicalResult importLayerNormalization(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0);
  auto axis = node.normalizeAxis(node.getInt("axis", -1), input.getRank());
  if (failed(axis))
    return failure();
  if (node.getInt("stash_type", 1) != 1)
    return node.error("stash_type must be 1, float32");
  for (int i : {1, 2}) {
    if (!node.hasInput(i))
      continue;
    std::optional<Shape> shape =
        TensorBuilder::broadcastShapes(input.shape, node.getInput(i).shape);
    if (!shape || *shape != input.shape)
      return node.error("input " + llvm::Twine(i) + " has shape " +
                        toString(node.getInput(i).shape) +
                        ", which does not broadcast to " +
                        toString(input.shape));
  }
  Tensor mean, scale;
  Tensor result = normalize(b, input, getDimensionsFrom(*axis, input.getRank()),
                            node.getFloat("epsilon", 1e-5f),
                            node.isUsed(1) ? &mean : nullptr,
                            node.isUsed(2) ? &scale : nullptr);
  result = b.binary<arith::MulFOp>(result, node.getInput(1));
  if (node.hasInput(2))
    result = b.binary<arith::AddFOp>(result, node.getInput(2));
  node.setOutput(0, result);
  if (node.isUsed(1))
    node.setOutput(1, mean);
  if (node.isUsed(2))
    node.setOutput(2, scale);
  return success();
}

/// Scales and shifts `input` by one number a channel of dimension 1.
static FailureOr<Tensor> scaleChannels(NodeContext &node, Tensor input) {
  TensorBuilder &b = node.getBuilder();
  for (int i : {1, 2})
    if (node.getInput(i).getRank() != 1 ||
        node.getInput(i).shape[0] != input.shape[1])
      return node.error("input " + llvm::Twine(i) + " has shape " +
                        toString(node.getInput(i).shape) + " instead of [" +
                        input.shape[1].str() + "]");
  Tensor scale = b.broadcast(node.getInput(1), input.shape, {1});
  Tensor bias = b.broadcast(node.getInput(2), input.shape, {1});
  return b.binary<arith::AddFOp>(b.binary<arith::MulFOp>(input, scale), bias);
}

static LogicalResult importInstanceNormalization(NodeContext &node) {
  Tensor input = node.getInput(0);
  if (input.getRank() < 3)
    return node.error("the input has shape " + toString(input.shape) +
                      ", it must have dimensions after batch and channels");
  Tensor normalized =
      normalize(node.getBuilder(), input, getDimensionsFrom(2, input.getRank()),
                node.getFloat("epsilon", 1e-5f));
  FailureOr<Tensor> result = scaleChannels(node, normalized);
  if (failed(result))
    return failure();
  node.setOutput(0, *result);
  return success();
}

static LogicalResult importGroupNormalization(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0);
  int64_t groups = node.getInt("num_groups", 1);
  if (input.getRank() < 3 || !input.shape[1].isStatic() || groups < 1 ||
      input.shape[1].offset % groups != 0)
    return node.error("the input has shape " + toString(input.shape) +
                      ", which does not fall into " + llvm::Twine(groups) +
                      " groups of channels");
  Shape split = {input.shape[0], groups,
                 Extent(input.shape[1].offset / groups)};
  llvm::append_range(split, ArrayRef<Extent>(input.shape).drop_front(2));
  Tensor normalized =
      normalize(b, b.reshape(input, split), getDimensionsFrom(2, split.size()),
                node.getFloat("epsilon", 1e-5f));
  // Scale and bias are one number a group until opset 20, a channel since.
  bool perGroup = node.getOpset() < 21;
  Tensor scaled = perGroup ? normalized : b.reshape(normalized, input.shape);
  FailureOr<Tensor> result = scaleChannels(node, scaled);
  if (failed(result))
    return failure();
  node.setOutput(0, b.reshape(*result, input.shape));
  return success();
}

static LogicalResult importLpNormalization(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0);
  auto axis = node.normalizeAxis(node.getInt("axis", -1), input.getRank());
  if (failed(axis))
    return failure();
  int64_t p = node.getInt("p", 2);
  if (p != 1 && p != 2)
    return node.error("p must be 1 or 2");
  Tensor powers = p == 1 ? b.unary<math::AbsFOp>(input)
                         : b.binary<arith::MulFOp>(input, input);
  Tensor norm = b.reduce(nn::ReduceKind::sum, powers, {*axis}, true);
  if (p == 2)
    norm = b.unary<math::SqrtOp>(norm);
  node.setOutput(0, b.binary<arith::DivFOp>(input, norm));
  return success();
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

template <typename OpTy>
static LogicalResult importSoftmax(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0);
  bool coerced = node.getOpset() < 13;
  int64_t rank = input.getRank();
  auto axis = node.normalizeAxis(node.getInt("axis", coerced ? 1 : -1), rank);
  if (failed(axis))
    return failure();
  if (!coerced || *axis == rank - 1) {
    node.setOutput(0, b.unary<OpTy>(input, *axis));
    return success();
  }
  // Until opset 12 all dimensions from the axis on are normalized together.
  ArrayRef<Extent> shape = input.shape;
  std::optional<Extent> rows = getNumElements(shape.take_front(*axis)),
                        columns = getNumElements(shape.drop_front(*axis));
  if (!rows || !columns)
    return node.error("the shape " + toString(shape) + " is not supported");
  Tensor result = b.unary<OpTy>(b.reshape(input, {*rows, *columns}), 1);
  node.setOutput(0, b.reshape(result, shape));
  return success();
}

llvm::ArrayRef<Operator> frac::frontend::getNormalizationOperators() {
  static const Operator table[] = {
      {"BatchNormalization", minOpset, maxOpset, 5, 5, 5,
       "epsilon is_test momentum spatial training_mode",
       importBatchNormalization, "X, scale, B",
       "`spatial` must be 1; with `training_mode` the running statistics are "
       "outputs"},
      {"GroupNormalization", 18, maxOpset, 3, 3, 3,
       "epsilon num_groups stash_type", importGroupNormalization,
       "X, scale, bias", ""},
      {"InstanceNormalization", minOpset, maxOpset, 3, 3, 3, "epsilon",
       importInstanceNormalization, "input, scale, B", ""},
      {"LayerNormalization", 17, maxOpset, 2, 3, 3, "axis epsilon stash_type",
       importLayerNormalization, "X, Scale, B", ""},
      {"LogSoftmax", minOpset, maxOpset, 1, 1, 1, "axis",
       importSoftmax<nn::LogSoftmaxOp>, "input", ""},
      {"LpNormalization", minOpset, maxOpset, 1, 1, 1, "axis p",
       importLpNormalization, "input", ""},
      {"Softmax", minOpset, maxOpset, 1, 1, 1, "axis",
       importSoftmax<nn::SoftmaxOp>, "input", ""},
  };
  return table;
}
