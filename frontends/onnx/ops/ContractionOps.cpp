//===- ContractionOps.cpp - Convolutions and matrix products -------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Operators.h"
#include "frontends/onnx/Window.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace frac;
using namespace frac::frontend;

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// The extents of a kernel (O, I, spatial...), which must be static and have
/// the rank of `image`.
static FailureOr<SmallVector<int64_t>>
getKernel(NodeContext &node, ArrayRef<Extent> image, ArrayRef<Extent> weights) {
  SmallVector<int64_t> kernel;
  for (Extent extent : weights) {
    if (!extent.isStatic())
      return node.error("the weights have shape " + toString(weights) +
                        ", they must not depend on the batch");
    kernel.push_back(extent.offset);
  }
  if (weights.size() != image.size())
    return node.error("the weights have shape " + toString(weights) +
                      ", which does not fit the input " + toString(image));
  if (std::optional<std::vector<int64_t>> stated = node.getInts("kernel_shape"))
    if (ArrayRef<int64_t>(*stated) != ArrayRef<int64_t>(kernel).drop_front(2))
      return node.error("kernel_shape is not that of the weights " +
                        toString(weights));
  return kernel;
}

/// Adds a vector of one number a channel, if input `index` is there.
static FailureOr<Tensor> addBias(NodeContext &node, size_t index,
                                 Tensor result) {
  if (!node.hasInput(index))
    return result;
  Tensor &bias = node.getInput(index);
  if (bias.getRank() != 1 || bias.shape[0] != result.shape[1])
    return node.error("the bias has shape " + toString(bias.shape) +
                      " instead of [" + result.shape[1].str() + "]");
  TensorBuilder &b = node.getBuilder();
  return b.binary<arith::AddFOp>(result, b.broadcast(bias, result.shape, {1}));
}

static LogicalResult importConv(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &input = node.getInput(0), &weights = node.getInput(1);
  auto kernel = getKernel(node, input.shape, weights.shape);
  if (failed(kernel))
    return failure();
  auto window = getWindow(node, input.shape, ArrayRef(*kernel).drop_front(2),
                          /*ceilMode=*/false);
  if (failed(window))
    return failure();
  int64_t groups = node.getInt("group", 1);
  int64_t channels = input.shape[1].offset, filters = (*kernel)[0];
  if (groups < 1 || filters % groups != 0 || channels % groups != 0 ||
      (*kernel)[1] != channels / groups)
    return node.error("weights " + toString(weights.shape) + " in " +
                      llvm::Twine(groups) + " groups do not fit the input " +
                      toString(input.shape));
  Shape shape = {input.shape[0], filters};
  shape.append(window->output.begin(), window->output.end());
  Value value = b.getValue(input), filter = b.getValue(weights);
  Tensor result =
      b.wrap(nn::ConvOp::create(
                 b.getBuilder(), b.getLoc(), b.getType(b.f32(), shape), value,
                 filter, window->strides, window->dilations, window->padsBegin,
                 window->padsEnd, groups, /*channels_last=*/false),
             shape);
  FailureOr<Tensor> biased = addBias(node, 2, result);
  if (failed(biased))
    return failure();
  node.setOutput(0, *biased);
  return success();
}

/// Computes padding and extents of a transposed convolution: `window` gets the
/// geometry of the convolution that it is the gradient of, and `output` the
/// extents of that convolution's input.
static LogicalResult getTransposedWindow(NodeContext &node,
                                         ArrayRef<int64_t> extents,
                                         ArrayRef<int64_t> kernel,
                                         Window &window) {
  size_t rank = extents.size();
  auto strides = getSpatialAttribute(node, "strides", rank, 1, 1);
  auto dilations = getSpatialAttribute(node, "dilations", rank, 1, 1);
  auto pads = getSpatialAttribute(node, "pads", 2 * rank, 0, 0);
  auto extra = getSpatialAttribute(node, "output_padding", rank, 0, 0);
  std::optional<std::vector<int64_t>> stated = node.getInts("output_shape");
  if (failed(strides) || failed(dilations) || failed(pads) || failed(extra))
    return failure();
  if (stated && stated->size() != rank)
    return node.error("output_shape has " + llvm::Twine(stated->size()) +
                      " entries instead of " + llvm::Twine(rank));
  std::string autoPad = node.getString("auto_pad", "NOTSET");
  bool same = autoPad == "SAME_UPPER" || autoPad == "SAME_LOWER";
  if (!same && autoPad != "NOTSET" && autoPad != "VALID")
    return node.error("auto_pad '" + autoPad + "' is unknown");
  window.kernel.assign(kernel.begin(), kernel.end());
  window.strides = *strides;
  window.dilations = *dilations;
  for (size_t i = 0; i != rank; ++i) {
    int64_t stride = (*strides)[i], begin = (*pads)[i], end = (*pads)[rank + i];
    if ((*extra)[i] >= stride)
      return node.error("output_padding " + llvm::Twine((*extra)[i]) +
                        " is not below the stride " + llvm::Twine(stride) +
                        ", which is not supported");
    int64_t full = stride * (extents[i] - 1) + (*extra)[i] +
                   (kernel[i] - 1) * (*dilations)[i] + 1;
    if (stated || same) {
      int64_t wanted = stated ? (*stated)[i] : extents[i] * stride;
      int64_t total = std::max<int64_t>(full - wanted, 0);
      begin = autoPad == "SAME_UPPER" ? total / 2 : total - total / 2;
      end = total - begin;
      full = wanted + total;
    } else if (autoPad == "VALID") {
      begin = end = 0;
    }
    window.padsBegin.push_back(begin);
    window.padsEnd.push_back(end);
    window.output.push_back(full - begin - end);
  }
  return success();
}

static LogicalResult importConvTranspose(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &input = node.getInput(0), &weights = node.getInput(1);
  auto extents = getSpatialExtents(node, input.shape);
  auto kernel = getKernel(node, input.shape, weights.shape);
  if (failed(extents) || failed(kernel))
    return failure();
  Window window;
  if (failed(getTransposedWindow(node, *extents,
                                 ArrayRef(*kernel).drop_front(2), window)))
    return failure();
  int64_t groups = node.getInt("group", 1);
  int64_t channels = input.shape[1].offset;
  if (groups < 1 || channels % groups != 0 || (*kernel)[0] != channels)
    return node.error("weights " + toString(weights.shape) + " in " +
                      llvm::Twine(groups) + " groups do not fit the input " +
                      toString(input.shape));
  Shape shape = {input.shape[0], Extent((*kernel)[1] * groups)};
  shape.append(window.output.begin(), window.output.end());
  Value value = b.getValue(input), filter = b.getValue(weights);
  Tensor result =
      b.wrap(nn::ConvInputGradOp::create(
                 b.getBuilder(), b.getLoc(), b.getType(b.f32(), shape), value,
                 filter, window.strides, window.dilations, window.padsBegin,
                 window.padsEnd, groups, /*channels_last=*/false),
             shape);
  FailureOr<Tensor> biased = addBias(node, 2, result);
  if (failed(biased))
    return failure();
  node.setOutput(0, *biased);
  return success();
}

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

/// The product of two matrices, or of two stacks of matrices of equal depth.
static Tensor multiplyMatrices(TensorBuilder &b, Tensor lhs, Tensor rhs,
                               bool transposeLhs, bool transposeRhs) {
  int64_t rank = lhs.getRank();
  Shape shape = lhs.shape;
  shape[rank - 2] = lhs.shape[rank - (transposeLhs ? 1 : 2)];
  shape[rank - 1] = rhs.shape[rank - (transposeRhs ? 2 : 1)];
  Value left = b.getValue(lhs), right = b.getValue(rhs);
  return b.wrap(nn::MatmulOp::create(b.getBuilder(), b.getLoc(),
                                     b.getType(b.f32(), shape), left, right,
                                     transposeLhs, transposeRhs),
                shape);
}

static LogicalResult importGemm(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &lhs = node.getInput(0), &rhs = node.getInput(1);
  bool transposeLhs = node.getInt("transA", 0) != 0;
  bool transposeRhs = node.getInt("transB", 0) != 0;
  float alpha = node.getFloat("alpha", 1), beta = node.getFloat("beta", 1);
  if (lhs.getRank() != 2 || rhs.getRank() != 2 ||
      lhs.shape[transposeLhs ? 0 : 1] != rhs.shape[transposeRhs ? 1 : 0])
    return node.error("matrices " + toString(lhs.shape) + " and " +
                      toString(rhs.shape) + " have no product");
  Tensor result = multiplyMatrices(b, lhs, rhs, transposeLhs, transposeRhs);
  if (alpha != 1)
    result = b.binary<arith::MulFOp>(result, alpha);
  if (node.hasInput(2) && beta != 0) {
    Tensor bias = node.getInput(2);
    std::optional<Shape> shape =
        TensorBuilder::broadcastShapes(bias.shape, result.shape);
    if (!shape || *shape != result.shape)
      return node.error("C has shape " + toString(bias.shape) +
                        ", which does not broadcast to " +
                        toString(result.shape));
    if (beta != 1)
      bias = b.binary<arith::MulFOp>(bias, beta);
    result = b.binary<arith::AddFOp>(result, bias);
  }
  node.setOutput(0, result);
  return success();
}

/// Collapses all dimensions but the last `kept` to one.
static FailureOr<Tensor> collapse(NodeContext &node, Tensor tensor,
                                  size_t kept) {
  ArrayRef<Extent> shape = tensor.shape;
  std::optional<Extent> rows = getNumElements(shape.drop_back(kept));
  if (!rows)
    return node.error("the shape " + toString(shape) + " is not supported");
  Shape collapsed = {*rows};
  llvm::append_range(collapsed, shape.take_back(kept));
  return node.getBuilder().reshape(tensor, collapsed);
}

static LogicalResult importMatMul(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor lhs = node.getInput(0), rhs = node.getInput(1);
  if (lhs.getRank() == 0 || rhs.getRank() == 0)
    return node.error("the operands must not be scalars");
  bool vectorLhs = lhs.getRank() == 1, vectorRhs = rhs.getRank() == 1;
  if (vectorLhs)
    lhs = b.reshape(lhs, {1, lhs.shape[0]});
  if (vectorRhs)
    rhs = b.reshape(rhs, {rhs.shape[0], 1});
  int64_t lhsRank = lhs.getRank(), rhsRank = rhs.getRank();
  ArrayRef<Extent> lhsShape = lhs.shape, rhsShape = rhs.shape;
  std::optional<Shape> shape = TensorBuilder::broadcastShapes(
      lhsShape.drop_back(2), rhsShape.drop_back(2));
  if (!shape || lhsShape.back() != rhsShape[rhsRank - 2])
    return node.error("tensors " + toString(lhsShape) + " and " +
                      toString(rhsShape) + " have no product");

  FailureOr<Tensor> left = lhs, right = rhs;
  if (lhsRank > 2 && rhsRank == 2) {
    // One matrix for all: one tall product.
    left = collapse(node, lhs, 1);
  } else if (rhsRank > 2) {
    Shape leftShape = *shape, rightShape = *shape;
    llvm::append_range(leftShape, lhsShape.take_back(2));
    llvm::append_range(rightShape, rhsShape.take_back(2));
    left = collapse(node, b.broadcast(lhs, leftShape), 2);
    right = collapse(node, b.broadcast(rhs, rightShape), 2);
  }
  if (failed(left) || failed(right))
    return failure();
  Tensor result = multiplyMatrices(b, *left, *right, false, false);
  if (!vectorLhs)
    shape->push_back(lhsShape[lhsRank - 2]);
  if (!vectorRhs)
    shape->push_back(rhsShape.back());
  node.setOutput(0, b.reshape(result, *shape));
  return success();
}

llvm::ArrayRef<Operator> frac::frontend::getContractionOperators() {
  static const Operator table[] = {
      {"Conv", minOpset, maxOpset, 2, 3, 3,
       "auto_pad dilations group kernel_shape pads strides", importConv,
       "X, W, B", "1 to 3 spatial dimensions"},
      {"ConvTranspose", minOpset, maxOpset, 2, 3, 3,
       "auto_pad dilations group kernel_shape output_padding output_shape pads "
       "strides",
       importConvTranspose, "X, W, B",
       "1 to 3 spatial dimensions; output_padding below the stride"},
      {"Gemm", minOpset, maxOpset, 2, 3, 3,
       "alpha beta broadcast transA transB", importGemm, "A, B, C", ""},
      {"MatMul", minOpset, maxOpset, 2, 2, 2, "", importMatMul, "A, B", ""},
  };
  return table;
}
