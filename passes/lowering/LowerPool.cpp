//===- LowerPool.cpp - Pools and their gradients to loops -----------------===//
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

/// Largest number of steps that a loop inside of a body is unrolled for, so
/// that the loop over channels around it can be vectorized.
constexpr int64_t kMaxUnrolled = 16;

/// One step of a loop inside of a body: the place in the loops, and the values
/// carried along, which it returns anew.
using Step = llvm::function_ref<SmallVector<Value>(OpBuilder &, Location,
                                                   ValueRange, ValueRange)>;

/// Runs `step` over all places of a box, the last dimension fastest.
SmallVector<Value> forBox(OpBuilder &b, Location loc, ArrayRef<int64_t> extents,
                          SmallVector<Value> carried, Step step) {
  int64_t total = 1;
  for (int64_t extent : extents)
    total *= extent;
  if (total <= kMaxUnrolled) {
    for (int64_t number = 0; number < total; ++number) {
      SmallVector<Value> place(extents.size());
      int64_t rest = number;
      for (int64_t dim = extents.size() - 1; dim >= 0; --dim) {
        place[dim] = createIndex(b, loc, rest % extents[dim]);
        rest /= extents[dim];
      }
      carried = step(b, loc, place, carried);
    }
    return carried;
  }
  SmallVector<Value> lower, upper, one;
  for (int64_t extent : extents) {
    lower.push_back(createIndex(b, loc, 0));
    upper.push_back(createIndex(b, loc, extent));
    one.push_back(createIndex(b, loc, 1));
  }
  scf::LoopNest nest = scf::buildLoopNest(
      b, loc, lower, upper, one, carried,
      [&](OpBuilder &inner, Location il, ValueRange place, ValueRange values) {
        SmallVector<Value> next = step(inner, il, place, values);
        return scf::ValueVector(next.begin(), next.end());
      });
  return llvm::to_vector_of<Value>(nest.results);
}

/// Geometry of the windows of a pool over images of type `input`, giving
/// images of type `output`.
struct Windows {
  template <typename OpT>
  Windows(OpT op, Type inputType, Type outputType)
      : input(cast<RankedTensorType>(inputType)),
        output(cast<RankedTensorType>(outputType)),
        firstSpatial(op.getChannelsLast() ? 1 : 2), kernel(op.getKernel()),
        strides(op.getStrides()), dilations(op.getDilations()),
        low(op.getPadsBegin()), high(op.getPadsEnd()) {}

  unsigned spatialRank() const { return kernel.size(); }
  int64_t inputExtent(unsigned i) const {
    return input.getDimSize(firstSpatial + i);
  }
  int64_t outputExtent(unsigned i) const {
    return output.getDimSize(firstSpatial + i);
  }

  /// Whether no window reaches into the padding of dimension `i`.
  bool alwaysInside(unsigned i) const {
    int64_t last = (outputExtent(i) - 1) * strides[i] - low[i] +
                   (kernel[i] - 1) * dilations[i];
    return low[i] == 0 && last < inputExtent(i);
  }

  /// Most windows that one input element can be part of, in dimension `i`.
  int64_t coverage(unsigned i) const {
    return (kernel[i] - 1) * dilations[i] / strides[i] + 1;
  }
  SmallVector<int64_t> coverages() const {
    SmallVector<int64_t> all;
    for (unsigned i = 0; i < spatialRank(); ++i)
      all.push_back(coverage(i));
    return all;
  }

  RankedTensorType input, output;
  int64_t firstSpatial;
  ArrayRef<int64_t> kernel, strides, dilations, low, high;
};

/// `loops` with the spatial places replaced.
SmallVector<Value> withSpatial(const Windows &windows, ArrayRef<Value> loops,
                               ArrayRef<Value> spatial) {
  SmallVector<Value> indices(loops);
  for (auto [i, place] : llvm::enumerate(spatial))
    indices[windows.firstSpatial + i] = place;
  return indices;
}

Value andAlso(OpBuilder &b, Location loc, Value condition, Value other) {
  return condition ? arith::AndIOp::create(b, loc, condition, other).getResult()
                   : other;
}

/// The element of a window, and whether it lies inside of the input.
struct WindowElement {
  Value number;
  /// Place of the element in each spatial dimension, clamped to the input.
  SmallVector<Value> place;
  /// Null where it always does.
  Value inside;
};

/// Element `step` of the window of the output element `loops`.
WindowElement readWindow(OpBuilder &b, Location loc, const Windows &windows,
                         Value input, ArrayRef<Value> loops, ValueRange step) {
  WindowElement element;
  for (unsigned i = 0; i < windows.spatialRank(); ++i) {
    Value base = arith::MulIOp::create(b, loc, loops[windows.firstSpatial + i],
                                       createIndex(b, loc, windows.strides[i]));
    Value offset = arith::MulIOp::create(
        b, loc, step[i], createIndex(b, loc, windows.dilations[i]));
    Value place = arith::AddIOp::create(b, loc, base, offset);
    if (!windows.alwaysInside(i)) {
      place = arith::SubIOp::create(b, loc, place,
                                    createIndex(b, loc, windows.low[i]));
      Value extent = createIndex(b, loc, windows.inputExtent(i));
      element.inside = andAlso(b, loc, element.inside,
                               createInBounds(b, loc, place, extent));
      place = createClampedIndex(b, loc, place, extent);
    }
    element.place.push_back(place);
  }
  element.number = tensor::ExtractOp::create(
      b, loc, input, withSpatial(windows, loops, element.place));
  return element;
}

/// Combines the elements of the window of the output element `loops`, starting
/// from `neutral`, which also stands for elements beyond the input.
template <typename CombinerT>
Value combineWindow(OpBuilder &b, Location loc, const Windows &windows,
                    Value input, ArrayRef<Value> loops, Value neutral) {
  return forBox(
      b, loc, windows.kernel, {neutral},
      [&](OpBuilder &inner, Location il, ValueRange step, ValueRange carried) {
        WindowElement element =
            readWindow(inner, il, windows, input, loops, step);
        Value term = element.number;
        if (element.inside)
          term =
              arith::SelectOp::create(inner, il, element.inside, term, neutral);
        return SmallVector<Value>{
            CombinerT::create(inner, il, carried[0], term)};
      })[0];
}

/// The window that is `step` before the last one in which the input element
/// `loops` can be, and whether there is such a window.
struct CoveringWindow {
  SmallVector<Value> place;
  Value exists;
};

CoveringWindow findWindow(OpBuilder &b, Location loc, const Windows &windows,
                          ArrayRef<Value> loops, ValueRange step) {
  CoveringWindow window;
  for (unsigned i = 0; i < windows.spatialRank(); ++i) {
    Value padded =
        arith::AddIOp::create(b, loc, loops[windows.firstSpatial + i],
                              createIndex(b, loc, windows.low[i]));
    Value stride = createIndex(b, loc, windows.strides[i]);
    Value last = arith::DivUIOp::create(b, loc, padded, stride);
    Value place = arith::SubIOp::create(b, loc, last, step[i]);
    Value extent = createIndex(b, loc, windows.outputExtent(i));
    window.exists =
        andAlso(b, loc, window.exists, createInBounds(b, loc, place, extent));
    // The element's place in the window must be one of the kernel's.
    Value start = arith::MulIOp::create(b, loc, place, stride);
    Value inner = arith::SubIOp::create(b, loc, padded, start);
    int64_t reach = (windows.kernel[i] - 1) * windows.dilations[i] + 1;
    window.exists =
        andAlso(b, loc, window.exists,
                createInBounds(b, loc, inner, createIndex(b, loc, reach)));
    if (windows.dilations[i] != 1) {
      Value rest = arith::RemSIOp::create(
          b, loc, inner, createIndex(b, loc, windows.dilations[i]));
      window.exists =
          andAlso(b, loc, window.exists,
                  arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, rest,
                                        createIndex(b, loc, 0)));
    }
    window.place.push_back(createClampedIndex(b, loc, place, extent));
  }
  return window;
}

//===----------------------------------------------------------------------===//
// Maximum
//===----------------------------------------------------------------------===//

struct LowerMaxPool : OpRewritePattern<nn::MaxPoolOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::MaxPoolOp op,
                                PatternRewriter &rewriter) const override {
    Windows windows(op, op.getInput().getType(), op.getType());
    Type number = windows.output.getElementType();
    Value result =
        createMap(rewriter, op.getLoc(), windows.output,
                  createDynamicDims(rewriter, op.getLoc(), op.getResult()), {},
                  [&](OpBuilder &b, Location l, ValueRange) {
                    SmallVector<Value> loops =
                        createLoopIndices(b, l, windows.output.getRank());
                    Value lowest = createNumber(
                        b, l, number, -std::numeric_limits<double>::infinity());
                    return SmallVector<Value>{combineWindow<arith::MaximumFOp>(
                        b, l, windows, op.getInput(), loops, lowest)};
                  });
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// Two loops: for every window the place of its first largest element in the
/// image, then for every input element the sum over the windows that name it.
struct LowerMaxPoolGrad : OpRewritePattern<nn::MaxPoolGradOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::MaxPoolGradOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Windows windows(op, op.getInput().getType(), op.getError().getType());
    Value winners = buildWinners(rewriter, loc, windows, op);
    Value result = createMap(
        rewriter, loc, windows.input,
        createDynamicDims(rewriter, loc, op.getInput()), {},
        [&](OpBuilder &b, Location l, ValueRange) {
          SmallVector<Value> loops =
              createLoopIndices(b, l, windows.input.getRank());
          Value here =
              createPlaceNumber(b, l, windows,
                                ArrayRef(loops).slice(windows.firstSpatial,
                                                      windows.spatialRank()));
          Value zero = createNumber(b, l, windows.input.getElementType(), 0);
          return forBox(
              b, l, windows.coverages(), {zero},
              [&](OpBuilder &inner, Location il, ValueRange step,
                  ValueRange sum) {
                CoveringWindow window =
                    findWindow(inner, il, windows, loops, step);
                SmallVector<Value> indices =
                    withSpatial(windows, loops, window.place);
                Value winner =
                    tensor::ExtractOp::create(inner, il, winners, indices);
                Value error = tensor::ExtractOp::create(inner, il,
                                                        op.getError(), indices);
                Value won = arith::CmpIOp::create(
                    inner, il, arith::CmpIPredicate::eq, winner, here);
                won = arith::AndIOp::create(inner, il, won, window.exists);
                Value share =
                    arith::SelectOp::create(inner, il, won, error, zero);
                return SmallVector<Value>{
                    arith::AddFOp::create(inner, il, sum[0], share)};
              });
        });
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  /// Row-major number of a place among the pixels of one image, as i32.
  static Value createPlaceNumber(OpBuilder &b, Location loc,
                                 const Windows &windows,
                                 ArrayRef<Value> place) {
    Value number = place.front();
    for (unsigned i = 1; i < place.size(); ++i) {
      number = arith::MulIOp::create(
          b, loc, number, createIndex(b, loc, windows.inputExtent(i)));
      number = arith::AddIOp::create(b, loc, number, place[i]);
    }
    return arith::IndexCastOp::create(b, loc, b.getI32Type(), number);
  }

  static Value buildWinners(OpBuilder &builder, Location loc,
                            const Windows &windows, nn::MaxPoolGradOp op) {
    auto type =
        RankedTensorType::get(windows.output.getShape(), builder.getI32Type());
    return createMap(
        builder, loc, type, createDynamicDims(builder, loc, op.getError()), {},
        [&](OpBuilder &b, Location l, ValueRange) {
          SmallVector<Value> loops = createLoopIndices(b, l, type.getRank());
          Value lowest = createNumber(b, l, windows.input.getElementType(),
                                      -std::numeric_limits<double>::infinity());
          Value none = createNumber(b, l, b.getI32Type(), -1);
          SmallVector<Value> best = forBox(
              b, l, windows.kernel, {lowest, none},
              [&](OpBuilder &inner, Location il, ValueRange step,
                  ValueRange carried) {
                WindowElement element =
                    readWindow(inner, il, windows, op.getInput(), loops, step);
                Value place =
                    createPlaceNumber(inner, il, windows, element.place);
                Value better = isBetter(inner, il, element.number, carried);
                if (element.inside)
                  better =
                      arith::AndIOp::create(inner, il, better, element.inside);
                Value value = arith::SelectOp::create(
                    inner, il, better, element.number, carried[0]);
                Value winner = arith::SelectOp::create(inner, il, better, place,
                                                       carried[1]);
                return SmallVector<Value>{value, winner};
              });
          return SmallVector<Value>{best[1]};
        });
  }

  /// Larger than the best so far, NaN, or the first at all (which may be
  /// minus infinity).
  static Value isBetter(OpBuilder &b, Location loc, Value number,
                        ValueRange best) {
    Value greater = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OGT,
                                          number, best[0]);
    Value isNan = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO,
                                        number, number);
    Value none =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, best[1],
                              createNumber(b, loc, b.getI32Type(), 0));
    Value better = arith::OrIOp::create(b, loc, greater, isNan);
    return arith::OrIOp::create(b, loc, better, none);
  }
};

//===----------------------------------------------------------------------===//
// Mean
//===----------------------------------------------------------------------===//

/// What the sum over the window at `place` is divided by.
Value createDivisor(OpBuilder &b, Location loc, const Windows &windows,
                    bool countPadding, ArrayRef<Value> place, Type type) {
  int64_t known = 1;
  Value unknown;
  for (unsigned i = 0; i < windows.spatialRank(); ++i) {
    int64_t begin = countPadding ? -windows.low[i] : 0;
    int64_t end = windows.inputExtent(i) + (countPadding ? windows.high[i] : 0);
    int64_t first = -windows.low[i];
    int64_t last = first + (windows.outputExtent(i) - 1) * windows.strides[i] +
                   (windows.kernel[i] - 1) * windows.dilations[i];
    if (first >= begin && last < end) {
      known *= windows.kernel[i];
      continue;
    }
    // Kernel elements before `bound`, of those at start + k * dilation.
    Value start = arith::MulIOp::create(
        b, loc, place[i], createIndex(b, loc, windows.strides[i]));
    auto elementsBefore = [&](int64_t bound) -> Value {
      Value distance = arith::SubIOp::create(
          b, loc, createIndex(b, loc, bound + windows.low[i]), start);
      Value steps = arith::CeilDivSIOp::create(
          b, loc, distance, createIndex(b, loc, windows.dilations[i]));
      steps = arith::MaxSIOp::create(b, loc, steps, createIndex(b, loc, 0));
      return arith::MinSIOp::create(b, loc, steps,
                                    createIndex(b, loc, windows.kernel[i]));
    };
    Value count = arith::SubIOp::create(b, loc, elementsBefore(end),
                                        elementsBefore(begin));
    unknown = unknown
                  ? arith::MulIOp::create(b, loc, unknown, count).getResult()
                  : count;
  }
  if (!unknown)
    return createNumber(b, loc, type, static_cast<double>(known));
  unknown = arith::MulIOp::create(b, loc, unknown, createIndex(b, loc, known));
  Value integer = arith::IndexCastOp::create(b, loc, b.getI32Type(), unknown);
  return arith::SIToFPOp::create(b, loc, type, integer);
}

struct LowerAvgPool : OpRewritePattern<nn::AvgPoolOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::AvgPoolOp op,
                                PatternRewriter &rewriter) const override {
    Windows windows(op, op.getInput().getType(), op.getType());
    Type type = windows.output.getElementType();
    Value result = createMap(
        rewriter, op.getLoc(), windows.output,
        createDynamicDims(rewriter, op.getLoc(), op.getResult()), {},
        [&](OpBuilder &b, Location l, ValueRange) {
          SmallVector<Value> loops =
              createLoopIndices(b, l, windows.output.getRank());
          Value zero = createNumber(b, l, type, 0);
          Value sum = combineWindow<arith::AddFOp>(b, l, windows, op.getInput(),
                                                   loops, zero);
          Value divisor =
              createDivisor(b, l, windows, op.getCountIncludePad(),
                            ArrayRef(loops).slice(windows.firstSpatial,
                                                  windows.spatialRank()),
                            type);
          return SmallVector<Value>{arith::DivFOp::create(b, l, sum, divisor)};
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct LowerAvgPoolGrad : OpRewritePattern<nn::AvgPoolGradOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::AvgPoolGradOp op,
                                PatternRewriter &rewriter) const override {
    Windows windows(op, op.getType(), op.getError().getType());
    Type type = windows.input.getElementType();
    Value result = createMap(
        rewriter, op.getLoc(), windows.input,
        createDynamicDims(rewriter, op.getLoc(), op.getResult()), {},
        [&](OpBuilder &b, Location l, ValueRange) {
          SmallVector<Value> loops =
              createLoopIndices(b, l, windows.input.getRank());
          Value zero = createNumber(b, l, type, 0);
          return forBox(
              b, l, windows.coverages(), {zero},
              [&](OpBuilder &inner, Location il, ValueRange step,
                  ValueRange sum) {
                CoveringWindow window =
                    findWindow(inner, il, windows, loops, step);
                Value error = tensor::ExtractOp::create(
                    inner, il, op.getError(),
                    withSpatial(windows, loops, window.place));
                Value share = arith::DivFOp::create(
                    inner, il, error,
                    createDivisor(inner, il, windows, op.getCountIncludePad(),
                                  window.place, type));
                share = arith::SelectOp::create(inner, il, window.exists, share,
                                                zero);
                return SmallVector<Value>{
                    arith::AddFOp::create(inner, il, sum[0], share)};
              });
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

} // namespace

void frac::populatePoolLowering(RewritePatternSet &patterns) {
  patterns.add<LowerMaxPool, LowerMaxPoolGrad, LowerAvgPool, LowerAvgPoolGrad>(
      patterns.getContext());
}
