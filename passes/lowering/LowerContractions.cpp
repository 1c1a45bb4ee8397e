//===- LowerContractions.cpp - Contractions to named linalg ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Passes.h"

namespace frac {
#define GEN_PASS_DEF_LOWERCONTRACTIONS
#include "passes/lowering/Passes.h.inc"
} // namespace frac

using namespace mlir;
using namespace frac;

namespace {

/// Zeros of type `type`, whose dynamic extents are `sizes`.
Value createZeros(OpBuilder &builder, Location loc, RankedTensorType type,
                  ValueRange sizes) {
  Value empty = createEmpty(builder, loc, type, sizes);
  Value zero = createNumber(builder, loc, type.getElementType(), 0);
  return linalg::FillOp::create(builder, loc, zero, empty).getResult(0);
}

/// `tensor` with its last two dimensions exchanged, or as it is.
Value createMatrix(OpBuilder &builder, Location loc, Value tensor,
                   bool isTransposed) {
  if (!isTransposed)
    return tensor;
  auto type = cast<RankedTensorType>(tensor.getType());
  auto permutation = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  std::swap(permutation[type.getRank() - 1], permutation[type.getRank() - 2]);
  auto swapped = RankedTensorType::get(
      applyPermutation(type.getShape(), permutation), type.getElementType());
  SmallVector<Value> sizes;
  for (int64_t dim : permutation)
    if (type.isDynamicDim(dim))
      sizes.push_back(createDim(builder, loc, tensor, dim));
  Value empty = createEmpty(builder, loc, swapped, sizes);
  return linalg::TransposeOp::create(builder, loc, tensor, empty, permutation)
      ->getResult(0);
}

struct LowerMatmul : OpRewritePattern<nn::MatmulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::MatmulOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value lhs = createMatrix(rewriter, loc, op.getLhs(), op.getTransposeLhs());
    Value rhs = createMatrix(rewriter, loc, op.getRhs(), op.getTransposeRhs());
    auto type = cast<RankedTensorType>(op.getType());
    Value init = createZeros(rewriter, loc, type,
                             createDynamicDims(rewriter, loc, op.getResult()));
    if (type.getRank() == 2)
      rewriter.replaceOpWithNewOp<linalg::MatmulOp>(op, ValueRange{lhs, rhs},
                                                    init);
    else
      rewriter.replaceOpWithNewOp<linalg::BatchMatmulOp>(
          op, ValueRange{lhs, rhs}, init);
    return success();
  }
};

/// `image` with zeros around it.
Value createPadded(OpBuilder &builder, Location loc, Value image,
                   ArrayRef<int64_t> begin, ArrayRef<int64_t> end) {
  auto isZero = [](int64_t pad) { return pad == 0; };
  if (llvm::all_of(begin, isZero) && llvm::all_of(end, isZero))
    return image;
  auto type = cast<RankedTensorType>(image.getType());
  SmallVector<int64_t> low(2, 0), high(2, 0), shape(type.getShape());
  low.append(begin.begin(), begin.end());
  high.append(end.begin(), end.end());
  SmallVector<OpFoldResult> lowAttrs, highAttrs;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    lowAttrs.push_back(builder.getIndexAttr(low[dim]));
    highAttrs.push_back(builder.getIndexAttr(high[dim]));
    if (!ShapedType::isDynamic(shape[dim]))
      shape[dim] += low[dim] + high[dim];
  }
  return tensor::PadOp::create(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), image,
      lowAttrs, highAttrs,
      createNumber(builder, loc, type.getElementType(), 0));
}

/// `tensor` with dimension `dim` split into `groups` and the rest.
Value createGroups(OpBuilder &builder, Location loc, Value tensor, int64_t dim,
                   int64_t groups) {
  auto type = cast<RankedTensorType>(tensor.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape[dim] /= groups;
  shape.insert(shape.begin() + dim, groups);
  SmallVector<ReassociationIndices> reassociation;
  SmallVector<OpFoldResult> sizes;
  for (int64_t old = 0, next = 0; old < type.getRank(); ++old) {
    ReassociationIndices &parts = reassociation.emplace_back();
    for (int64_t part = 0; part < (old == dim ? 2 : 1); ++part) {
      parts.push_back(next);
      if (ShapedType::isDynamic(shape[next]))
        sizes.push_back(createDim(builder, loc, tensor, old));
      else
        sizes.push_back(builder.getIndexAttr(shape[next]));
      ++next;
    }
  }
  return tensor::ExpandShapeOp::create(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), tensor,
      reassociation, sizes);
}

/// `tensor` with dimension `dim` and the next as one.
Value joinDimensions(OpBuilder &builder, Location loc, Value tensor,
                     int64_t dim) {
  int64_t rank = cast<RankedTensorType>(tensor.getType()).getRank();
  SmallVector<ReassociationIndices> reassociation;
  for (int64_t next = 0; next < rank; ++next)
    if (next == dim + 1)
      reassociation.back().push_back(next);
    else
      reassociation.push_back({next});
  return tensor::CollapseShapeOp::create(builder, loc, tensor, reassociation);
}

struct LowerConv : OpRewritePattern<nn::ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::ConvOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getChannelsLast())
      return rewriter.notifyMatchFailure(op, "is channels-last");
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    auto weights = cast<RankedTensorType>(op.getWeights().getType());
    int64_t rank = type.getRank(), groups = op.getGroups();
    bool isDepthwise = op.isDepthwise() && weights.getDimSize(0) == groups;
    if (groups > 1 && !isDepthwise && rank != 4)
      return rewriter.notifyMatchFailure(op, "has groups, but no name");

    Value image = createPadded(rewriter, loc, op.getInput(), op.getPadsBegin(),
                               op.getPadsEnd());
    Value init = createZeros(rewriter, loc, type,
                             createDynamicDims(rewriter, loc, op.getResult()));
    auto strides = rewriter.getI64TensorAttr(op.getStrides());
    auto dilations = rewriter.getI64TensorAttr(op.getDilations());
    auto create = [&](auto named, Value left, Value right, Value start) {
      return decltype(named)::create(rewriter, loc, start.getType(),
                                     ValueRange{left, right}, start, strides,
                                     dilations)
          ->getResult(0);
    };
    Value filter = op.getWeights(), result;
    if (isDepthwise) {
      filter = joinDimensions(rewriter, loc, filter, 0);
      result =
          rank == 3
              ? create(linalg::DepthwiseConv1DNcwCwOp(), image, filter, init)
          : rank == 4
              ? create(linalg::DepthwiseConv2DNchwChwOp(), image, filter, init)
              : create(linalg::DepthwiseConv3DNcdhwCdhwOp(), image, filter,
                       init);
    } else if (groups > 1) {
      result = create(linalg::Conv2DNgchwGfchwOp(),
                      createGroups(rewriter, loc, image, 1, groups),
                      createGroups(rewriter, loc, filter, 0, groups),
                      createGroups(rewriter, loc, init, 1, groups));
      result = joinDimensions(rewriter, loc, result, 1);
    } else {
      result = rank == 3 ? create(linalg::Conv1DNcwFcwOp(), image, filter, init)
               : rank == 4
                   ? create(linalg::Conv2DNchwFchwOp(), image, filter, init)
                   : create(linalg::Conv3DNcdhwFcdhwOp(), image, filter, init);
    }
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct LowerContractions
    : frac::impl::LowerContractionsBase<LowerContractions> {
  using LowerContractionsBase::LowerContractionsBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<LowerConv, LowerMatmul>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    getOperation().walk([&](Operation *op) {
      if (!isa<nn::ConvOp, nn::ConvInputGradOp, nn::ConvWeightGradOp>(op))
        return;
      (strict ? op->emitError() : op->emitRemark())
          << "left as it is: linalg has no named operation for it";
      if (strict)
        signalPassFailure();
    });
  }
};

} // namespace
