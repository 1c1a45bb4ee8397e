//===- GateCost.cpp - What the choices of gates cost ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/gate/GateCost.h"

#include "dialects/nn/NNDialect.h"
#include "runtime/frac_runtime.h"

using namespace mlir;
using namespace frac;

/// Cost of a depthwise multiply-accumulate in the three passes together, as a
/// part of one in float: 8 x 8, 8 x 16 and 8 x 16 bits.
static constexpr double depthwiseCost = (64 + 128 + 128) / 1024.0;

/// `count` numbers of the vector `vector` from `first` on.
static Value slice(AdjointBuilder &b, Value vector, int64_t first,
                   int64_t count) {
  return nn::SliceOp::create(b, RankedTensorType::get({count}, b.getF32Type()),
                             vector, ArrayRef<int64_t>{first},
                             ArrayRef<int64_t>{1});
}

GateNumbers::GateNumbers(AdjointBuilder &b, Value gates, int64_t candidates)
    : gates(gates) {
  costs = slice(b, gates, FRAC_GATE_SIZE, candidates);
  forward = slice(b, gates, FRAC_GATE_SIZE + candidates, candidates);
  backward = slice(b, gates, FRAC_GATE_SIZE + 2 * candidates, candidates);
  sampling = slice(b, gates, FRAC_GATE_PERIOD, 2);
}

Value GateNumbers::get(AdjointBuilder &b, int64_t place) const {
  return nn::ReshapeOp::create(b, RankedTensorType::get({}, b.getF32Type()),
                               slice(b, gates, place, 1));
}

/// The sum of a tensor along dimension 0.
static Value sumRows(AdjointBuilder &b, Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  return nn::ReduceOp::create(b, type.clone(type.getShape().drop_front()),
                              nn::ReduceKind::sum, tensor,
                              ArrayRef<int64_t>{0});
}

/// `count`, of K numbers, as a row of a table.
static Value toRow(AdjointBuilder &b, Value count) {
  auto type = cast<RankedTensorType>(count.getType());
  return nn::ReshapeOp::create(
      b, RankedTensorType::get({1, type.getDimSize(0)}, b.getF32Type()), count);
}

GateCost frac::buildGateCost(AdjointBuilder &b, const GateNumbers &numbers,
                             ArrayRef<GatedBlock> blocks,
                             ArrayRef<Value> choices, ArrayRef<Value> besides) {
  double macs = 0, depthwiseMacs = 0;
  for (const GatedBlock &block : blocks) {
    macs += static_cast<double>(block.macs);
    depthwiseMacs += static_cast<double>(block.depthwiseMacs);
  }
  double mean = macs / static_cast<double>(blocks.size());

  // Cost over the mean of F, and the counts one under the other.
  Value cost;
  SmallVector<Value> counts;
  for (auto [block, choice] : llvm::zip_equal(blocks, choices)) {
    Value count = sumRows(b, choice);
    counts.push_back(toRow(b, count));
    Value chosen = sumRows(b, b.mul(count, numbers.costs));
    Value weighed = b.scale(chosen, static_cast<double>(block.macs) / mean);
    cost = cost ? b.add(cost, weighed) : weighed;
  }
  for (Value choice : besides)
    counts.push_back(toRow(b, sumRows(b, choice)));
  auto rows = RankedTensorType::get(
      {static_cast<int64_t>(counts.size()),
       cast<RankedTensorType>(counts[0].getType()).getDimSize(1)},
      b.getF32Type());
  Value table =
      counts.size() == 1
          ? counts.front()
          : nn::ConcatOp::create(b, rows, counts, /*dimension=*/0).getResult();

  Value samples = b.splat(b.count(choices[0], {0}, b.getF32Type()), cost);
  double fixed = depthwiseMacs * depthwiseCost;
  if (fixed > 0)
    cost = b.add(cost, b.scale(samples, fixed / mean));
  Value percent =
      b.scale(b.div(cost, samples), 100 * mean / (3 * macs + fixed));
  auto isAtLeast = [&](int64_t place) {
    return b.compare(arith::CmpFPredicate::OGE, percent, numbers.get(b, place));
  };
  Value one = b.constant(1, cost);
  Value inside = numbers.get(b, FRAC_GATE_INSIDE);
  Value sign = b.select(isAtLeast(FRAC_GATE_TARGET), inside, b.neg(inside));
  sign = b.select(isAtLeast(FRAC_GATE_HIGH), one, sign);
  sign = b.select(isAtLeast(FRAC_GATE_LOW), sign, b.neg(one));
  Value factor = b.mul(sign, numbers.get(b, FRAC_GATE_BETA));
  return {b.mul(factor, cost), table};
}
