//===- LowerElementwise.cpp - Elementwise operations to loops -------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Patterns.h"

using namespace mlir;
using namespace frac;

namespace {

//===----------------------------------------------------------------------===//
// Tensors to loops
//===----------------------------------------------------------------------===//

/// The number that every element of `tensor` has, if that can be told without
/// reading it.
Value getSplatNumber(OpBuilder &builder, Location loc, Value tensor) {
  if (auto splat = tensor.getDefiningOp<tensor::SplatOp>())
    return splat.getInput();
  DenseElementsAttr elements;
  if (!matchPattern(tensor, m_Constant(&elements)) || !elements.isSplat())
    return nullptr;
  return arith::ConstantOp::create(
      builder, loc, cast<TypedAttr>(elements.getSplatValue<Attribute>()));
}

/// op(tensors) -> a loop over op(numbers). Operands that are the same number
/// everywhere are captured as that number instead of read.
struct LowerElementwise : RewritePattern {
  LowerElementwise(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    if (!OpTrait::hasElementwiseMappableTraits(op) || op->getNumResults() != 1)
      return rewriter.notifyMatchFailure(op, "not elementwise");
    auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
    if (!type)
      return rewriter.notifyMatchFailure(op, "not on tensors");

    Location loc = op->getLoc();
    Value like;
    SmallVector<Value> read;
    // For each operand the number, or null where the next of `read` is meant.
    SmallVector<Value> numbers;
    for (Value operand : op->getOperands()) {
      if (!isa<RankedTensorType>(operand.getType())) {
        numbers.push_back(operand);
        continue;
      }
      like = operand;
      Value number = getSplatNumber(rewriter, loc, operand);
      if (!number)
        read.push_back(operand);
      numbers.push_back(number);
    }
    if (!like)
      return rewriter.notifyMatchFailure(op, "no operand gives the extents");

    Value result = createMapLike(
        rewriter, loc, like, type.getElementType(), read,
        [&](OpBuilder &b, Location bodyLoc, ValueRange arguments) {
          SmallVector<Value> operands;
          unsigned next = 0;
          for (Value number : numbers)
            operands.push_back(number ? number : arguments[next++]);
          Operation *scalar =
              b.create(bodyLoc, op->getName().getIdentifier(), operands,
                       type.getElementType(), op->getAttrs());
          return SmallVector<Value>{scalar->getResult(0)};
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct LowerSplat : OpRewritePattern<tensor::SplatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::SplatOp op,
                                PatternRewriter &rewriter) const override {
    Value result =
        createMap(rewriter, op.getLoc(), op.getType(), op.getDynamicSizes(), {},
                  [&](OpBuilder &, Location, ValueRange) {
                    return SmallVector<Value>{op.getInput()};
                  });
    rewriter.replaceOp(op, result);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Activations on numbers
//===----------------------------------------------------------------------===//

/// Builds `arith` and `math` on numbers of one type.
struct Scalar {
  OpBuilder &builder;
  Location loc;
  Type type;

  Value number(double value) const {
    return createNumber(builder, loc, type, value);
  }
  Value add(Value a, Value b) const {
    return arith::AddFOp::create(builder, loc, a, b);
  }
  Value mul(Value a, Value b) const {
    return arith::MulFOp::create(builder, loc, a, b);
  }
  Value div(Value a, Value b) const {
    return arith::DivFOp::create(builder, loc, a, b);
  }
  Value select(arith::CmpFPredicate predicate, Value a, Value b, Value yes,
               Value no) const {
    Value condition = arith::CmpFOp::create(builder, loc, predicate, a, b);
    return arith::SelectOp::create(builder, loc, condition, yes, no);
  }
  /// `value` kept within the bounds; NaN stays NaN. The form of the
  /// comparisons is the one that x86 has single instructions for.
  Value atLeast(Value value, Value bound) const {
    return select(arith::CmpFPredicate::OGT, bound, value, bound, value);
  }
  Value atMost(Value value, Value bound) const {
    return select(arith::CmpFPredicate::OLT, bound, value, bound, value);
  }
  /// exp(-|value|), which cannot overflow.
  Value expOfMinusAbs(Value value) const {
    Value magnitude = math::AbsFOp::create(builder, loc, value);
    Value negated = arith::NegFOp::create(builder, loc, magnitude);
    return math::ExpOp::create(builder, loc, negated);
  }
};

Value expand(nn::ReluOp op, Value x, const Scalar &s) {
  return s.atLeast(x, s.number(0));
}

Value expand(nn::ClipOp op, Value x, const Scalar &s) {
  return s.atMost(s.atLeast(x, s.number(op.getMinimum().convertToDouble())),
                  s.number(op.getMaximum().convertToDouble()));
}

Value expand(nn::LeakyReluOp op, Value x, const Scalar &s) {
  Value scaled = s.mul(x, s.number(op.getAlpha().convertToDouble()));
  return s.select(arith::CmpFPredicate::OGT, x, s.number(0), x, scaled);
}

Value expand(nn::EluOp op, Value x, const Scalar &s) {
  Value alpha = s.number(op.getAlpha().convertToDouble());
  Value grown = math::ExpM1Op::create(s.builder, s.loc, x);
  return s.select(arith::CmpFPredicate::OGT, x, s.number(0), x,
                  s.mul(alpha, grown));
}

/// With z = exp(-|x|): 1 / (1 + z) where x >= 0, else z / (1 + z).
Value expand(nn::SigmoidOp op, Value x, const Scalar &s) {
  Value one = s.number(1);
  Value z = s.expOfMinusAbs(x);
  Value numerator = s.select(arith::CmpFPredicate::OGE, x, s.number(0), one, z);
  return s.div(numerator, s.add(one, z));
}

/// max(x, 0) + log(1 + exp(-|x|)).
Value expand(nn::SoftplusOp op, Value x, const Scalar &s) {
  Value rest = math::Log1pOp::create(s.builder, s.loc, s.expOfMinusAbs(x));
  return s.add(s.atLeast(x, s.number(0)), rest);
}

Value expand(nn::HardSigmoidOp op, Value x, const Scalar &s) {
  Value line = s.add(s.mul(x, s.number(op.getAlpha().convertToDouble())),
                     s.number(op.getBeta().convertToDouble()));
  return s.atMost(s.atLeast(line, s.number(0)), s.number(1));
}

template <typename OpT>
struct ExpandActivation : OpRewritePattern<OpT> {
  using OpRewritePattern<OpT>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpT op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!isa<FloatType>(type))
      return rewriter.notifyMatchFailure(op, "not on numbers");
    rewriter.replaceOp(
        op, expand(op, op.getInput(), Scalar{rewriter, op.getLoc(), type}));
    return success();
  }
};

} // namespace

void frac::populateElementwiseLowering(RewritePatternSet &patterns) {
  patterns.add<LowerElementwise, LowerSplat, ExpandActivation<nn::ReluOp>,
               ExpandActivation<nn::ClipOp>, ExpandActivation<nn::LeakyReluOp>,
               ExpandActivation<nn::EluOp>, ExpandActivation<nn::SigmoidOp>,
               ExpandActivation<nn::SoftplusOp>,
               ExpandActivation<nn::HardSigmoidOp>>(patterns.getContext());
}
