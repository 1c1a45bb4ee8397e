//===- LowerQuantize.cpp - Quantization to loops --------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/ContractionOpInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/precision/GridStep.h"
#include "passes/precision/LowerGates.h"
#include "passes/precision/Passes.h"
#include "passes/precision/RoundingNoise.h"

#include <limits>

namespace frac {
#define GEN_PASS_DEF_LOWERQUANTIZE
#include "passes/precision/Passes.h.inc"
} // namespace frac

using namespace mlir;
using namespace frac;

namespace {

/// A tensor of one number, or of one for each index of `dimension`, seen from
/// loops over `rank` dimensions.
MappedTensor overScales(Value scales, int64_t rank,
                        std::optional<uint64_t> dimension) {
  SmallVector<int64_t> dims;
  if (dimension)
    dims.push_back(static_cast<int64_t>(*dimension));
  return {scales, getProjection(scales.getContext(), rank, dims)};
}

MappedTensor overAll(Value tensor) {
  int64_t rank = cast<RankedTensorType>(tensor.getType()).getRank();
  return {tensor, AffineMap::getMultiDimIdentityMap(rank, tensor.getContext())};
}

/// The width as an i32, null if what defines it is unknown.
Value createWidth(OpBuilder &b, Location loc, Value bits) {
  if (auto constant = bits.getDefiningOp<precision::ConstantOp>())
    return createNumber(b, loc, b.getI32Type(),
                        static_cast<double>(constant.getValue()));
  auto resolve = bits.getDefiningOp<precision::ResolveOp>();
  if (!resolve)
    return Value();
  auto symbol = SymbolTable::lookupNearestSymbolFrom<precision::SymbolOp>(
      resolve, resolve.getSymbolAttr());
  if (!symbol)
    return Value();
  if (auto fixed = symbol.getFixed())
    return createNumber(b, loc, b.getI32Type(), static_cast<double>(*fixed));
  Value index = createIndex(b, loc, static_cast<int64_t>(symbol.getIndex()));
  return tensor::ExtractOp::create(b, loc, resolve.getTable(), index);
}

/// 2^width - 1 as a number.
Value createLevels(OpBuilder &b, Location loc, Value width) {
  Value one = createNumber(b, loc, width.getType(), 1);
  Value power = arith::ShLIOp::create(b, loc, one, width);
  Value levels = arith::SubIOp::create(b, loc, power, one);
  return arith::SIToFPOp::create(b, loc, b.getF32Type(), levels);
}

/// The least and the greatest number along `reduced`, and a third that is 0, or
/// not a number if one of them is none or infinite. Minima and maxima that heed
/// such elements take three times as long as those that do not. `inputs` are
/// the numbers, or these and what is 0 for those that do not count, or three
/// tensors of parts of these results.
SmallVector<Value> reduceEnds(OpBuilder &builder, Location loc, int64_t rank,
                              ArrayRef<int64_t> reduced,
                              ArrayRef<MappedTensor> inputs,
                              RankedTensorType type) {
  Type number = type.getElementType();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  SmallVector<Value> inits;
  for (double value : {infinity, -infinity, 0.0})
    inits.push_back(createFilled(builder, loc, type, {},
                                 createNumber(builder, loc, number, value)));
  auto flags = arith::FastMathFlags::nnan | arith::FastMathFlags::nsz;
  return createReduction(
      builder, loc, rank, reduced, inputs, inits,
      [&](OpBuilder &b, Location l, ValueRange v) {
        ValueRange kept = v.take_back(3);
        bool isPart = inputs.size() == 3;
        Value zero = createNumber(b, l, number, 0);
        Value low = v[0], high = isPart ? v[1] : v[0];
        Value none =
            isPart ? v[2] : arith::MulFOp::create(b, l, v[0], zero).getResult();
        if (inputs.size() == 2) {
          Value counts = arith::CmpFOp::create(b, l, arith::CmpFPredicate::ONE,
                                               v[1], zero);
          auto keep = [&](Value value, Value other) -> Value {
            return arith::SelectOp::create(b, l, counts, value, other);
          };
          low = keep(low, createNumber(b, l, number, infinity));
          high = keep(high, createNumber(b, l, number, -infinity));
          none = keep(none, zero);
        }
        return SmallVector<Value>{
            arith::MinimumFOp::create(b, l, kept[0], low, flags),
            arith::MaximumFOp::create(b, l, kept[1], high, flags),
            createReassociableAdd(b, l, kept[2], none)};
      });
}

/// The whole number of 0 to `levels` that is next to `place`.
Value createRounded(OpBuilder &b, Location loc, Value place, Value levels) {
  Value zero = createNumber(b, loc, place.getType(), 0);
  place = arith::MaximumFOp::create(b, loc, place, zero);
  place = arith::MinimumFOp::create(b, loc, place, levels);
  return math::RoundEvenOp::create(b, loc, place);
}

/// A width that the method fixes needs no table.
struct SpecializeResolve : OpRewritePattern<precision::ResolveOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(precision::ResolveOp op,
                                PatternRewriter &rewriter) const override {
    auto symbol = SymbolTable::lookupNearestSymbolFrom<precision::SymbolOp>(
        op, op.getSymbolAttr());
    if (!symbol || !symbol.getFixed())
      return rewriter.notifyMatchFailure(op, "of a width that is chosen");
    rewriter.replaceOpWithNewOp<precision::ConstantOp>(op,
                                                       symbol.getFixedAttr());
    return success();
  }
};

struct LowerRange : OpRewritePattern<precision::RangeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(precision::RangeOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = op.getInput().getType();
    auto scales = cast<RankedTensorType>(op.getLow().getType());
    SmallVector<int64_t> reduced;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (!op.getDimension() || dim != static_cast<int64_t>(*op.getDimension()))
        reduced.push_back(dim);
    SmallVector<MappedTensor> inputs = {overAll(op.getInput())};
    if (op.getRows())
      inputs.push_back(overScales(op.getRows(), type.getRank(), 0));
    // Neighbours in the innermost dimension keep ends of their own until all
    // else is done, so that vectors need not be reduced at every pixel.
    SmallVector<Value> ends;
    if (!op.getDimension() && type.getRank() > 1 &&
        !type.isDynamicDim(type.getRank() - 1)) {
      auto innermost = RankedTensorType::get(type.getShape().take_back(),
                                             type.getElementType());
      ends = reduceEnds(rewriter, loc, type.getRank(),
                        ArrayRef(reduced).drop_back(), inputs, innermost);
      SmallVector<MappedTensor> parts;
      for (Value end : ends)
        parts.push_back(overAll(end));
      ends = reduceEnds(rewriter, loc, 1, {0}, parts, scales);
    } else {
      ends = reduceEnds(rewriter, loc, type.getRank(), reduced, inputs, scales);
    }
    Value invalid = ends.pop_back_val();
    SmallVector<Value> found = ends;
    for (Value &end : ends) {
      SmallVector<Value> numbers = {end, invalid};
      if (op.getRows())
        numbers.append(found);
      end = createMapLike(
          rewriter, loc, end, scales.getElementType(), numbers,
          [&](OpBuilder &b, Location l, ValueRange v) {
            Value end = v[0];
            if (op.getRows()) {
              Value isFound = arith::CmpFOp::create(
                  b, l, arith::CmpFPredicate::OLE, v[2], v[3]);
              end = arith::SelectOp::create(
                  b, l, isFound, end, createNumber(b, l, end.getType(), 0));
            }
            return SmallVector<Value>{arith::AddFOp::create(b, l, end, v[1])};
          });
    }
    if (op.getSymmetric()) {
      Value high =
          createMapLike(rewriter, loc, ends[0], scales.getElementType(), ends,
                        [](OpBuilder &b, Location l, ValueRange v) {
                          Value opposite = arith::NegFOp::create(b, l, v[0]);
                          return SmallVector<Value>{
                              arith::MaximumFOp::create(b, l, opposite, v[1])};
                        });
      Value low = createMapLike(
          rewriter, loc, high, scales.getElementType(), high,
          [](OpBuilder &b, Location l, ValueRange v) {
            return SmallVector<Value>{arith::NegFOp::create(b, l, v[0])};
          });
      ends = {low, high};
    }
    rewriter.replaceOp(op, ends);
    return success();
  }
};

/// The grid that a tensor is quantized to: the number of its steps, for the
/// tensor or for each sample, and the length of a step.
struct Grid {
  /// Null where `sampleLevels` has a number for each sample.
  Value levels, sampleLevels;
  Value scale;
};

/// Fails where the width is unknown.
FailureOr<Grid> createGrid(OpBuilder &builder, precision::QuantizeOp op) {
  Location loc = op.getLoc();
  Grid grid;
  SmallVector<Value> inputs = {op.getLow(), op.getHigh()};
  if (auto sample = op.getBits().getDefiningOp<precision::SampleBitsOp>()) {
    grid.sampleLevels = createMapLike(
        builder, loc, sample.getWidths(), builder.getF32Type(),
        sample.getWidths(), [](OpBuilder &b, Location l, ValueRange v) {
          return SmallVector<Value>{createLevels(b, l, v[0])};
        });
    inputs.push_back(grid.sampleLevels);
  } else if (Value width = createWidth(builder, loc, op.getBits())) {
    grid.levels = createLevels(builder, loc, width);
  } else {
    return failure();
  }
  grid.scale = createMapLike(
      builder, loc, op.getLow(), builder.getF32Type(), inputs,
      [&](OpBuilder &b, Location l, ValueRange v) {
        Value levels = grid.levels;
        // What is left out has a width of 0, and no step.
        if (!levels)
          levels = arith::MaximumFOp::create(
              b, l, v[2], createNumber(b, l, v[2].getType(), 1));
        return SmallVector<Value>{createGridStep(b, l, v[0], v[1], levels)};
      });
  return grid;
}

struct LowerQuantizeOp : OpRewritePattern<precision::QuantizeOp> {
  LowerQuantizeOp(MLIRContext *context, bool quantTypes)
      : OpRewritePattern(context), quantTypes(quantTypes) {}

  LogicalResult matchAndRewrite(precision::QuantizeOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto constant = op.getBits().getDefiningOp<precision::ConstantOp>();
    bool isCast = quantTypes && constant;
    FailureOr<Grid> grid = createGrid(rewriter, op);
    if (failed(grid))
      return rewriter.notifyMatchFailure(op, "of unknown width");

    auto type = cast<RankedTensorType>(op.getIntegers().getType());
    std::optional<RoundingNoise> noise;
    if (op.getCounter())
      noise.emplace(rewriter, loc, op.getCounter(), op.getStream(),
                    op.getInput());
    SmallVector<MappedTensor> inputs = {
        overAll(op.getInput()),
        overScales(op.getLow(), type.getRank(), op.getDimension()),
        overScales(grid->scale, type.getRank(), op.getDimension())};
    if (grid->sampleLevels)
      inputs.push_back(overScales(grid->sampleLevels, type.getRank(), 0));
    auto element = isCast ? Type(rewriter.getF32Type()) : type.getElementType();
    Value integers = createMap(
        rewriter, loc, RankedTensorType::get(type.getShape(), element),
        createDynamicDims(rewriter, loc, op.getInput()), inputs,
        [&](OpBuilder &b, Location l, ValueRange v) {
          Value centered = arith::SubFOp::create(b, l, v[0], v[1]);
          Value place = arith::DivFOp::create(b, l, centered, v[2]);
          if (noise)
            place = arith::AddFOp::create(b, l, place, noise->create(b, l));
          Value rounded =
              createRounded(b, l, place, grid->levels ? grid->levels : v[3]);
          if (isCast)
            return SmallVector<Value>{rounded};
          // By way of 32 bits with sign, which processors convert at once.
          Value wide = arith::FPToSIOp::create(b, l, b.getI32Type(), rounded);
          return SmallVector<Value>{
              arith::TruncIOp::create(b, l, element, wide)};
        });
    if (isCast)
      integers =
          castThroughQuantType(rewriter, loc, integers, type,
                               static_cast<unsigned>(constant.getValue()));
    rewriter.replaceOp(op, {integers, grid->scale});
    return success();
  }

private:
  /// Whole numbers as integers of type `stored`, by way of a type that has
  /// their width.
  static Value castThroughQuantType(OpBuilder &builder, Location loc,
                                    Value numbers, RankedTensorType stored,
                                    unsigned width) {
    auto element = quant::UniformQuantizedType::get(
        /*flags=*/0, stored.getElementType(), builder.getF32Type(),
        /*scale=*/1.0, /*zeroPoint=*/0, /*storageTypeMin=*/0,
        /*storageTypeMax=*/(int64_t(1) << width) - 1);
    Value cast = quant::QuantizeCastOp::create(
        builder, loc, RankedTensorType::get(stored.getShape(), element),
        numbers);
    return quant::StorageCastOp::create(builder, loc, stored, cast);
  }

  bool quantTypes;
};

struct LowerDequantize : OpRewritePattern<precision::DequantizeOp> {
  LowerDequantize(MLIRContext *context, bool all)
      : OpRewritePattern(context), all(all) {}

  LogicalResult matchAndRewrite(precision::DequantizeOp op,
                                PatternRewriter &rewriter) const override {
    auto staysFactor = [&](OpOperand &use) {
      return !all && isa<ContractionOpInterface, tensor::DimOp>(use.getOwner());
    };
    if (llvm::all_of(op->getUses(), staysFactor))
      return rewriter.notifyMatchFailure(op, "is the factor of contractions");
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    Value numbers = createMap(
        rewriter, loc, type, createDynamicDims(rewriter, loc, op.getIntegers()),
        {overAll(op.getIntegers()),
         overScales(op.getScale(), type.getRank(), op.getDimension()),
         overScales(op.getZero(), type.getRank(), op.getDimension())},
        [&](OpBuilder &b, Location l, ValueRange v) {
          Value number =
              arith::UIToFPOp::create(b, l, type.getElementType(), v[0]);
          Value scaled = arith::MulFOp::create(b, l, number, v[1]);
          return SmallVector<Value>{arith::AddFOp::create(b, l, scaled, v[2])};
        });
    rewriter.replaceUsesWithIf(op.getResult(), numbers, [&](OpOperand &use) {
      return !staysFactor(use);
    });
    if (op->use_empty())
      rewriter.eraseOp(op);
    return success();
  }

private:
  bool all;
};

/// What names a width that nothing reads.
void eraseUnusedSymbols(ModuleOp module) {
  for (auto symbol :
       llvm::make_early_inc_range(module.getOps<precision::SymbolOp>()))
    if (SymbolTable::symbolKnownUseEmpty(symbol, module))
      symbol.erase();
}

struct LowerQuantize : frac::impl::LowerQuantizeBase<LowerQuantize> {
  using LowerQuantizeBase::LowerQuantizeBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<SpecializeResolve, LowerRange>(&getContext());
    patterns.add<LowerQuantizeOp>(&getContext(), quantTypes);
    patterns.add<LowerDequantize>(&getContext(), all || quantTypes);
    populateLowerGates(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    getOperation()->walk([&](precision::QuantizeOp op) {
      (strict ? op.emitError() : op.emitRemark())
          << "left as it is: its width is neither a constant nor that of a "
             "symbol";
      if (strict)
        signalPassFailure();
    });
    if (auto module = dyn_cast<ModuleOp>(getOperation()))
      eraseUnusedSymbols(module);
  }
};

} // namespace
