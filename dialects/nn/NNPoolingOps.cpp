//===- NNPoolingOps.cpp - Pools -------------------------------------------===//
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

/// Verifies a pool that takes `input` to `output`, whichever of them the
/// operation computes.
template <typename OpTy>
static LogicalResult verifyPool(OpTy op, Value inputValue, Value outputValue) {
  auto input = cast<RankedTensorType>(inputValue.getType());
  auto output = cast<RankedTensorType>(outputValue.getType());
  // pool_c1: window and spatial extents are consistent; the last window may be
  // rounded up.
  if (failed(checkWindow(op, input, output,
                         {op.getKernel(), op.getStrides(), op.getDilations(),
                          op.getPadsBegin(), op.getPadsEnd()},
                         op.getChannelsLast(), WindowRounding::DownOrUp)))
    return failure();
  // pool_c2: input and output have the same channels.
  int64_t dim = getChannelDimension(input.getRank(), op.getChannelsLast());
  return checkExtent(op, "the channel dimension", output.getDimSize(dim),
                     input.getDimSize(dim));
}

LogicalResult MaxPoolOp::verify() {
  return verifyPool(*this, getInput(), getResult());
}
bool MaxPoolOp::isImageOperand(unsigned index) { return true; }
bool MaxPoolOp::isImageResult(unsigned index) { return true; }

LogicalResult MaxPoolGradOp::verify() {
  return verifyPool(*this, getInput(), getError());
}
bool MaxPoolGradOp::isImageOperand(unsigned index) { return true; }
bool MaxPoolGradOp::isImageResult(unsigned index) { return true; }

LogicalResult AvgPoolOp::verify() {
  return verifyPool(*this, getInput(), getResult());
}
bool AvgPoolOp::isImageOperand(unsigned index) { return true; }
bool AvgPoolOp::isImageResult(unsigned index) { return true; }

LogicalResult AvgPoolGradOp::verify() {
  return verifyPool(*this, getResult(), getError());
}
bool AvgPoolGradOp::isImageOperand(unsigned index) { return true; }
bool AvgPoolGradOp::isImageResult(unsigned index) { return true; }
