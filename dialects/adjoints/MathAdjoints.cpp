//===- MathAdjoints.cpp - Adjoints of the math dialect --------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/AdjointBuilder.h"
#include "dialects/adjoints/Adjoints.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectRegistry.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace frac;

using Predicate = arith::CmpFPredicate;
namespace numbers = llvm::numbers;

//===----------------------------------------------------------------------===//
// Rules of one operand; by the result where that is enough
//===----------------------------------------------------------------------===//

#define RULE(name, ...)                                                        \
  static Value name(AdjointBuilder &b, Value x, Value y, Value g) {            \
    return __VA_ARGS__;                                                        \
  }

RULE(zero, Value())
RULE(exp, b.mul(g, y))
RULE(exp2, b.mul(g, b.scale(y, numbers::ln2)))
RULE(expm1, b.mul(g, b.add(y, b.constant(1.0, y))))
RULE(log, b.div(g, x))
RULE(log2, b.div(g, b.scale(x, numbers::ln2)))
RULE(log10, b.div(g, b.scale(x, numbers::ln10)))
RULE(log1p, b.div(g, b.add(x, b.constant(1.0, x))))
RULE(sqrt, b.div(g, b.scale(y, 2.0)))
RULE(rsqrt, b.mul(g, b.scale(b.mul(y, b.square(y)), -0.5)))
RULE(cbrt, b.div(g, b.scale(b.square(y), 3.0)))
RULE(tanh, b.mul(g, b.sub(b.constant(1.0, y), b.square(y))))
RULE(sin, b.mul(g, b.createOrFold<math::CosOp>(x)))
RULE(cos, b.neg(b.mul(g, b.createOrFold<math::SinOp>(x))))
RULE(tan, b.mul(g, b.add(b.square(y), b.constant(1.0, y))))
RULE(sinh, b.mul(g, b.createOrFold<math::CoshOp>(x)))
RULE(cosh, b.mul(g, b.createOrFold<math::SinhOp>(x)))
RULE(atan, b.div(g, b.add(b.square(x), b.constant(1.0, x))))
RULE(atanh, b.div(g, b.sub(b.constant(1.0, x), b.square(x))))
RULE(asin, b.div(g, b.createOrFold<math::SqrtOp>(b.sub(b.constant(1.0, x),
                                                       b.square(x)))))
RULE(acos, b.neg(asin(b, x, y, g)))
RULE(asinh, b.div(g, b.createOrFold<math::SqrtOp>(b.add(b.square(x),
                                                        b.constant(1.0, x)))))
RULE(acosh, b.div(g, b.createOrFold<math::SqrtOp>(b.sub(b.square(x),
                                                        b.constant(1.0, x)))))
RULE(erf, b.mul(g, b.scale(b.createOrFold<math::ExpOp>(b.neg(b.square(x))),
                           2.0 * numbers::inv_sqrtpi)))
RULE(erfc, b.neg(erf(b, x, y, g)))

#undef RULE

/// 0 at 0.
static Value abs(AdjointBuilder &b, Value x, Value y, Value g) {
  Value ifNegative = b.keepWhere(b.neg(g), x, Predicate::OLT, 0.0);
  Value isPositive = b.compare(Predicate::OGT, x, b.zeros(x));
  return b.select(isPositive, g, ifNegative);
}

//===----------------------------------------------------------------------===//
// Rules of two operands
//===----------------------------------------------------------------------===//

/// 0 where the exponent is 0, whatever the base.
static Value powBase(AdjointBuilder &b, Value l, Value r, Value y, Value g) {
  Value lower = b.sub(r, b.constant(1.0, r));
  Value slope = b.mul(r, b.createOrFold<math::PowFOp>(l, lower));
  Value isZero = b.compare(Predicate::OEQ, r, b.zeros(r));
  return b.select(isZero, b.zeros(g), b.mul(g, slope));
}

/// The same for an exponent that is an integer.
static Value integerPowBase(AdjointBuilder &b, Value x, Value exponent, Value y,
                            Value g) {
  Type type = exponent.getType();
  auto constant = [&](int64_t value) -> Value {
    TypedAttr attr = b.getIntegerAttr(getElementTypeOrSelf(type), value);
    if (auto shaped = dyn_cast<RankedTensorType>(type)) {
      if (!shaped.hasStaticShape())
        return tensor::SplatOp::create(b, type,
                                       arith::ConstantOp::create(b, attr),
                                       b.dynamicSizes(exponent));
      attr = DenseElementsAttr::get(shaped, attr);
    }
    return arith::ConstantOp::create(b, attr);
  };
  Value lower = b.createOrFold<arith::SubIOp>(exponent, constant(1));
  Value factor = b.createOrFold<arith::SIToFPOp>(x.getType(), exponent);
  Value slope = b.mul(factor, math::FPowIOp::create(b, x, lower));
  Value isZero = b.createOrFold<arith::CmpIOp>(arith::CmpIPredicate::eq,
                                               exponent, constant(0));
  return b.select(isZero, b.zeros(g), b.mul(g, slope));
}

/// 0 where the base is 0 and the exponent is not negative.
static Value powExponent(AdjointBuilder &b, Value l, Value r, Value y,
                         Value g) {
  Value gradient = b.mul(g, b.mul(y, b.createOrFold<math::LogOp>(l)));
  Value isBaseZero = b.compare(Predicate::OEQ, l, b.zeros(l));
  Value isFinite = b.compare(Predicate::OGE, r, b.zeros(r));
  Value vanishes = arith::AndIOp::create(b, isBaseZero, isFinite);
  return b.select(vanishes, b.zeros(g), gradient);
}

/// The factor is 1 or -1, whichever the sign was changed by; 0 at 0.
static Value copySignMagnitude(AdjointBuilder &b, Value l, Value r, Value y,
                               Value g) {
  Value isZero = b.compare(Predicate::OEQ, l, b.zeros(l));
  return b.select(isZero, b.zeros(g), b.mul(g, b.div(y, l)));
}

static Value zeroOfSecond(AdjointBuilder &b, Value l, Value r, Value y,
                          Value g) {
  return Value();
}

static Value squaredLength(AdjointBuilder &b, Value l, Value r) {
  Value first = b.square(l);
  return b.add(first, b.square(r));
}

static Value atan2Lhs(AdjointBuilder &b, Value l, Value r, Value y, Value g) {
  return b.mul(g, b.div(r, squaredLength(b, l, r)));
}

static Value atan2Rhs(AdjointBuilder &b, Value l, Value r, Value y, Value g) {
  return b.neg(b.mul(g, b.div(l, squaredLength(b, l, r))));
}

/// x * y + z
static AdjointValues fma(math::FmaOp op, AdjointBuilder &b,
                         ValueRange resultGradients, const BitVector &wanted) {
  Value g = resultGradients.front();
  SmallVector<Value> gradients(3);
  if (wanted[0])
    gradients[0] = b.mul(g, op.getB());
  if (wanted[1])
    gradients[1] = b.mul(g, op.getA());
  if (wanted[2])
    gradients[2] = g;
  return gradients;
}

/// Each bound has the gradient of what lies beyond it; what is equal to one is
/// not beyond.
static AdjointValues clampf(math::ClampFOp op, AdjointBuilder &b,
                            ValueRange resultGradients,
                            const BitVector &wanted) {
  Value g = resultGradients.front(), zero = b.zeros(g);
  Value isBelow = b.compare(Predicate::OLT, op.getValue(), op.getMin());
  Value isAbove = b.compare(Predicate::OGT, op.getValue(), op.getMax());
  SmallVector<Value> gradients(3);
  if (wanted[0])
    gradients[0] = b.select(isBelow, zero, b.select(isAbove, zero, g));
  if (wanted[1])
    gradients[1] = b.select(isBelow, g, zero);
  if (wanted[2])
    gradients[2] = b.select(isAbove, g, zero);
  return gradients;
}

//===----------------------------------------------------------------------===//
// Registration
//===----------------------------------------------------------------------===//

template <typename OpTy, UnaryRule rule>
static void attach(MLIRContext *context) {
  OpTy::template attachInterface<UnaryAdjoint<OpTy, rule>>(*context);
}

template <typename OpTy, BinaryRule lhsRule, BinaryRule rhsRule>
static void attach(MLIRContext *context) {
  OpTy::template attachInterface<BinaryAdjoint<OpTy, lhsRule, rhsRule>>(
      *context);
}

void frac::registerMathAdjoints(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, math::MathDialect *) {
    attach<math::AbsFOp, abs>(context);
    attach<math::AcosOp, acos>(context);
    attach<math::AcoshOp, acosh>(context);
    attach<math::AsinOp, asin>(context);
    attach<math::AsinhOp, asinh>(context);
    attach<math::AtanOp, atan>(context);
    attach<math::Atan2Op, atan2Lhs, atan2Rhs>(context);
    attach<math::AtanhOp, atanh>(context);
    attach<math::CbrtOp, cbrt>(context);
    attach<math::CeilOp, zero>(context);
    attach<math::CopySignOp, copySignMagnitude, zeroOfSecond>(context);
    attach<math::CosOp, cos>(context);
    attach<math::CoshOp, cosh>(context);
    attach<math::ErfOp, erf>(context);
    attach<math::ErfcOp, erfc>(context);
    attach<math::ExpOp, exp>(context);
    attach<math::Exp2Op, exp2>(context);
    attach<math::ExpM1Op, expm1>(context);
    attach<math::FloorOp, zero>(context);
    attach<math::FPowIOp, integerPowBase, zeroOfSecond>(context);
    attach<math::LogOp, log>(context);
    attach<math::Log10Op, log10>(context);
    attach<math::Log1pOp, log1p>(context);
    attach<math::Log2Op, log2>(context);
    attach<math::PowFOp, powBase, powExponent>(context);
    attach<math::RoundOp, zero>(context);
    attach<math::RoundEvenOp, zero>(context);
    attach<math::RsqrtOp, rsqrt>(context);
    attach<math::SinOp, sin>(context);
    attach<math::SinhOp, sinh>(context);
    attach<math::SqrtOp, sqrt>(context);
    attach<math::TanOp, tan>(context);
    attach<math::TanhOp, tanh>(context);
    attach<math::TruncOp, zero>(context);
    math::ClampFOp::attachInterface<OpAdjoint<math::ClampFOp, clampf>>(
        *context);
    math::FmaOp::attachInterface<OpAdjoint<math::FmaOp, fma>>(*context);
    context->loadDialect<arith::ArithDialect, tensor::TensorDialect>();
  });
}
