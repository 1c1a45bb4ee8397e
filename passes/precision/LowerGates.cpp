//===- LowerGates.cpp - Gates to loops ------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/precision/LowerGates.h"

#include "dialects/frac/FracDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/precision/GridStep.h"

using namespace mlir;
using namespace frac;

namespace {

struct LowerChoose : OpRewritePattern<precision::ChooseOp> {
  using OpRewritePattern::OpRewritePattern;

  /// The number of candidates j that beat candidate k: larger ones, and
  /// earlier ones that are not smaller.
  LogicalResult matchAndRewrite(precision::ChooseOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getScores().getType());
    MLIRContext *context = op.getContext();
    AffineMap own = getProjection(context, 3, {0, 1});
    AffineMap other = getProjection(context, 3, {0, 2});
    Value none = createFilled(
        rewriter, loc, type, createDynamicDims(rewriter, loc, op.getScores()),
        createNumber(rewriter, loc, type.getElementType(), 0));
    Value beaten =
        createReduction(
            rewriter, loc, 3, {2},
            {{op.getScores(), own}, {op.getScores(), other}}, none,
            [](OpBuilder &b, Location l, ValueRange v) {
              SmallVector<Value> indices = createLoopIndices(b, l, 3);
              using Float = arith::CmpFPredicate;
              Value isEarlier = arith::CmpIOp::create(
                  b, l, arith::CmpIPredicate::ult, indices[2], indices[1]);
              Value isLarger =
                  arith::CmpFOp::create(b, l, Float::OGT, v[1], v[0]);
              Value isNotSmaller =
                  arith::CmpFOp::create(b, l, Float::UGE, v[1], v[0]);
              Value beats = arith::SelectOp::create(b, l, isEarlier,
                                                    isNotSmaller, isLarger);
              Value one = arith::UIToFPOp::create(b, l, v[0].getType(), beats);
              return SmallVector<Value>{arith::AddFOp::create(b, l, v[2], one)};
            })
            .front();
    Value forced = tensor::ExtractOp::create(rewriter, loc, op.getForced());
    Value choice = createMapLike(
        rewriter, loc, op.getScores(), type.getElementType(), beaten,
        [&](OpBuilder &b, Location l, ValueRange v) {
          using Float = arith::CmpFPredicate;
          Type number = v[0].getType();
          Value zero = createNumber(b, l, number, 0);
          Value column = createLoopIndices(b, l, 2)[1];
          Value place = arith::SIToFPOp::create(
              b, l, number,
              arith::IndexCastOp::create(b, l, b.getI64Type(), column));
          Value isNamed =
              arith::CmpFOp::create(b, l, Float::OEQ, place, forced);
          Value isBest = arith::CmpFOp::create(b, l, Float::OEQ, v[0], zero);
          Value isForced =
              arith::CmpFOp::create(b, l, Float::OGE, forced, zero);
          Value wins = arith::SelectOp::create(b, l, isForced, isNamed, isBest);
          return SmallVector<Value>{
              arith::UIToFPOp::create(b, l, number, wins)};
        });
    rewriter.replaceOp(op, choice);
    return success();
  }
};

/// The grid of a candidate: its steps, their length, and one over that.
struct CandidateGrid {
  Value levels, scale, inverse;
};

CandidateGrid createGrid(OpBuilder &b, Location loc, Value bits, Value low,
                         Value high) {
  Type number = bits.getType();
  Value one = createNumber(b, loc, number, 1);
  Value power = math::Exp2Op::create(b, loc, bits);
  Value levels = arith::SubFOp::create(b, loc, power, one);
  // Of no bits there is no grid; this one keeps its numbers finite.
  levels = arith::MaximumFOp::create(b, loc, levels, one);
  Value scale = createGridStep(b, loc, low, high, levels);
  return {levels, scale, arith::DivFOp::create(b, loc, one, scale)};
}

/// x on the grid.
Value quantize(OpBuilder &b, Location loc, Value x, Value low,
               const CandidateGrid &grid) {
  Value centered = arith::SubFOp::create(b, loc, x, low);
  Value place = arith::MulFOp::create(b, loc, centered, grid.inverse);
  place = arith::MinimumFOp::create(b, loc, place, grid.levels);
  Value rounded = math::RoundEvenOp::create(b, loc, place);
  Value scaled = arith::MulFOp::create(b, loc, rounded, grid.scale);
  return arith::AddFOp::create(b, loc, scaled, low);
}

/// Which samples train the gates: those that leave the remainder `phase` when
/// divided by `period`.
struct Sampling {
  Value period, phase;

  Sampling(OpBuilder &builder, Location loc, Value numbers) {
    auto get = [&](int64_t place) -> Value {
      Value value = tensor::ExtractOp::create(builder, loc, numbers,
                                              createIndex(builder, loc, place));
      return arith::FPToSIOp::create(builder, loc, builder.getI64Type(), value);
    };
    period = get(0);
    phase = get(1);
  }

  /// Whether it is such a sample, in a loop nest of `rank` dimensions the first
  /// of which is the samples.
  Value isSampled(OpBuilder &b, Location loc, int64_t rank) const {
    Value row = arith::IndexCastOp::create(b, loc, b.getI64Type(),
                                           createLoopIndices(b, loc, rank)[0]);
    Value rest = arith::RemUIOp::create(b, loc, row, period);
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, rest, phase);
  }

  /// `value` for such a sample, else 0, in such a nest.
  Value keep(OpBuilder &b, Location loc, int64_t rank, Value value) const {
    return arith::SelectOp::create(b, loc, isSampled(b, loc, rank), value,
                                   createNumber(b, loc, value.getType(), 0));
  }
};

struct LowerMixGrad : OpRewritePattern<precision::MixGradOp> {
  using OpRewritePattern::OpRewritePattern;

  /// One pass over both tensors, with a sum for each candidate. It adds nothing
  /// for samples that do not train the gates, which code generation takes out
  /// of the loop over a sample's elements.
  LogicalResult matchAndRewrite(precision::MixGradOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getInput().getType());
    auto result = cast<RankedTensorType>(op.getType());
    Type number = type.getElementType();
    int64_t count = result.getDimSize(1);
    Value low = tensor::ExtractOp::create(rewriter, loc, op.getLow());
    Value high = tensor::ExtractOp::create(rewriter, loc, op.getHigh());
    SmallVector<CandidateGrid> grids;
    SmallVector<Value> inits;
    auto sums = RankedTensorType::get({type.getDimSize(0)}, number);
    SmallVector<Value> sizes;
    if (sums.isDynamicDim(0))
      sizes.push_back(createDim(rewriter, loc, op.getInput(), 0));
    Value zero = createNumber(rewriter, loc, number, 0);
    for (int64_t k = 0; k < count; ++k) {
      Value bits = tensor::ExtractOp::create(rewriter, loc, op.getCandidates(),
                                             createIndex(rewriter, loc, k));
      grids.push_back(createGrid(rewriter, loc, bits, low, high));
      inits.push_back(createFilled(rewriter, loc, sums, sizes, zero));
    }
    int64_t rank = type.getRank();
    AffineMap all = AffineMap::getMultiDimIdentityMap(rank, op.getContext());
    Sampling sampling(rewriter, loc, op.getSampling());
    SmallVector<Value> products = createReduction(
        rewriter, loc, rank, llvm::to_vector(llvm::seq<int64_t>(1, rank)),
        {{op.getError(), all}, {op.getInput(), all}}, inits,
        [&](OpBuilder &b, Location l, ValueRange v) {
          SmallVector<Value> updated;
          Value isSampled = sampling.isSampled(b, l, rank);
          for (auto [grid, sum] : llvm::zip_equal(grids, v.drop_front(2))) {
            Value x = quantize(b, l, v[1], low, grid);
            Value more = createReassociableAdd(
                b, l, sum, arith::MulFOp::create(b, l, v[0], x));
            updated.push_back(
                arith::SelectOp::create(b, l, isSampled, more, sum));
          }
          return updated;
        });
    rewriter.replaceOp(op, join(rewriter, op, products, sizes));
    return success();
  }

private:
  /// The sums side by side, with 0 for candidates that have no grid.
  static Value join(OpBuilder &builder, precision::MixGradOp op,
                    ArrayRef<Value> products, ValueRange sizes) {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<MappedTensor> inputs;
    for (Value product : products)
      inputs.push_back({product, getProjection(op.getContext(), 2, {0})});
    inputs.push_back(
        {op.getCandidates(), getProjection(op.getContext(), 2, {1})});
    return createMap(
        builder, loc, type, sizes, inputs,
        [&](OpBuilder &b, Location l, ValueRange v) {
          Value column = createLoopIndices(b, l, 2)[1];
          ValueRange sums = v.take_front(products.size());
          Value chosen = sums.front();
          for (auto [k, sum] : llvm::enumerate(sums.drop_front())) {
            Value isThis = arith::CmpIOp::create(
                b, l, arith::CmpIPredicate::eq, column,
                createIndex(b, l, static_cast<int64_t>(k) + 1));
            chosen = arith::SelectOp::create(b, l, isThis, sum, chosen);
          }
          Value least = createNumber(b, l, chosen.getType(),
                                     static_cast<double>(precision::minBits));
          Value hasGrid = arith::CmpFOp::create(b, l, arith::CmpFPredicate::OGE,
                                                v[products.size()], least);
          return SmallVector<Value>{arith::SelectOp::create(
              b, l, hasGrid, chosen, createNumber(b, l, chosen.getType(), 0))};
        });
  }
};

struct LowerSampleRows : OpRewritePattern<precision::SampleRowsOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(precision::SampleRowsOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    Sampling sampling(rewriter, loc, op.getSampling());
    Value rows = createMapLike(
        rewriter, loc, op.getInput(), type.getElementType(), op.getInput(),
        [&](OpBuilder &b, Location l, ValueRange v) {
          Value times =
              arith::SIToFPOp::create(b, l, v[0].getType(), sampling.period);
          Value scaled = arith::MulFOp::create(b, l, v[0], times);
          return SmallVector<Value>{
              sampling.keep(b, l, type.getRank(), scaled)};
        });
    rewriter.replaceOp(op, rows);
    return success();
  }
};

/// What says something of gradients alone is its input once they are built.
template <typename Op>
struct ErasePassing : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, op.getInput());
    return success();
  }
};

} // namespace

void frac::populateLowerGates(RewritePatternSet &patterns) {
  patterns.add<LowerChoose, LowerMixGrad, LowerSampleRows,
               ErasePassing<precision::SampleGradientOp>,
               ErasePassing<precision::ScaleGradientOp>>(patterns.getContext());
}
