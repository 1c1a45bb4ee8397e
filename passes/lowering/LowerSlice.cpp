//===- LowerSlice.cpp - Concat, slice, unslice and pad to loops -----------===//
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

#include <numeric>

using namespace mlir;
using namespace frac;

namespace {

/// index * factor + offset.
Value createAffine(OpBuilder &b, Location loc, Value index, int64_t factor,
                   int64_t offset) {
  if (factor != 1)
    index = arith::MulIOp::create(b, loc, index, createIndex(b, loc, factor));
  if (offset != 0)
    index = arith::AddIOp::create(b, loc, index, createIndex(b, loc, offset));
  return index;
}

Value both(OpBuilder &b, Location loc, Value x, Value y) {
  return x ? arith::AndIOp::create(b, loc, x, y).getResult() : y;
}

/// Sizes for the dynamic dimensions of `type`, which are taken whole from
/// `input`.
SmallVector<Value> createWholeDims(OpBuilder &b, Location loc, Value input,
                                   RankedTensorType type) {
  SmallVector<Value> sizes;
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim))
      sizes.push_back(createDim(b, loc, input, dim));
  return sizes;
}

/// The element of `input` at `indices`, or `other` where `inside` is there and
/// false.
Value readOr(OpBuilder &b, Location loc, Value input, ValueRange indices,
             Value inside, double other) {
  Value element = tensor::ExtractOp::create(b, loc, input, indices);
  if (!inside)
    return element;
  return arith::SelectOp::create(
      b, loc, inside, element, createNumber(b, loc, element.getType(), other));
}

struct LowerSlice : OpRewritePattern<nn::SliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::SliceOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<Value> sizes =
        createWholeDims(rewriter, loc, op.getInput(), type);
    Value result = createMap(
        rewriter, loc, type, sizes, {},
        [&](OpBuilder &b, Location l, ValueRange) {
          SmallVector<Value> indices = createLoopIndices(b, l, type.getRank());
          for (auto [index, offset, stride] :
               llvm::zip_equal(indices, op.getOffsets(), op.getStrides()))
            index = createAffine(b, l, index, stride, offset);
          return SmallVector<Value>{
              tensor::ExtractOp::create(b, l, op.getInput(), indices)};
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct LowerUnslice : OpRewritePattern<nn::UnsliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::UnsliceOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    auto inputType = cast<RankedTensorType>(op.getInput().getType());
    Value result = createMap(
        rewriter, loc, type, op.getDynamicSizes(), {},
        [&](OpBuilder &b, Location l, ValueRange) {
          SmallVector<Value> indices = createLoopIndices(b, l, type.getRank());
          Value inside;
          for (auto [dim, index] : llvm::enumerate(indices)) {
            int64_t offset = op.getOffsets()[dim];
            int64_t stride = op.getStrides()[dim];
            if (inputType.isDynamicDim(dim) ||
                (inputType.getDimSize(dim) == type.getDimSize(dim) &&
                 offset == 0 && stride == 1))
              continue;
            // index = offset + place * stride, so place = distance / |stride|
            // with the distance counted in the direction of the stride.
            int64_t step = std::abs(stride);
            Value distance = createAffine(b, l, index, stride < 0 ? -1 : 1,
                                          stride < 0 ? offset : -offset);
            Value extent = createIndex(b, l, inputType.getDimSize(dim));
            Value place = distance;
            if (step != 1) {
              Value divisor = createIndex(b, l, step);
              place = arith::DivSIOp::create(b, l, distance, divisor);
              Value rest = arith::RemSIOp::create(b, l, distance, divisor);
              inside =
                  both(b, l, inside,
                       arith::CmpIOp::create(b, l, arith::CmpIPredicate::eq,
                                             rest, createIndex(b, l, 0)));
            }
            inside = both(b, l, inside, createInBounds(b, l, place, extent));
            index = createClampedIndex(b, l, place, extent);
          }
          return SmallVector<Value>{
              readOr(b, l, op.getInput(), indices, inside, 0)};
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct LowerPad : OpRewritePattern<nn::PadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::PadOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    auto inputType = cast<RankedTensorType>(op.getInput().getType());
    SmallVector<Value> sizes =
        createWholeDims(rewriter, loc, op.getInput(), type);
    Value result = createMap(
        rewriter, loc, type, sizes, {},
        [&](OpBuilder &b, Location l, ValueRange) {
          SmallVector<Value> indices = createLoopIndices(b, l, type.getRank());
          Value inside;
          for (auto [dim, index] : llvm::enumerate(indices)) {
            int64_t low = op.getLow()[dim], high = op.getHigh()[dim];
            if (low == 0 && high == 0)
              continue;
            Value extent = createIndex(b, l, inputType.getDimSize(dim));
            index = createAffine(b, l, index, 1, -low);
            if (low <= 0 && high <= 0)
              continue;
            if (op.getMode() == nn::PadMode::constant)
              inside = both(b, l, inside, createInBounds(b, l, index, extent));
            if (op.getMode() == nn::PadMode::reflect)
              index = reflect(b, l, index, inputType.getDimSize(dim));
            index = createClampedIndex(b, l, index, extent);
          }
          return SmallVector<Value>{readOr(b, l, op.getInput(), indices, inside,
                                           op.getValue().convertToDouble())};
        });
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  /// Mirrors an index at the first and at the last element.
  static Value reflect(OpBuilder &b, Location loc, Value index,
                       int64_t extent) {
    Value mirrored = createAffine(b, loc, index, -1, 0);
    index = arith::MaxSIOp::create(b, loc, index, mirrored);
    mirrored = createAffine(b, loc, index, -1, 2 * (extent - 1));
    return arith::MinSIOp::create(b, loc, index, mirrored);
  }
};

/// Reads every input at each place, clamped to it, and takes the one that the
/// place is of. Along the last dimension that is decided for runs of elements
/// at a time, as long as all inputs have whole numbers of them: within a run
/// all reads are contiguous.
struct LowerConcat : OpRewritePattern<nn::ConcatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::ConcatOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    int64_t rank = type.getRank(), dim = op.getDimension();
    int64_t run = getRun(op);
    // There is no place in an empty input that could be read.
    SmallVector<Value> inputs =
        llvm::filter_to_vector(op.getInputs(), [&](Value input) {
          return cast<RankedTensorType>(input.getType()).getDimSize(dim) != 0;
        });
    if (inputs.empty())
      return rewriter.notifyMatchFailure(op, "all inputs are empty");
    // First place of every input along the dimension, then of what follows, in
    // runs.
    SmallVector<Value> starts{createIndex(rewriter, loc, 0)}, extents;
    for (Value input : inputs) {
      Value extent = createDim(rewriter, loc, input, dim);
      if (run != 1)
        extent = createIndex(
            rewriter, loc,
            cast<RankedTensorType>(input.getType()).getDimSize(dim) / run);
      extents.push_back(extent);
      starts.push_back(
          arith::AddIOp::create(rewriter, loc, starts.back(), extent));
    }
    SmallVector<Value> sizes;
    for (int64_t i = 0; i < rank; ++i)
      if (type.isDynamicDim(i))
        sizes.push_back(i == dim ? starts.back()
                                 : createDim(rewriter, loc, inputs.front(), i));
    RankedTensorType runsType = type;
    if (run != 1) {
      SmallVector<int64_t> shape(type.getShape());
      shape.back() /= run;
      shape.push_back(run);
      runsType = RankedTensorType::get(shape, type.getElementType());
    }

    Value result = createMap(
        rewriter, loc, runsType, sizes, {},
        [&](OpBuilder &b, Location l, ValueRange) {
          SmallVector<Value> indices =
              createLoopIndices(b, l, runsType.getRank());
          Value place = indices[dim], within;
          if (run != 1)
            within = indices.pop_back_val();
          Value element;
          for (auto [number, input] : llvm::enumerate(inputs)) {
            Value inInput = createClampedIndex(
                b, l, arith::SubIOp::create(b, l, place, starts[number]),
                extents[number]);
            if (within)
              inInput = arith::AddIOp::create(
                  b, l, createAffine(b, l, inInput, run, 0), within);
            indices[dim] = inInput;
            Value here = tensor::ExtractOp::create(b, l, input, indices);
            if (!element) {
              element = here;
              continue;
            }
            Value reached = arith::CmpIOp::create(
                b, l, arith::CmpIPredicate::sge, place, starts[number]);
            element = arith::SelectOp::create(b, l, reached, here, element);
          }
          return SmallVector<Value>{element};
        });
    if (run != 1) {
      SmallVector<ReassociationIndices> groups;
      for (int64_t i = 0; i < rank; ++i)
        groups.push_back({i});
      groups.back().push_back(rank);
      result =
          tensor::CollapseShapeOp::create(rewriter, loc, type, result, groups);
    }
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  /// Largest number of elements that the extents of all inputs are multiples
  /// of, for a concatenation along the last dimension; else 1.
  static int64_t getRun(nn::ConcatOp op) {
    auto type = cast<RankedTensorType>(op.getType());
    int64_t dim = op.getDimension(), run = 0;
    if (dim != type.getRank() - 1 || type.isDynamicDim(dim))
      return 1;
    for (Value input : op.getInputs()) {
      int64_t extent = cast<RankedTensorType>(input.getType()).getDimSize(dim);
      if (ShapedType::isDynamic(extent))
        return 1;
      run = std::gcd(run, extent);
    }
    return std::max<int64_t>(run, 1);
  }
};

} // namespace

void frac::populateSliceLowering(RewritePatternSet &patterns) {
  patterns.add<LowerSlice, LowerUnslice, LowerPad, LowerConcat>(
      patterns.getContext());
}
