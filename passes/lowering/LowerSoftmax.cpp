//===- LowerSoftmax.cpp - Softmax and the choice of a class to loops ------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Patterns.h"

#include <limits>

using namespace mlir;
using namespace frac;

namespace {

/// What softmax and its logarithm share: the input minus its maximum along the
/// dimension, the exponentials of that, and their sum.
class SoftmaxLoops {
public:
  SoftmaxLoops(OpBuilder &builder, Location loc, Value input, int64_t dim)
      : builder(builder), loc(loc), dim(dim),
        type(cast<RankedTensorType>(input.getType())) {
    SmallVector<int64_t> shape(type.getShape());
    shape.erase(shape.begin() + dim);
    reducedType = RankedTensorType::get(shape, type.getElementType());
    for (int64_t other : getOtherDims(type.getRank(), dim))
      if (type.isDynamicDim(other))
        reducedSizes.push_back(createDim(builder, loc, input, other));

    Value largest = reduce(input, -std::numeric_limits<double>::infinity(),
                           [](OpBuilder &b, Location l, ValueRange v) {
                             return SmallVector<Value>{
                                 arith::MaximumFOp::create(b, l, v[1], v[0])};
                           });
    shifted =
        combine(input, largest, [](OpBuilder &b, Location l, ValueRange v) {
          return SmallVector<Value>{arith::SubFOp::create(b, l, v[0], v[1])};
        });
    exponentials = createMapLike(
        builder, loc, shifted, type.getElementType(), shifted,
        [](OpBuilder &b, Location l, ValueRange v) {
          return SmallVector<Value>{math::ExpOp::create(b, l, v[0])};
        });
    sum = reduce(exponentials, 0, [](OpBuilder &b, Location l, ValueRange v) {
      return SmallVector<Value>{createReassociableAdd(b, l, v[1], v[0])};
    });
  }

  /// A tensor like the input from one like it and one without the dimension.
  Value combine(Value whole, Value reduced, BodyBuilder body) const {
    unsigned rank = type.getRank();
    AffineMap projection =
        getProjection(builder.getContext(), rank, getOtherDims(rank, dim));
    return createMap(
        builder, loc, type, createDynamicDims(builder, loc, whole),
        {{whole, builder.getMultiDimIdentityMap(rank)}, {reduced, projection}},
        body);
  }

  Value shifted, exponentials, sum;

private:
  Value reduce(Value input, double neutral, BodyBuilder body) const {
    Value number = createNumber(builder, loc, type.getElementType(), neutral);
    Value init = createFilled(builder, loc, reducedType, reducedSizes, number);
    return createReduction(
               builder, loc, type.getRank(), dim,
               {{input, builder.getMultiDimIdentityMap(type.getRank())}}, init,
               body)
        .front();
  }

  OpBuilder &builder;
  Location loc;
  int64_t dim;
  RankedTensorType type;
  RankedTensorType reducedType;
  SmallVector<Value> reducedSizes;
};

struct LowerSoftmax : OpRewritePattern<nn::SoftmaxOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::SoftmaxOp op,
                                PatternRewriter &rewriter) const override {
    SoftmaxLoops loops(rewriter, op.getLoc(), op.getInput(), op.getDimension());
    rewriter.replaceOp(
        op, loops.combine(loops.exponentials, loops.sum,
                          [](OpBuilder &b, Location l, ValueRange v) {
                            return SmallVector<Value>{
                                arith::DivFOp::create(b, l, v[0], v[1])};
                          }));
    return success();
  }
};

struct LowerLogSoftmax : OpRewritePattern<nn::LogSoftmaxOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::LogSoftmaxOp op,
                                PatternRewriter &rewriter) const override {
    SoftmaxLoops loops(rewriter, op.getLoc(), op.getInput(), op.getDimension());
    Value logarithm = createMapLike(
        rewriter, op.getLoc(), loops.sum,
        cast<RankedTensorType>(op.getType()).getElementType(), loops.sum,
        [](OpBuilder &b, Location l, ValueRange v) {
          return SmallVector<Value>{math::LogOp::create(b, l, v[0])};
        });
    rewriter.replaceOp(
        op, loops.combine(loops.shifted, logarithm,
                          [](OpBuilder &b, Location l, ValueRange v) {
                            return SmallVector<Value>{
                                arith::SubFOp::create(b, l, v[0], v[1])};
                          }));
    return success();
  }
};

/// result[n] = input[n, labels[n]], 0 where there is no such class.
struct LowerPick : OpRewritePattern<nn::PickOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::PickOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    Value classes = createDim(rewriter, loc, op.getInput(), 1);
    Value result = createMap(
        rewriter, loc, type, createDynamicDims(rewriter, loc, op.getLabels()),
        {{op.getLabels(), rewriter.getMultiDimIdentityMap(1)}},
        [&](OpBuilder &b, Location l, ValueRange v) {
          Value label =
              arith::IndexCastOp::create(b, l, b.getIndexType(), v[0]);
          Value row = linalg::IndexOp::create(b, l, 0);
          Value column = createClampedIndex(b, l, label, classes);
          Value element = tensor::ExtractOp::create(b, l, op.getInput(),
                                                    ValueRange{row, column});
          Value zero = createNumber(b, l, type.getElementType(), 0);
          Value valid = createInBounds(b, l, label, classes);
          return SmallVector<Value>{
              arith::SelectOp::create(b, l, valid, element, zero)};
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// result[n, c] = input[n] where c is labels[n], else 0.
struct LowerUnpick : OpRewritePattern<nn::UnpickOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::UnpickOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    AffineMap rows = getProjection(rewriter.getContext(), 2, 0);
    Value result = createMap(
        rewriter, loc, type, createDynamicDims(rewriter, loc, op.getInput()),
        {{op.getInput(), rows}, {op.getLabels(), rows}},
        [&](OpBuilder &b, Location l, ValueRange v) {
          Value label =
              arith::IndexCastOp::create(b, l, b.getIndexType(), v[1]);
          Value column = linalg::IndexOp::create(b, l, 1);
          Value hit = arith::CmpIOp::create(b, l, arith::CmpIPredicate::eq,
                                            column, label);
          Value zero = createNumber(b, l, type.getElementType(), 0);
          return SmallVector<Value>{
              arith::SelectOp::create(b, l, hit, v[0], zero)};
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

} // namespace

void frac::populateSoftmaxLowering(RewritePatternSet &patterns) {
  patterns.add<LowerSoftmax, LowerLogSoftmax, LowerPick, LowerUnpick>(
      patterns.getContext());
}
