//===- TransposeAbsorption.cpp - Results in another order -----------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// What can take its operands, or give its result, in any order of dimensions
/// takes the place of a transpose.
///
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/Matchers.h"
#include "passes/layout/TransposeMotion.h"

using namespace mlir;
using namespace frac;

namespace {

struct AbsorbInBroadcast : OpRewritePattern<nn::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto broadcast = op.getInput().getDefiningOp<nn::BroadcastOp>();
    if (!broadcast)
      return rewriter.notifyMatchFailure(op, "not of a broadcast");
    SmallVector<int64_t> inverse = invertPermutationVector(op.getPermutation());
    SmallVector<int64_t> dims;
    for (int64_t dim : broadcast.getDimensions())
      dims.push_back(inverse[dim]);
    SmallVector<int64_t> order =
        llvm::to_vector(llvm::seq<int64_t>(0, dims.size()));
    llvm::sort(order, [&](int64_t a, int64_t b) { return dims[a] < dims[b]; });
    llvm::sort(dims);
    Value input =
        createTranspose(rewriter, op.getLoc(), broadcast.getInput(), order);
    // There is one dynamic dimension at most, so the order of extents stays.
    rewriter.replaceOpWithNewOp<nn::BroadcastOp>(
        op, op.getType(), input, broadcast.getDynamicSizes(), dims);
    return success();
  }
};

/// A matrix product reads either factor transposed as well.
struct AbsorbInMatmul : OpRewritePattern<nn::MatmulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::MatmulOp op,
                                PatternRewriter &rewriter) const override {
    nn::TransposeOp lhs = getMatrixTranspose(op.getLhs());
    nn::TransposeOp rhs = getMatrixTranspose(op.getRhs());
    if (!lhs && !rhs)
      return rewriter.notifyMatchFailure(op, "no transposed factor");
    rewriter.modifyOpInPlace(op, [&] {
      if (lhs) {
        op.getLhsMutable().assign(lhs.getInput());
        op.setTransposeLhs(!op.getTransposeLhs());
      }
      if (rhs) {
        op.getRhsMutable().assign(rhs.getInput());
        op.setTransposeRhs(!op.getTransposeRhs());
      }
    });
    return success();
  }

private:
  /// The transpose that defines `value`, if it swaps rows and columns.
  static nn::TransposeOp getMatrixTranspose(Value value) {
    auto transpose = value.getDefiningOp<nn::TransposeOp>();
    if (!transpose)
      return nullptr;
    ArrayRef<int64_t> order = transpose.getPermutation();
    bool swaps =
        order == ArrayRef<int64_t>{1, 0} || order == ArrayRef<int64_t>{0, 2, 1};
    return swaps ? transpose : nullptr;
  }
};

/// A sum over all that belongs to a sample.
struct AbsorbInMixGrad : OpRewritePattern<precision::MixGradOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(precision::MixGradOp op,
                                PatternRewriter &rewriter) const override {
    nn::TransposeOp restoring = getRestoringOperand(op);
    if (!restoring || restoring.getPermutation().front() != 0)
      return rewriter.notifyMatchFailure(op, "no restored operand");
    SmallVector<int64_t> inverse =
        invertPermutationVector(restoring.getPermutation());
    Value error =
        createTranspose(rewriter, op.getLoc(), op.getError(), inverse);
    Value input =
        createTranspose(rewriter, op.getLoc(), op.getInput(), inverse);
    rewriter.modifyOpInPlace(op, [&] {
      op.getErrorMutable().assign(error);
      op.getInputMutable().assign(input);
    });
    return success();
  }
};

/// The range of all elements.
struct AbsorbInRange : OpRewritePattern<precision::RangeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(precision::RangeOp op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getInput().getDefiningOp<nn::TransposeOp>();
    bool keepsRows =
        transpose && (!op.getRows() || transpose.getPermutation().front() == 0);
    if (!keepsRows || op.getDimension())
      return rewriter.notifyMatchFailure(op, "not of a transposed tensor");
    rewriter.modifyOpInPlace(
        op, [&] { op.getInputMutable().assign(transpose.getInput()); });
    return success();
  }
};

/// A sum of a tensor that somebody reads transposed is one of the transposed
/// tensor as well, such as that of an error, which the gradients of a bias and
/// of a convolution's weights share.
struct ReduceTransposed : OpRewritePattern<nn::ReduceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::ReduceOp op,
                                PatternRewriter &rewriter) const override {
    Value input = op.getInput();
    if (input.getDefiningOp<nn::TransposeOp>())
      return rewriter.notifyMatchFailure(op, "is transposed");
    for (Operation *user : input.getUsers()) {
      auto transpose = dyn_cast<nn::TransposeOp>(user);
      if (!transpose || isRestoring(transpose))
        continue;
      SmallVector<int64_t> dimensions, kept;
      for (auto [place, dim] : llvm::enumerate(transpose.getPermutation()))
        if (llvm::is_contained(op.getDimensions(), dim))
          dimensions.push_back(static_cast<int64_t>(place));
        else
          kept.push_back(dim);
      if (!llvm::is_sorted(kept))
        continue;
      Value transposed = createTranspose(rewriter, op.getLoc(), input,
                                         transpose.getPermutation());
      rewriter.replaceOpWithNewOp<nn::ReduceOp>(op, op.getType(), op.getKind(),
                                                transposed, dimensions);
      return success();
    }
    return rewriter.notifyMatchFailure(op, "nobody reads it transposed");
  }
};

/// The same of a tensor that somebody reads as the rows of a matrix: the sum of
/// those.
struct ReduceRows : OpRewritePattern<nn::ReduceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::ReduceOp op,
                                PatternRewriter &rewriter) const override {
    Value input = op.getInput();
    auto type = cast<RankedTensorType>(input.getType());
    int64_t last = type.getRank() - 1;
    if (last < 2 ||
        op.getDimensions() != ArrayRef(llvm::to_vector(llvm::seq(last))))
      return rewriter.notifyMatchFailure(op, "not a sum of rows");
    // Reshapes of one another have been joined.
    auto shape = input.getDefiningOp<nn::ReshapeOp>();
    Value elements = shape ? shape.getInput() : input;
    for (Operation *user : elements.getUsers()) {
      auto rows = dyn_cast<nn::ReshapeOp>(user);
      if (!rows)
        continue;
      auto matrix = cast<RankedTensorType>(rows.getType());
      if (matrix.getRank() != 2 ||
          matrix.getDimSize(1) != type.getDimSize(last))
        continue;
      Value reshaped =
          nn::ReshapeOp::create(rewriter, op.getLoc(), matrix, elements);
      rewriter.replaceOpWithNewOp<nn::ReduceOp>(op, op.getType(), op.getKind(),
                                                reshaped, ArrayRef<int64_t>{0});
      return success();
    }
    return rewriter.notifyMatchFailure(op, "nobody reads rows");
  }
};

/// Tensors with one number in every place.
struct AbsorbInSplat : OpRewritePattern<nn::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    if (auto splat = op.getInput().getDefiningOp<tensor::SplatOp>()) {
      rewriter.replaceOpWithNewOp<tensor::SplatOp>(op, type, splat.getInput(),
                                                   splat.getDynamicSizes());
      return success();
    }
    DenseElementsAttr elements;
    if (!matchPattern(op.getInput(), m_Constant(&elements)) ||
        !elements.isSplat())
      return rewriter.notifyMatchFailure(op, "not the same everywhere");
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(op,
                                                   elements.resizeSplat(type));
    return success();
  }
};

/// A factor whose widths samples have chosen, in an order that leaves samples
/// first.
struct AbsorbInMix : OpRewritePattern<nn::TransposeOp> {
  AbsorbInMix(MLIRContext *context)
      : OpRewritePattern(context, /*benefit=*/2) {}

  LogicalResult matchAndRewrite(nn::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto mixture = op.getInput().getDefiningOp<precision::MixOp>();
    if (!mixture || isRestoring(op) || op.getPermutation().front() != 0)
      return rewriter.notifyMatchFailure(op, "not of a mixture");
    Value input = createTranspose(rewriter, op.getLoc(), mixture.getInput(),
                                  op.getPermutation());
    rewriter.replaceOp(op, mixInOrder(rewriter, mixture, input));
    return success();
  }
};

} // namespace

void frac::populateTransposeAbsorption(RewritePatternSet &patterns) {
  patterns.add<AbsorbInBroadcast, AbsorbInMatmul, AbsorbInSplat, AbsorbInMix,
               AbsorbInMixGrad, AbsorbInRange, ReduceTransposed, ReduceRows>(
      patterns.getContext());
}
