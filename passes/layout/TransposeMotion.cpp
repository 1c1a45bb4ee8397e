//===- TransposeMotion.cpp - Moving transposes out of the way -------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/layout/TransposeMotion.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;

namespace frac {

namespace {

/// Marks restoring transposes while the pass runs.
constexpr StringLiteral kRestoring = "frac.restoring";

RankedTensorType permute(RankedTensorType type, ArrayRef<int64_t> permutation) {
  return RankedTensorType::get(applyPermutation(type.getShape(), permutation),
                               type.getElementType());
}

RankedTensorType permute(Type type, ArrayRef<int64_t> permutation) {
  return permute(cast<RankedTensorType>(type), permutation);
}

/// Entries of an attribute that has one a dimension of a transpose's result,
/// for the dimensions of its input.
SmallVector<int64_t> toInput(ArrayRef<int64_t> perResultDim,
                             ArrayRef<int64_t> permutation) {
  return applyPermutation(perResultDim, invertPermutationVector(permutation));
}

//===----------------------------------------------------------------------===//
// Simplification
//===----------------------------------------------------------------------===//

/// A transpose that keeps the order of all dimensions but those of extent 1
/// moves nothing.
struct TransposeToReshape : OpRewritePattern<nn::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getInput().getType());
    int64_t last = -1;
    for (int64_t dim : op.getPermutation()) {
      if (type.getDimSize(dim) == 1)
        continue;
      if (dim < last)
        return rewriter.notifyMatchFailure(op, "moves elements");
      last = dim;
    }
    rewriter.replaceOpWithNewOp<nn::ReshapeOp>(op, op.getType(), op.getInput());
    return success();
  }
};

/// Extents of a restored image are those of the image.
struct DimOfTranspose : OpRewritePattern<tensor::DimOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::DimOp op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getSource().getDefiningOp<nn::TransposeOp>();
    std::optional<int64_t> dim = op.getConstantIndex();
    if (!transpose || !dim)
      return rewriter.notifyMatchFailure(op, "not of a transpose");
    rewriter.replaceOpWithNewOp<tensor::DimOp>(
        op, transpose.getInput(), transpose.getPermutation()[*dim]);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Sinking of restoring transposes
//===----------------------------------------------------------------------===//

/// Base of the patterns that make an operation work on the input of the
/// restoring transpose among its operands.
template <typename OpT>
struct Sink : OpRewritePattern<OpT> {
  Sink(MLIRContext *context) : OpRewritePattern<OpT>(context, /*benefit=*/2) {}

  /// The operation on transposed operands, or null after a failed match.
  virtual Value sink(OpT op, nn::TransposeOp restoring,
                     PatternRewriter &rewriter) const = 0;

  /// The order that `sink` leaves the result in, undone by this permutation.
  virtual SmallVector<int64_t>
  getResultPermutation(OpT op, nn::TransposeOp restoring) const {
    return SmallVector<int64_t>(restoring.getPermutation());
  }

  LogicalResult matchAndRewrite(OpT op,
                                PatternRewriter &rewriter) const override {
    nn::TransposeOp restoring = getRestoringOperand(op);
    if (!restoring)
      return rewriter.notifyMatchFailure(op, "no restored operand");
    SmallVector<int64_t> permutation = getResultPermutation(op, restoring);
    Value sunk = sink(op, restoring, rewriter);
    if (!sunk)
      return rewriter.notifyMatchFailure(op, "not in this form");
    rewriter.replaceOp(
        op, createRestoringTranspose(rewriter, op.getLoc(), sunk, permutation));
    return success();
  }
};

/// A factor whose widths samples have chosen, in an order that leaves samples
/// first.
struct SinkThroughMix : Sink<precision::MixOp> {
  using Sink::Sink;

  Value sink(precision::MixOp op, nn::TransposeOp restoring,
             PatternRewriter &rewriter) const override {
    if (restoring.getPermutation().front() != 0)
      return nullptr;
    return mixInOrder(rewriter, op, restoring.getInput());
  }
};

/// Operations that treat all elements alike: on transposed operands they give
/// the transposed result.
struct SinkThroughElementwise : RewritePattern {
  SinkThroughElementwise(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/2, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    auto dropout = dyn_cast<nn::DropoutOp>(op);
    bool isAlike = OpTrait::hasElementwiseMappableTraits(op) ||
                   (dropout && !dropout.getTraining());
    if (!isAlike || op->getNumResults() != 1)
      return rewriter.notifyMatchFailure(op, "not elementwise");
    nn::TransposeOp restoring = getRestoringOperand(op);
    if (!restoring)
      return rewriter.notifyMatchFailure(op, "no restored operand");

    SmallVector<int64_t> permutation(restoring.getPermutation());
    SmallVector<int64_t> inverse = invertPermutationVector(permutation);
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(
          isa<RankedTensorType>(operand.getType())
              ? createTranspose(rewriter, op->getLoc(), operand, inverse)
              : operand);
    Operation *sunk = rewriter.create(
        op->getLoc(), op->getName().getIdentifier(), operands,
        permute(op->getResult(0).getType(), inverse), op->getAttrs());
    rewriter.replaceOp(op, createRestoringTranspose(rewriter, op->getLoc(),
                                                    sunk->getResult(0),
                                                    permutation));
    return success();
  }
};

template <typename OpT>
struct SinkThroughSoftmax : Sink<OpT> {
  using Sink<OpT>::Sink;

  Value sink(OpT op, nn::TransposeOp restoring,
             PatternRewriter &rewriter) const override {
    return OpT::create(rewriter, op.getLoc(), restoring.getInput(),
                       restoring.getPermutation()[op.getDimension()]);
  }
};

struct SinkThroughReduce : Sink<nn::ReduceOp> {
  using Sink::Sink;

  /// The dimensions that stay, named as in the input of the transpose.
  static SmallVector<int64_t> getKept(nn::ReduceOp op,
                                      nn::TransposeOp restoring) {
    SmallVector<int64_t> kept;
    for (auto [dim, inner] : llvm::enumerate(restoring.getPermutation()))
      if (!llvm::is_contained(op.getDimensions(), static_cast<int64_t>(dim)))
        kept.push_back(inner);
    return kept;
  }

  SmallVector<int64_t>
  getResultPermutation(nn::ReduceOp op,
                       nn::TransposeOp restoring) const override {
    SmallVector<int64_t> kept = getKept(op, restoring);
    SmallVector<int64_t> sorted(kept);
    llvm::sort(sorted);
    SmallVector<int64_t> order;
    for (int64_t dim : kept)
      order.push_back(llvm::find(sorted, dim) - sorted.begin());
    return order;
  }

  Value sink(nn::ReduceOp op, nn::TransposeOp restoring,
             PatternRewriter &rewriter) const override {
    SmallVector<int64_t> reduced;
    for (int64_t dim : op.getDimensions())
      reduced.push_back(restoring.getPermutation()[dim]);
    llvm::sort(reduced);
    SmallVector<int64_t> order = getResultPermutation(op, restoring);
    return nn::ReduceOp::create(
        rewriter, op.getLoc(),
        permute(op.getType(), invertPermutationVector(order)), op.getKind(),
        restoring.getInput(), reduced);
  }
};

/// Only of a broadcast that stretches dimensions and adds none: others start
/// from tensors that are no images.
struct SinkThroughBroadcast : Sink<nn::BroadcastOp> {
  using Sink::Sink;

  Value sink(nn::BroadcastOp op, nn::TransposeOp restoring,
             PatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    if (static_cast<int64_t>(op.getDimensions().size()) != type.getRank())
      return nullptr;
    return nn::BroadcastOp::create(
        rewriter, op.getLoc(),
        permute(type, invertPermutationVector(restoring.getPermutation())),
        restoring.getInput(), op.getDynamicSizes(), op.getDimensions());
  }
};

struct SinkThroughConcat : Sink<nn::ConcatOp> {
  using Sink::Sink;

  Value sink(nn::ConcatOp op, nn::TransposeOp restoring,
             PatternRewriter &rewriter) const override {
    SmallVector<int64_t> inverse =
        invertPermutationVector(restoring.getPermutation());
    SmallVector<Value> inputs;
    for (Value input : op.getInputs())
      inputs.push_back(createTranspose(rewriter, op.getLoc(), input, inverse));
    return nn::ConcatOp::create(rewriter, op.getLoc(),
                                permute(op.getType(), inverse), inputs,
                                restoring.getPermutation()[op.getDimension()]);
  }
};

struct SinkThroughSlice : Sink<nn::SliceOp> {
  using Sink::Sink;

  Value sink(nn::SliceOp op, nn::TransposeOp restoring,
             PatternRewriter &rewriter) const override {
    ArrayRef<int64_t> order = restoring.getPermutation();
    return nn::SliceOp::create(
        rewriter, op.getLoc(),
        permute(op.getType(), invertPermutationVector(order)),
        restoring.getInput(), toInput(op.getOffsets(), order),
        toInput(op.getStrides(), order));
  }
};

struct SinkThroughUnslice : Sink<nn::UnsliceOp> {
  using Sink::Sink;

  Value sink(nn::UnsliceOp op, nn::TransposeOp restoring,
             PatternRewriter &rewriter) const override {
    ArrayRef<int64_t> order = restoring.getPermutation();
    return nn::UnsliceOp::create(
        rewriter, op.getLoc(),
        permute(op.getType(), invertPermutationVector(order)),
        restoring.getInput(), op.getDynamicSizes(),
        toInput(op.getOffsets(), order), toInput(op.getStrides(), order));
  }
};

struct SinkThroughPad : Sink<nn::PadOp> {
  using Sink::Sink;

  Value sink(nn::PadOp op, nn::TransposeOp restoring,
             PatternRewriter &rewriter) const override {
    ArrayRef<int64_t> order = restoring.getPermutation();
    return nn::PadOp::create(
        rewriter, op.getLoc(),
        permute(op.getType(), invertPermutationVector(order)), op.getMode(),
        restoring.getInput(), toInput(op.getLow(), order),
        toInput(op.getHigh(), order), op.getValue());
  }
};

/// (N, C, pixels...) -> (N, C, pixels in another shape): done channels-last.
struct SinkThroughPixelReshape : Sink<nn::ReshapeOp> {
  using Sink::Sink;

  SmallVector<int64_t>
  getResultPermutation(nn::ReshapeOp op,
                       nn::TransposeOp restoring) const override {
    auto target = cast<RankedTensorType>(op.getType());
    return invertPermutationVector(
        getChannelsLastPermutation(target.getRank()));
  }

  Value sink(nn::ReshapeOp op, nn::TransposeOp restoring,
             PatternRewriter &rewriter) const override {
    auto source = cast<RankedTensorType>(op.getInput().getType());
    auto target = cast<RankedTensorType>(op.getType());
    SmallVector<int64_t> sourceOrder =
        getChannelsLastPermutation(source.getRank());
    bool keepsChannels =
        target.getRank() >= 3 &&
        source.getShape().take_front(2) == target.getShape().take_front(2);
    if (!keepsChannels || invertPermutationVector(sourceOrder) !=
                              ArrayRef(restoring.getPermutation()))
      return nullptr;
    return nn::ReshapeOp::create(
        rewriter, op.getLoc(),
        permute(target, getChannelsLastPermutation(target.getRank())),
        restoring.getInput());
  }
};

} // namespace

bool isRestoring(nn::TransposeOp op) { return op->hasAttr(kRestoring); }

nn::TransposeOp getRestoringOperand(Operation *op) {
  for (Value operand : op->getOperands()) {
    auto transpose = operand.getDefiningOp<nn::TransposeOp>();
    if (transpose && isRestoring(transpose))
      return transpose;
  }
  return nullptr;
}

precision::MixOp mixInOrder(OpBuilder &builder, precision::MixOp mixture,
                            Value input) {
  return precision::MixOp::create(
      builder, mixture.getLoc(), input.getType(), input, mixture.getChoice(),
      mixture.getWidths(), mixture.getErrorWidths(), mixture.getCandidates(),
      mixture.getSampling(), mixture.getRows(), mixture.getBlock());
}

Value createTranspose(OpBuilder &builder, Location loc, Value value,
                      ArrayRef<int64_t> permutation) {
  // Undoing the last transpose here keeps the number of operations small.
  auto inner = value.getDefiningOp<nn::TransposeOp>();
  if (inner && isIdentityPermutation(
                   applyPermutation(inner.getPermutation(), permutation)))
    return inner.getInput();
  if (isIdentityPermutation(permutation))
    return value;
  return nn::TransposeOp::create(
      builder, loc, permute(value.getType(), permutation), value, permutation);
}

Value createRestoringTranspose(OpBuilder &builder, Location loc, Value value,
                               ArrayRef<int64_t> permutation) {
  if (isIdentityPermutation(permutation))
    return value;
  auto transpose = nn::TransposeOp::create(
      builder, loc, permute(value.getType(), permutation), value, permutation);
  transpose->setAttr(kRestoring, builder.getUnitAttr());
  return transpose;
}

SmallVector<int64_t> getChannelsLastPermutation(int64_t rank) {
  SmallVector<int64_t> permutation{0};
  for (int64_t dim = 2; dim < rank; ++dim)
    permutation.push_back(dim);
  permutation.push_back(1);
  return permutation;
}

void populateTransposeMotion(RewritePatternSet &patterns) {
  // Folding joins transposes and reshapes, and drops those that do nothing.
  patterns.add<TransposeToReshape, DimOfTranspose, SinkThroughElementwise,
               SinkThroughSoftmax<nn::SoftmaxOp>,
               SinkThroughSoftmax<nn::LogSoftmaxOp>, SinkThroughReduce,
               SinkThroughBroadcast, SinkThroughConcat, SinkThroughSlice,
               SinkThroughUnslice, SinkThroughPad, SinkThroughPixelReshape,
               SinkThroughMix>(patterns.getContext());
  populateTransposeAbsorption(patterns);
}

void unmarkRestoringTransposes(Operation *root) {
  root->walk([](nn::TransposeOp op) { op->removeAttr(kRestoring); });
}

} // namespace frac
