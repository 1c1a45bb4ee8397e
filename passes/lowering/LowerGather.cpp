//===- LowerGather.cpp - Gather and its adjoint to loops ------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Patterns.h"

using namespace mlir;
using namespace frac;

namespace {

/// The place that `number` means in a dimension: negative ones count from the
/// end, and what lies outside is clamped.
Value createPlace(OpBuilder &b, Location loc, Value number, Value extent) {
  Value index = arith::IndexCastOp::create(b, loc, b.getIndexType(), number);
  Value fromEnd = arith::AddIOp::create(b, loc, index, extent);
  Value negative = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt,
                                         index, createIndex(b, loc, 0));
  Value place = arith::SelectOp::create(b, loc, negative, fromEnd, index);
  return createClampedIndex(b, loc, place, extent);
}

struct LowerGather : OpRewritePattern<nn::GatherOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::GatherOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value input = op.getInput(), indices = op.getIndices();
    auto type = cast<RankedTensorType>(op.getType());
    int64_t indexRank = cast<RankedTensorType>(indices.getType()).getRank();
    int64_t dim = op.getDimension();
    Value extent = createDim(rewriter, loc, input, dim);

    SmallVector<Value> sizes;
    SmallVector<int64_t> indexLoops;
    for (int64_t i = 0; i < type.getRank(); ++i) {
      bool fromIndices = i >= dim && i < dim + indexRank;
      if (fromIndices)
        indexLoops.push_back(i);
      if (!type.isDynamicDim(i))
        continue;
      sizes.push_back(fromIndices ? createDim(rewriter, loc, indices, i - dim)
                                  : createDim(rewriter, loc, input,
                                              i < dim ? i : i - indexRank + 1));
    }
    Value result = createMap(
        rewriter, loc, type, sizes,
        {{indices,
          getProjection(rewriter.getContext(), type.getRank(), indexLoops)}},
        [&](OpBuilder &b, Location l, ValueRange v) {
          SmallVector<Value> loops = createLoopIndices(b, l, type.getRank());
          SmallVector<Value> place(loops.begin(), loops.begin() + dim);
          place.push_back(createPlace(b, l, v[0], extent));
          place.append(loops.begin() + dim + indexRank, loops.end());
          return SmallVector<Value>{
              tensor::ExtractOp::create(b, l, input, place)};
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// Every element of the result is a sum over all indices, of the updates whose
/// index names its place. The order of the sum is that of the indices, for any
/// number of threads.
struct LowerScatterAdd : OpRewritePattern<nn::ScatterAddOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::ScatterAddOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value updates = op.getUpdates(), indices = op.getIndices();
    auto type = cast<RankedTensorType>(op.getType());
    int64_t indexRank = cast<RankedTensorType>(indices.getType()).getRank();
    int64_t dim = op.getDimension();
    MLIRContext *context = rewriter.getContext();

    // Loops: the result's dimensions up to `dim`, one an index dimension, the
    // rest of the result's.
    unsigned loops = type.getRank() + indexRank;
    SmallVector<int64_t> updateLoops, indexLoops;
    for (int64_t i = 0; i < static_cast<int64_t>(loops); ++i) {
      if (i > dim && i <= dim + indexRank)
        indexLoops.push_back(i);
      if (i != dim)
        updateLoops.push_back(i);
    }
    auto indexNumber =
        cast<RankedTensorType>(indices.getType()).getElementType();
    Value zero = createNumber(rewriter, loc, type.getElementType(), 0);
    Value init = createFilled(rewriter, loc, type, op.getDynamicSizes(), zero);
    Value extent = createDim(rewriter, loc, init, dim);
    Value places = createMapLike(
        rewriter, loc, indices, indexNumber, indices,
        [&](OpBuilder &b, Location l, ValueRange v) {
          return SmallVector<Value>{arith::IndexCastOp::create(
              b, l, indexNumber, createPlace(b, l, v[0], extent))};
        });
    Value result =
        createReduction(rewriter, loc, loops, indexLoops,
                        {{updates, getProjection(context, loops, updateLoops)},
                         {places, getProjection(context, loops, indexLoops)}},
                        init,
                        [&](OpBuilder &b, Location l, ValueRange v) {
                          Value row = arith::IndexCastOp::create(
                              b, l, indexNumber,
                              linalg::IndexOp::create(b, l, dim));
                          Value hit = arith::CmpIOp::create(
                              b, l, arith::CmpIPredicate::eq, row, v[1]);
                          Value sum = arith::AddFOp::create(b, l, v[2], v[0]);
                          return SmallVector<Value>{
                              arith::SelectOp::create(b, l, hit, sum, v[2])};
                        })
            .front();
    rewriter.replaceOp(op, result);
    return success();
  }
};

} // namespace

void frac::populateGatherLowering(RewritePatternSet &patterns) {
  patterns.add<LowerGather, LowerScatterAdd>(patterns.getContext());
}
