//===- LowerConvolution.cpp - Convolutions to channels-last ones ----------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/AffineMap.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Patterns.h"

using namespace mlir;
using namespace frac;

namespace {

/// (N, C, spatial...) to (N, spatial..., C).
SmallVector<int64_t> getToChannelsLast(int64_t rank) {
  SmallVector<int64_t> permutation{0};
  for (int64_t dim = 2; dim < rank; ++dim)
    permutation.push_back(dim);
  permutation.push_back(1);
  return permutation;
}

Value createTranspose(OpBuilder &builder, Location loc, Value input,
                      ArrayRef<int64_t> permutation) {
  auto type = cast<RankedTensorType>(input.getType());
  SmallVector<int64_t> shape = applyPermutation(type.getShape(), permutation);
  return nn::TransposeOp::create(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), input,
      permutation);
}

/// conv in ONNX order -> transposes around a channels-last one. Where
/// `frac-assign-layout` ran there is nothing to do.
template <typename OpT>
struct MakeChannelsLast : OpRewritePattern<OpT> {
  using OpRewritePattern<OpT>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpT op,
                                PatternRewriter &rewriter) const override {
    if (op.isChannelsLast())
      return rewriter.notifyMatchFailure(op, "is channels-last");
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<int64_t> permutation = getToChannelsLast(type.getRank());
    SmallVector<Value> operands;
    for (auto [index, operand] : llvm::enumerate(op->getOperands()))
      operands.push_back(
          op.isImageOperand(index)
              ? createTranspose(rewriter, loc, operand, permutation)
              : operand);
    bool imageResult = op.isImageResult(0);
    RankedTensorType newType = type;
    if (imageResult)
      newType =
          RankedTensorType::get(applyPermutation(type.getShape(), permutation),
                                type.getElementType());
    auto channelsLast =
        OpT::create(rewriter, loc, newType, operands, op->getAttrs());
    channelsLast.setImagesChannelsLast(true);
    Value result = channelsLast.getResult();
    if (imageResult)
      result = createTranspose(rewriter, loc, result,
                               invertPermutationVector(permutation));
    rewriter.replaceOp(op, result);
    return success();
  }
};

} // namespace

void frac::populateConvolutionLowering(RewritePatternSet &patterns) {
  patterns
      .add<MakeChannelsLast<nn::ConvOp>, MakeChannelsLast<nn::ConvInputGradOp>,
           MakeChannelsLast<nn::ConvWeightGradOp>>(patterns.getContext());
}
