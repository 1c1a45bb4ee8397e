//===- LowerBatchNorm.cpp - Batch normalization to loops ------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Patterns.h"

using namespace mlir;
using namespace frac;

namespace {

Value widen(OpBuilder &b, Location loc, Value number) {
  if (number.getType().isF64())
    return number;
  return arith::ExtFOp::create(b, loc, b.getF64Type(), number);
}

Value narrow(OpBuilder &b, Location loc, Value number, Type type) {
  if (number.getType() == type)
    return number;
  return arith::TruncFOp::create(b, loc, type, number);
}

/// `number` of a sample that counts, else 0.
Value keepCounted(OpBuilder &b, Location loc, Value number, Value counts) {
  Value isCounted =
      arith::CmpFOp::create(b, loc, arith::CmpFPredicate::ONE, counts,
                            createNumber(b, loc, counts.getType(), 0));
  return arith::SelectOp::create(b, loc, isCounted, number,
                                 createNumber(b, loc, number.getType(), 0));
}

/// Builds loops over the images of one normalization and over its vectors of
/// one number a channel.
class ChannelLoops {
public:
  /// `samples` has a 1 for each sample that counts, else 0; null: all do.
  ChannelLoops(OpBuilder &builder, Location loc, Value image, int64_t channels,
               Value samples)
      : builder(builder), loc(loc), image(image), samples(samples),
        type(cast<RankedTensorType>(image.getType())), channelDim(channels),
        vectorType(RankedTensorType::get({type.getDimSize(channels)},
                                         type.getElementType())) {
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (dim != channelDim)
        pixelDims.push_back(dim);
  }

  MappedTensor over(Value tensor) const {
    if (tensor == samples)
      return {tensor, getProjection(builder.getContext(), type.getRank(), {0})};
    bool isVector = cast<RankedTensorType>(tensor.getType()).getRank() == 1;
    if (isVector)
      return {tensor,
              getProjection(builder.getContext(), type.getRank(), channelDim)};
    return {tensor, builder.getMultiDimIdentityMap(type.getRank())};
  }

  /// Two sums over the pixels of every channel, in double precision: they are
  /// long, and cancel. The loops wait for memory, not for the arithmetic.
  std::pair<Value, Value> sums(ValueRange inputs, BodyBuilder terms) const {
    SmallVector<MappedTensor> mapped;
    for (Value input : inputs)
      mapped.push_back(over(input));
    Value zero = createNumber(builder, loc, builder.getF64Type(), 0);
    auto sumType =
        RankedTensorType::get(vectorType.getShape(), builder.getF64Type());
    Value init = createFilled(builder, loc, sumType, {}, zero);
    SmallVector<Value> results = createReduction(
        builder, loc, type.getRank(), pixelDims, mapped, {init, init},
        [&](OpBuilder &b, Location bodyLoc, ValueRange arguments) {
          SmallVector<Value> added = terms(b, bodyLoc, arguments.drop_back(2));
          return SmallVector<Value>{
              createReassociableAdd(b, bodyLoc, arguments[inputs.size()],
                                    added[0]),
              createReassociableAdd(b, bodyLoc, arguments[inputs.size() + 1],
                                    added[1])};
        });
    return {results[0], results[1]};
  }

  /// An image from images and vectors.
  Value pixels(ValueRange inputs, BodyBuilder body) const {
    SmallVector<MappedTensor> mapped;
    for (Value input : inputs)
      mapped.push_back(over(input));
    return createMap(builder, loc, type, createDynamicDims(builder, loc, image),
                     mapped, body);
  }

  /// A vector from vectors, computed in double precision.
  Value vector(
      ValueRange inputs,
      llvm::function_ref<Value(OpBuilder &, Location, ValueRange)> body) const {
    SmallVector<MappedTensor> mapped;
    for (Value input : inputs)
      mapped.push_back({input, builder.getMultiDimIdentityMap(1)});
    return createMap(
        builder, loc, vectorType, {}, mapped,
        [&](OpBuilder &b, Location l, ValueRange arguments) {
          SmallVector<Value> wide;
          for (Value number : arguments)
            wide.push_back(widen(b, l, number));
          return SmallVector<Value>{
              narrow(b, l, body(b, l, wide), vectorType.getElementType())};
        });
  }

  /// Number of pixels of a channel in the samples that count.
  Value count() const {
    Type number = builder.getF64Type();
    if (!samples)
      return createElementCount(builder, loc, image, pixelDims,
                                cast<FloatType>(number));
    auto scalar = RankedTensorType::get({}, number);
    Value init = createFilled(builder, loc, scalar, {},
                              createNumber(builder, loc, number, 0));
    Value sum =
        createReduction(builder, loc, 1, {0},
                        {{samples, builder.getMultiDimIdentityMap(1)}}, init,
                        [](OpBuilder &b, Location l, ValueRange v) {
                          return SmallVector<Value>{createReassociableAdd(
                              b, l, v[1], widen(b, l, v[0]))};
                        })
            .front();
    sum = tensor::ExtractOp::create(builder, loc, sum);
    Value pixels = createElementCount(builder, loc, image,
                                      ArrayRef(pixelDims).drop_front(),
                                      cast<FloatType>(number));
    return arith::MulFOp::create(builder, loc, sum, pixels);
  }

  /// `count` as a divisor: at least 1.
  Value divisor(Value count) const {
    if (!samples)
      return count;
    return arith::MaximumFOp::create(
        builder, loc, count,
        createNumber(builder, loc, builder.getF64Type(), 1));
  }

  /// 1 / sqrt(variance + epsilon).
  Value inverseDeviation(Value variance, double epsilon) const {
    return vector(variance,
                  [&](OpBuilder &b, Location l, ValueRange v) -> Value {
                    Type number = b.getF64Type();
                    Value sum = arith::AddFOp::create(
                        b, l, v[0], createNumber(b, l, number, epsilon));
                    Value root = math::SqrtOp::create(b, l, sum);
                    return arith::DivFOp::create(
                        b, l, createNumber(b, l, number, 1), root);
                  });
  }

private:
  OpBuilder &builder;
  Location loc;
  Value image, samples;
  RankedTensorType type;
  int64_t channelDim;
  RankedTensorType vectorType;
  SmallVector<int64_t> pixelDims;
};

/// Mean and biased variance of every channel, in one pass. In double precision
/// the square of a mean, even of one that is large beside the deviation, can be
/// subtracted from the mean of squares.
std::pair<Value, Value> buildStatistics(const ChannelLoops &loops,
                                        nn::BatchNormOp op) {
  SmallVector<Value> inputs = {op.getInput()};
  if (Value samples = op.getSamples())
    inputs.push_back(samples);
  auto [sum, squares] =
      loops.sums(inputs, [](OpBuilder &b, Location l, ValueRange v) {
        Value number = widen(b, l, v[0]);
        // Selected: what does not count may be any number.
        if (v.size() > 1)
          number = keepCounted(b, l, number, v[1]);
        Value square = arith::MulFOp::create(b, l, number, number);
        return SmallVector<Value>{number, square};
      });
  Value count = loops.count();
  Value divisor = loops.divisor(count);
  // What nothing has been seen of is what is known.
  auto known = [&](OpBuilder &b, Location l, Value seen, Value kept) -> Value {
    if (!op.getSamples())
      return seen;
    Value isSeen =
        arith::CmpFOp::create(b, l, arith::CmpFPredicate::OGT, count,
                              createNumber(b, l, count.getType(), 0));
    return arith::SelectOp::create(b, l, isSeen, seen, kept);
  };
  Value mean = loops.vector(
      {sum, op.getMean()}, [&](OpBuilder &b, Location l, ValueRange v) {
        Value seen = arith::DivFOp::create(b, l, v[0], divisor);
        return known(b, l, seen, v[1]);
      });
  Value variance = loops.vector(
      {sum, squares, op.getVariance()},
      [&](OpBuilder &b, Location l, ValueRange v) {
        Value offset = arith::DivFOp::create(b, l, v[0], divisor);
        Value square = arith::DivFOp::create(b, l, v[1], divisor);
        Value difference = arith::SubFOp::create(
            b, l, square, arith::MulFOp::create(b, l, offset, offset));
        Value zero = createNumber(b, l, difference.getType(), 0);
        Value seen = arith::MaximumFOp::create(b, l, difference, zero);
        return known(b, l, seen, v[2]);
      });
  return {mean, variance};
}

struct LowerBatchNorm : OpRewritePattern<nn::BatchNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::BatchNormOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ChannelLoops loops(rewriter, loc, op.getInput(), op.getChannelDimension(),
                       op.getSamples());
    Value mean = op.getMean(), variance = op.getVariance();
    if (op.getTraining())
      std::tie(mean, variance) = buildStatistics(loops, op);
    Value factor = loops.vector(
        {loops.inverseDeviation(variance, op.getEpsilon().convertToDouble()),
         op.getScale()},
        [](OpBuilder &b, Location l, ValueRange v) -> Value {
          return arith::MulFOp::create(b, l, v[0], v[1]);
        });
    // The mean is subtracted first: folding it into the bias would cancel
    // digits where the mean is large.
    Value result = loops.pixels(
        {op.getInput(), mean, factor, op.getBias()},
        [](OpBuilder &b, Location l, ValueRange v) {
          Value centered = arith::SubFOp::create(b, l, v[0], v[1]);
          Value scaled = arith::MulFOp::create(b, l, centered, v[2]);
          return SmallVector<Value>{arith::AddFOp::create(b, l, scaled, v[3])};
        });
    rewriter.replaceOp(op, {result, mean, variance});
    return success();
  }
};

/// With d = input - mean, r = 1 / sqrt(variance + epsilon), N pixels a
/// channel and e the error (Ioffe and Szegedy 2015, section 3):
///
///   bias_grad  = sum e
///   scale_grad = r sum e d
///   input_grad = scale r (e - sum e / N - d r r (sum e d) / N)
struct LowerBatchNormGrad : OpRewritePattern<nn::BatchNormGradOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::BatchNormGradOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ChannelLoops loops(rewriter, loc, op.getInput(), op.getChannelDimension(),
                       op.getSamples());
    Value mean = op.getBatchMean();
    Value inverse = loops.inverseDeviation(op.getBatchVariance(),
                                           op.getEpsilon().convertToDouble());
    auto [sum, products] = loops.sums(
        {op.getError(), op.getInput(), mean},
        [](OpBuilder &b, Location l, ValueRange v) {
          Value error = widen(b, l, v[0]);
          Value centered = arith::SubFOp::create(b, l, v[1], v[2]);
          return SmallVector<Value>{
              error, arith::MulFOp::create(b, l, error, widen(b, l, centered))};
        });
    auto product = [](OpBuilder &b, Location l, ValueRange v) -> Value {
      return arith::MulFOp::create(b, l, v[0], v[1]);
    };
    Value scaleGrad = loops.vector({products, inverse}, product);
    Value biasGrad = loops.vector(
        sum, [](OpBuilder &, Location, ValueRange v) -> Value { return v[0]; });

    // Without a use of the input's gradient the rest is dead, and removed.
    Value count = loops.divisor(loops.count());
    Value factor = loops.vector({op.getScale(), inverse}, product);
    Value meanError =
        loops.vector(sum, [&](OpBuilder &b, Location l, ValueRange v) -> Value {
          return arith::DivFOp::create(b, l, v[0], count);
        });
    Value slope =
        loops.vector({products, inverse},
                     [&](OpBuilder &b, Location l, ValueRange v) -> Value {
                       Value square = arith::MulFOp::create(b, l, v[1], v[1]);
                       Value both = arith::MulFOp::create(b, l, v[0], square);
                       return arith::DivFOp::create(b, l, both, count);
                     });
    SmallVector<Value> inputs = {op.getError(), op.getInput(), mean,
                                 meanError,     slope,         factor};
    if (Value samples = op.getSamples())
      inputs.push_back(samples);
    Value inputGrad =
        loops.pixels(inputs, [&](OpBuilder &b, Location l, ValueRange v) {
          Value centered = arith::SubFOp::create(b, l, v[1], v[2]);
          Value difference = arith::SubFOp::create(b, l, v[0], v[3]);
          Value part = arith::MulFOp::create(b, l, centered, v[4]);
          Value rest = arith::SubFOp::create(b, l, difference, part);
          Value gradient = arith::MulFOp::create(b, l, rest, v[5]);
          if (op.getSamples())
            gradient = keepCounted(b, l, gradient, v[6]);
          return SmallVector<Value>{gradient};
        });
    rewriter.replaceOp(op, {inputGrad, scaleGrad, biasGrad});
    return success();
  }
};

} // namespace

void frac::populateBatchNormLowering(RewritePatternSet &patterns) {
  patterns.add<LowerBatchNorm, LowerBatchNormGrad>(patterns.getContext());
}
