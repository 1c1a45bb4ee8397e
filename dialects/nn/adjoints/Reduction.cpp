//===- Reduction.cpp - Adjoints of broadcasts and reductions --------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/adjoints/NNAdjointBuilder.h"
#include "dialects/nn/adjoints/NNAdjoints.h"

using namespace mlir;
using namespace frac;
using namespace frac::nn;

using Predicate = arith::CmpFPredicate;

/// Sums over the dimensions that are new or stretched.
static Value broadcastRule(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<BroadcastOp>();
  auto from = cast<RankedTensorType>(x.getType());
  auto to = cast<RankedTensorType>(y.getType());
  SmallVector<int64_t> kept;
  for (auto [index, dimension] : llvm::enumerate(op.getDimensions()))
    if (from.getDimSize(index) == to.getDimSize(dimension))
      kept.push_back(dimension);
  Value total = sum(b, g, getOtherDimensions(to.getRank(), kept));
  if (total.getType() == from)
    return total;
  return ReshapeOp::create(b, from, total);
}

/// In equal parts to the elements that attain the maximum or minimum.
static Value extremum(AdjointBuilder &b, ReduceOp op, Value g) {
  Value x = op.getInput(), y = op.getResult();
  ArrayRef<int64_t> dimensions = op.getDimensions();
  Value attains = b.compare(Predicate::OEQ, x, expand(b, y, x, dimensions));
  Value zeros = b.zeros(x);
  Value ties = sum(b, b.select(attains, b.constant(1.0, x), zeros), dimensions);
  Value share = expand(b, b.div(g, ties), x, dimensions);
  return b.select(attains, share, zeros);
}

/// The product of the other elements, right where some are zero too: of one
/// zero among them it is zero for all but that one, of two for all.
static Value product(AdjointBuilder &b, ReduceOp op, Value g) {
  Value x = op.getInput();
  ArrayRef<int64_t> dimensions = op.getDimensions();
  Value one = b.constant(1.0, x);
  Value isZero = b.compare(Predicate::OEQ, x, b.zeros(x));
  Value nonZero = b.select(isZero, one, x);
  Value zeroCount = sum(b, b.select(isZero, one, b.zeros(x)), dimensions);
  Value scaled = b.mul(g, reduce(b, ReduceKind::prod, nonZero, dimensions));
  Value ofZero = b.keepWhere(scaled, zeroCount, Predicate::OEQ, 1.0);
  Value ofNonZero = b.keepWhere(scaled, zeroCount, Predicate::OEQ, 0.0);
  Value others = b.div(expand(b, ofNonZero, x, dimensions), nonZero);
  return b.select(isZero, expand(b, ofZero, x, dimensions), others);
}

static Value reduceRule(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<ReduceOp>();
  ArrayRef<int64_t> dimensions = op.getDimensions();
  switch (op.getKind()) {
  case ReduceKind::sum:
    return expand(b, g, x, dimensions);
  case ReduceKind::mean: {
    auto type = cast<FloatType>(getElementTypeOrSelf(g.getType()));
    Value count = b.splat(b.count(x, dimensions, type), g);
    return expand(b, b.div(g, count), x, dimensions);
  }
  case ReduceKind::max:
  case ReduceKind::min:
    return extremum(b, op, g);
  case ReduceKind::prod:
    return product(b, op, g);
  }
  llvm_unreachable("every kind is handled");
}

void nn::attachReductionAdjoints(MLIRContext *context) {
  BroadcastOp::attachInterface<UnaryAdjoint<BroadcastOp, broadcastRule>>(
      *context);
  ReduceOp::attachInterface<UnaryAdjoint<ReduceOp, reduceRule>>(*context);
}
