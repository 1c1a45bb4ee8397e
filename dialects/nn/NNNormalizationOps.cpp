//===- NNNormalizationOps.cpp - Normalization and softmax -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNDialect.h"
#include "dialects/nn/NNVerification.h"

using namespace mlir;
using namespace frac::nn;

//===----------------------------------------------------------------------===//
// Batch normalization
//===----------------------------------------------------------------------===//

/// Verifies the image and the per-channel vectors; that types agree among
/// themselves is a trait.
template <typename OpTy>
static LogicalResult verifyBatchNorm(OpTy op) {
  auto input = cast<RankedTensorType>(op.getInput().getType());
  auto scale = cast<RankedTensorType>(op.getScale().getType());
  // batch_norm_c1: the input has channels.
  if (input.getRank() < 2)
    return op.emitOpError()
           << "takes an input of rank 2 or more, not " << input;
  // batch_norm_c2: the vectors have one element a channel.
  int64_t channels = input.getDimSize(
      getChannelDimension(input.getRank(), op.getChannelsLast()));
  if (failed(checkElementTypes(op, input, scale)) ||
      failed(checkShape(op, "the scale", scale.getShape(), {channels})))
    return failure();
  // batch_norm_c3: epsilon is not negative.
  if (op.getEpsilon().isNegative())
    return op.emitOpError() << "epsilon must not be negative";
  // batch_norm_c4: there is a number for each sample.
  if (Value samples = op.getSamples())
    return checkShape(op, "the samples",
                      cast<RankedTensorType>(samples.getType()).getShape(),
                      {input.getDimSize(0)});
  return success();
}

LogicalResult BatchNormOp::verify() { return verifyBatchNorm(*this); }
bool BatchNormOp::isImageOperand(unsigned index) {
  return index == 0 && getInput().getType().getRank() > 2;
}
bool BatchNormOp::isImageResult(unsigned index) {
  return isImageOperand(index);
}

LogicalResult BatchNormGradOp::verify() { return verifyBatchNorm(*this); }
bool BatchNormGradOp::isImageOperand(unsigned index) {
  return index <= 1 && getInput().getType().getRank() > 2;
}
bool BatchNormGradOp::isImageResult(unsigned index) {
  return index == 0 && getInput().getType().getRank() > 2;
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

/// softmax_c1: the dimension exists.
template <typename OpTy>
static LogicalResult verifySoftmax(OpTy op) {
  return checkDimensions(
      op, static_cast<int64_t>(op.getDimension()),
      cast<RankedTensorType>(op.getInput().getType()).getRank());
}

LogicalResult SoftmaxOp::verify() { return verifySoftmax(*this); }
LogicalResult LogSoftmaxOp::verify() { return verifySoftmax(*this); }

//===----------------------------------------------------------------------===//
// Picking by label
//===----------------------------------------------------------------------===//

/// pick_c1: rows (N, C), labels (N) and one element a row (N) belong together.
static LogicalResult verifyPick(Operation *op, Value rows, Value labels,
                                Value picked) {
  auto rowsType = cast<RankedTensorType>(rows.getType());
  auto labelsType = cast<RankedTensorType>(labels.getType());
  auto pickedType = cast<RankedTensorType>(picked.getType());
  if (rowsType.getRank() != 2)
    return op->emitOpError() << "takes rows of rank 2, not " << rowsType;
  if (failed(checkElementTypes(op, rowsType, pickedType)) ||
      failed(checkShape(op, "the labels", labelsType.getShape(),
                        {rowsType.getDimSize(0)})) ||
      failed(checkShape(op, "the picked elements", pickedType.getShape(),
                        {rowsType.getDimSize(0)})))
    return failure();
  return success();
}

LogicalResult PickOp::verify() {
  return verifyPick(*this, getInput(), getLabels(), getResult());
}
LogicalResult UnpickOp::verify() {
  return verifyPick(*this, getResult(), getLabels(), getInput());
}
