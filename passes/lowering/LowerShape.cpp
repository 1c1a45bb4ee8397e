//===- LowerShape.cpp - Broadcast, transpose and reshape to loops ---------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Patterns.h"

#include <utility>

using namespace mlir;
using namespace frac;

namespace {

SmallVector<Value> yieldFirst(OpBuilder &, Location, ValueRange arguments) {
  return {arguments[0]};
}

/// The input without those of its dimensions of extent 1 that `stretched`
/// names.
Value dropUnitDims(OpBuilder &builder, Location loc, Value input,
                   ArrayRef<int64_t> stretched) {
  if (stretched.empty())
    return input;
  auto type = cast<RankedTensorType>(input.getType());
  SmallVector<ReassociationIndices> groups;
  SmallVector<int64_t> shape;
  ReassociationIndices leading;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (llvm::is_contained(stretched, dim)) {
      (groups.empty() ? leading : groups.back()).push_back(dim);
      continue;
    }
    groups.emplace_back(std::exchange(leading, {}));
    groups.back().push_back(dim);
    shape.push_back(type.getDimSize(dim));
  }
  return tensor::CollapseShapeOp::create(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), input,
      groups);
}

struct LowerBroadcast : OpRewritePattern<nn::BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::BroadcastOp op,
                                PatternRewriter &rewriter) const override {
    auto inputType = cast<RankedTensorType>(op.getInput().getType());
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<int64_t> stretched, loops;
    for (auto [dim, resultDim] : llvm::enumerate(op.getDimensions())) {
      if (inputType.getDimSize(dim) == 1)
        stretched.push_back(dim);
      else
        loops.push_back(resultDim);
    }
    Value input = dropUnitDims(rewriter, op.getLoc(), op.getInput(), stretched);
    AffineMap map = getProjection(rewriter.getContext(), type.getRank(), loops);
    rewriter.replaceOp(op, createMap(rewriter, op.getLoc(), type,
                                     op.getDynamicSizes(), {{input, map}},
                                     yieldFirst));
    return success();
  }
};

struct LowerTranspose : OpRewritePattern<nn::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<int64_t> permutation(op.getPermutation());
    SmallVector<int64_t> inverse = invertPermutationVector(permutation);
    SmallVector<Value> sizes;
    for (int64_t dim : permutation)
      if (cast<RankedTensorType>(op.getInput().getType()).isDynamicDim(dim))
        sizes.push_back(createDim(rewriter, loc, op.getInput(), dim));
    AffineMap map =
        getProjection(rewriter.getContext(), type.getRank(), inverse);
    rewriter.replaceOp(op, createMap(rewriter, loc, type, sizes,
                                     {{op.getInput(), map}}, yieldFirst));
    return success();
  }
};

struct LowerReshape : OpRewritePattern<nn::ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::ReshapeOp op,
                                PatternRewriter &rewriter) const override {
    auto source = cast<RankedTensorType>(op.getInput().getType());
    auto target = cast<RankedTensorType>(op.getType());
    Value input = op.getInput();
    if (source == target) {
      rewriter.replaceOp(op, input);
      return success();
    }
    if (source.getRank() != target.getRank()) {
      if (auto groups = getReassociationIndicesForReshape(source, target)) {
        rewriter.replaceOp(op, regroup(rewriter, op, input, target, *groups));
        return success();
      }
    }
    // Any other way leads through one dimension.
    int64_t count = 1;
    for (int64_t extent : source.getShape())
      count = ShapedType::isDynamic(extent) || ShapedType::isDynamic(count)
                  ? ShapedType::kDynamic
                  : count * extent;
    auto line = RankedTensorType::get({count}, source.getElementType());
    if (source.getRank() != 1)
      input = regroup(rewriter, op, input, line, wholeGroup(source.getRank()));
    if (target.getRank() != 1)
      input =
          regroup(rewriter, op, input, target, wholeGroup(target.getRank()));
    rewriter.replaceOp(op, input);
    return success();
  }

private:
  static SmallVector<ReassociationIndices> wholeGroup(int64_t rank) {
    if (rank == 0)
      return {};
    return {llvm::to_vector<2>(llvm::seq<int64_t>(0, rank))};
  }

  static Value regroup(OpBuilder &builder, nn::ReshapeOp op, Value input,
                       RankedTensorType target,
                       ArrayRef<ReassociationIndices> groups) {
    Location loc = op.getLoc();
    auto source = cast<RankedTensorType>(input.getType());
    if (source.getRank() > target.getRank())
      return tensor::CollapseShapeOp::create(builder, loc, target, input,
                                             groups);
    SmallVector<OpFoldResult> shape;
    for (int64_t dim = 0; dim < target.getRank(); ++dim) {
      if (target.isDynamicDim(dim))
        shape.push_back(createDim(builder, loc, op.getResult(), dim));
      else
        shape.push_back(builder.getIndexAttr(target.getDimSize(dim)));
    }
    return tensor::ExpandShapeOp::create(builder, loc, target, input, groups,
                                         shape);
  }
};

} // namespace

void frac::populateShapeLowering(RewritePatternSet &patterns) {
  patterns.add<LowerBroadcast, LowerTranspose, LowerReshape>(
      patterns.getContext());
}
