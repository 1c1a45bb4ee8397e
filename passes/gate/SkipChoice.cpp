//===- SkipChoice.cpp - Samples that skip a block -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/gate/SkipChoice.h"

#include "dialects/frac/FracDialect.h"
#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "runtime/frac_runtime.h"

using namespace mlir;
using namespace frac;
using Predicate = arith::CmpFPredicate;

/// `vector` along dimension `dimension` of a tensor shaped as `like`.
static Value expand(AdjointBuilder &b, Value vector, Value like,
                    int64_t dimension) {
  return nn::BroadcastOp::create(b, like.getType(), vector,
                                 b.dynamicSizes(like),
                                 ArrayRef<int64_t>{dimension});
}

static Value sum(AdjointBuilder &b, Value tensor, int64_t dimension) {
  auto type = cast<RankedTensorType>(tensor.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape.erase(shape.begin() + dimension);
  return nn::ReduceOp::create(b, type.clone(shape), nn::ReduceKind::sum, tensor,
                              ArrayRef<int64_t>{dimension});
}

/// The number of rank 0 in every element of a tensor shaped as `like`.
static Value repeat(AdjointBuilder &b, Value number, Value like) {
  return b.splat(tensor::ExtractOp::create(b, number), like);
}

/// 1 where `a predicate b`, else 0.
static Value indicate(AdjointBuilder &b, Predicate predicate, Value x,
                      Value bound) {
  return b.select(b.compare(predicate, x, bound), b.constant(1, x), b.zeros(x));
}

static Value invert(AdjointBuilder &b, Value share) {
  return b.sub(b.constant(1, share), share);
}

Value frac::allowForced(AdjointBuilder &b, Value forced,
                        ArrayRef<int64_t> candidates) {
  for (int64_t candidate : candidates) {
    Value isThis =
        b.compare(Predicate::OEQ, forced,
                  b.constant(static_cast<double>(candidate), forced));
    forced = b.select(isThis, b.constant(-1, forced), forced);
  }
  return forced;
}

SkipChoice frac::buildSkipChoice(AdjointBuilder &b, const GateNumbers &numbers,
                                 Value scores, Value choice, Value forced,
                                 ArrayRef<int64_t> skips) {
  auto type = cast<RankedTensorType>(choice.getType());
  SmallVector<float> isRun(type.getDimSize(1), 1);
  for (int64_t skip : skips)
    isRun[skip] = 0;
  auto row = RankedTensorType::get(type.getShape().take_back(), b.getF32Type());
  Value run = arith::ConstantOp::create(
      b, DenseElementsAttr::get(row, ArrayRef<float>(isRun)));
  run = expand(b, run, choice, 1);

  SkipChoice result;
  Value chosen = b.mul(choice, run);
  Value share = sum(b, chosen, 1);
  Value zeros = b.zeros(share);
  result.runs = indicate(b, Predicate::OGT, share, zeros);

  Value samples = precision::SampleRowsOp::create(b, b.constant(1, share),
                                                  numbers.sampling);
  Value trains = indicate(b, Predicate::OGT, samples, zeros);
  Value isFree = indicate(b, Predicate::OLT, repeat(b, forced, share), zeros);
  result.evaluated = b.select(b.compare(Predicate::OGT, result.runs, zeros),
                              result.runs, b.mul(trains, isFree));
  result.share = b.mul(result.evaluated, share);

  Value count = repeat(b, sum(b, result.runs, 0), share);
  result.ranged = b.select(b.compare(Predicate::OGT, count, zeros), result.runs,
                           result.evaluated);

  // The best of those that run: the others have the score -1.
  Value others = b.sub(b.mul(scores, run), invert(b, run));
  Value best =
      precision::ChooseOp::create(b, others, allowForced(b, forced, skips));
  best = indicate(b, Predicate::OGT, best, b.zeros(best));
  Value skipped = invert(b, result.runs);
  result.width =
      b.add(b.div(chosen, expand(b, b.add(share, skipped), choice, 0)),
            b.mul(best, expand(b, skipped, choice, 0)));
  Value besides = b.mul(result.evaluated, skipped);
  result.besides = b.mul(best, expand(b, besides, choice, 0));
  return result;
}

Value frac::mergeSkipped(const GatedBlock &block, Value share) {
  OpBuilder builder(share.getContext());
  builder.setInsertionPointAfterValue(block.exit);
  AdjointBuilder b(block.exit.getLoc(), builder);
  Value exit = block.exit;
  SmallVector<OpOperand *> readers =
      llvm::map_to_vector(exit.getUses(), [](OpOperand &use) { return &use; });
  Value skipped = block.entry;
  if (exit != block.sum) {
    IRMapping mapping;
    mapping.map(block.sum, block.entry);
    skipped = b.clone(*exit.getDefiningOp(), mapping)->getResult(0);
  }
  Value ran = b.mul(exit, expand(b, share, exit, 0));
  Value rest = b.mul(skipped, expand(b, invert(b, share), exit, 0));
  Value merged = b.add(ran, rest);
  for (OpOperand *reader : readers)
    reader->set(merged);
  return merged;
}
