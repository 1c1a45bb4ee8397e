//===- Pooling.cpp - Adjoints of pools ------------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/AdjointBuilder.h"
#include "dialects/nn/NNDialect.h"
#include "dialects/nn/adjoints/NNAdjoints.h"

using namespace mlir;
using namespace frac;
using namespace frac::nn;

static Value maxPool(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<MaxPoolOp>();
  return MaxPoolGradOp::create(
      b, x.getType(), x, g, op.getKernel(), op.getStrides(), op.getDilations(),
      op.getPadsBegin(), op.getPadsEnd(), op.getChannelsLast());
}

static Value avgPool(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<AvgPoolOp>();
  return AvgPoolGradOp::create(b, x.getType(), g, op.getKernel(),
                               op.getStrides(), op.getDilations(),
                               op.getPadsBegin(), op.getPadsEnd(),
                               op.getChannelsLast(), op.getCountIncludePad());
}

void nn::attachPoolingAdjoints(MLIRContext *context) {
  MaxPoolOp::attachInterface<UnaryAdjoint<MaxPoolOp, maxPool>>(*context);
  AvgPoolOp::attachInterface<UnaryAdjoint<AvgPoolOp, avgPool>>(*context);
}
