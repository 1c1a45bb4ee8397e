//===- LowerReduce.cpp - Reductions to loops ------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Patterns.h"

#include <limits>

using namespace mlir;
using namespace frac;

namespace {

double getNeutral(nn::ReduceKind kind) {
  switch (kind) {
  case nn::ReduceKind::sum:
  case nn::ReduceKind::mean:
    return 0;
  case nn::ReduceKind::prod:
    return 1;
  case nn::ReduceKind::max:
    return -std::numeric_limits<double>::infinity();
  case nn::ReduceKind::min:
    return std::numeric_limits<double>::infinity();
  }
  llvm_unreachable("all kinds are handled");
}

Value createNeutral(OpBuilder &builder, Location loc, nn::ReduceKind kind,
                    Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer || kind == nn::ReduceKind::sum || kind == nn::ReduceKind::prod)
    return createNumber(builder, loc, type, getNeutral(kind));
  unsigned width = integer.getWidth();
  APInt extreme = kind == nn::ReduceKind::max ? APInt::getSignedMinValue(width)
                                              : APInt::getSignedMaxValue(width);
  return arith::ConstantOp::create(builder, loc,
                                   builder.getIntegerAttr(type, extreme));
}

/// Combines two numbers. Sums and products may be taken in any order.
Value combine(OpBuilder &b, Location loc, nn::ReduceKind kind, Value x,
              Value y) {
  bool isFloat = isa<FloatType>(x.getType());
  switch (kind) {
  case nn::ReduceKind::sum:
  case nn::ReduceKind::mean:
    if (isFloat)
      return createReassociableAdd(b, loc, x, y);
    return arith::AddIOp::create(b, loc, x, y);
  case nn::ReduceKind::prod:
    if (isFloat)
      return arith::MulFOp::create(b, loc, x, y, arith::FastMathFlags::reassoc);
    return arith::MulIOp::create(b, loc, x, y);
  case nn::ReduceKind::max:
    if (isFloat)
      return arith::MaximumFOp::create(b, loc, x, y);
    return arith::MaxSIOp::create(b, loc, x, y);
  case nn::ReduceKind::min:
    if (isFloat)
      return arith::MinimumFOp::create(b, loc, x, y);
    return arith::MinSIOp::create(b, loc, x, y);
  }
  llvm_unreachable("all kinds are handled");
}

struct LowerReduce : OpRewritePattern<nn::ReduceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::ReduceOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value input = op.getInput();
    auto inputType = cast<RankedTensorType>(input.getType());
    auto type = cast<RankedTensorType>(op.getType());
    bool isMean = op.getKind() == nn::ReduceKind::mean;
    auto numberType = dyn_cast<FloatType>(type.getElementType());
    if (isMean && !numberType)
      return rewriter.notifyMatchFailure(op, "mean of integers");

    SmallVector<int64_t> kept =
        getOtherDims(inputType.getRank(), op.getDimensions());
    SmallVector<Value> sizes;
    for (int64_t dim : kept)
      if (inputType.isDynamicDim(dim))
        sizes.push_back(createDim(rewriter, loc, input, dim));
    Value init = createFilled(
        rewriter, loc, type, sizes,
        createNeutral(rewriter, loc, op.getKind(), type.getElementType()));
    Value result =
        createReduction(
            rewriter, loc, inputType.getRank(), op.getDimensions(),
            {{input, rewriter.getMultiDimIdentityMap(inputType.getRank())}},
            init,
            [&](OpBuilder &b, Location l, ValueRange v) {
              return SmallVector<Value>{
                  combine(b, l, op.getKind(), v[1], v[0])};
            })
            .front();
    if (isMean) {
      Value count = createElementCount(rewriter, loc, input, op.getDimensions(),
                                       numberType);
      result = createMapLike(rewriter, loc, result, numberType, result,
                             [&](OpBuilder &b, Location l, ValueRange v) {
                               return SmallVector<Value>{
                                   arith::DivFOp::create(b, l, v[0], count)};
                             });
    }
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// For every element of the result a search through the dimension, which keeps
/// the first of equal elements; NaN counts as largest.
struct LowerArgMax : OpRewritePattern<nn::ArgMaxOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::ArgMaxOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value input = op.getInput();
    auto inputType = cast<RankedTensorType>(input.getType());
    auto type = cast<RankedTensorType>(op.getType());
    int64_t dim = op.getDimension();
    Value extent = createDim(rewriter, loc, input, dim);

    SmallVector<int64_t> kept = getOtherDims(inputType.getRank(), dim);
    bool keepsDim = type.getRank() == inputType.getRank();
    SmallVector<Value> sizes;
    for (int64_t other : kept)
      if (inputType.isDynamicDim(other))
        sizes.push_back(createDim(rewriter, loc, input, other));
    Value result = createMap(
        rewriter, loc, type, sizes, {},
        [&](OpBuilder &b, Location l, ValueRange) {
          SmallVector<Value> indices = createLoopIndices(b, l, type.getRank());
          if (!keepsDim)
            indices.insert(indices.begin() + dim, Value());
          Value zero = createIndex(b, l, 0);
          indices[dim] = zero;
          Value first = tensor::ExtractOp::create(b, l, input, indices);
          Value one = createIndex(b, l, 1);
          auto loop = scf::ForOp::create(
              b, l, one, extent, one, ValueRange{first, zero},
              [&](OpBuilder &inner, Location il, Value place, ValueRange best) {
                indices[dim] = place;
                Value element =
                    tensor::ExtractOp::create(inner, il, input, indices);
                Value better = isGreater(inner, il, element, best[0]);
                Value value = arith::SelectOp::create(inner, il, better,
                                                      element, best[0]);
                Value where =
                    arith::SelectOp::create(inner, il, better, place, best[1]);
                scf::YieldOp::create(inner, il, ValueRange{value, where});
              });
          return SmallVector<Value>{arith::IndexCastOp::create(
              b, l, type.getElementType(), loop.getResult(1))};
        });
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  static Value isGreater(OpBuilder &b, Location loc, Value x, Value y) {
    if (!isa<FloatType>(x.getType()))
      return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sgt, x, y);
    // The first NaN wins: it is not ordered with itself, and once it is the
    // best nothing is greater.
    Value greater =
        arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OGT, x, y);
    Value isNan =
        arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, x, x);
    Value bestIsNumber =
        arith::CmpFOp::create(b, loc, arith::CmpFPredicate::ORD, y, y);
    Value newNan = arith::AndIOp::create(b, loc, isNan, bestIsNumber);
    return arith::OrIOp::create(b, loc, greater, newNan);
  }
};

} // namespace

void frac::populateReduceLowering(RewritePatternSet &patterns) {
  patterns.add<LowerReduce, LowerArgMax>(patterns.getContext());
}
