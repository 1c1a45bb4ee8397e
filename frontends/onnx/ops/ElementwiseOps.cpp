//===- ElementwiseOps.cpp - Arithmetic, element by element ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Folding.h"
#include "frontends/onnx/LegacyBroadcast.h"
#include "frontends/onnx/NodeContext.h"
#include "frontends/onnx/Operators.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace frac;
using namespace frac::frontend;

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

template <typename OpTy>
static LogicalResult importUnary(NodeContext &node) {
  node.setOutput(0, node.getBuilder().unary<OpTy>(node.getInput(0)));
  return success();
}

static LogicalResult importReciprocal(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &input = node.getInput(0);
  node.setOutput(
      0, b.binary<arith::DivFOp>(b.splat(1, b.f32(), input.shape), input));
  return success();
}

/// log(x + sqrt((x - 1) (x + 1)))
static LogicalResult importAcosh(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor x = node.getInput(0);
  Tensor square = b.binary<arith::MulFOp>(b.binary<arith::SubFOp>(x, 1.0),
                                          b.binary<arith::AddFOp>(x, 1.0));
  node.setOutput(0, b.unary<math::LogOp>(b.binary<arith::AddFOp>(
                        x, b.unary<math::SqrtOp>(square))));
  return success();
}

/// log(1 + 2 x / (1 - x)) / 2
static LogicalResult importAtanh(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor x = node.getInput(0);
  Tensor rest = b.binary<arith::SubFOp>(b.splat(1, b.f32(), x.shape), x);
  Tensor quotient =
      b.binary<arith::DivFOp>(b.binary<arith::AddFOp>(x, x), rest);
  node.setOutput(
      0, b.binary<arith::MulFOp>(b.unary<math::Log1pOp>(quotient), 0.5));
  return success();
}

static LogicalResult importNeg(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &input = node.getInput(0);
  if (input.isFloat())
    return importUnary<arith::NegFOp>(node);
  if (input.isBool())
    return node.error("the input holds bools, only numbers are supported");
  if (std::optional<Tensor> folded = foldUnary(
          b, input, [](Extent x) { return subtract(0, x); }, input.elementType))
    node.setOutput(0, *folded);
  else
    node.setOutput(0, b.binary<arith::SubIOp>(
                          b.splat(0, input.elementType, input.shape), input));
  return success();
}

static LogicalResult importAbs(NodeContext &node) {
  if (node.getInput(0).isFloat())
    return importUnary<math::AbsFOp>(node);
  if (node.getInput(0).isInteger())
    return importUnary<math::AbsIOp>(node);
  return node.error("the input holds bools, only numbers are supported");
}

//===----------------------------------------------------------------------===//
// Two operands and more
//===----------------------------------------------------------------------===//

/// Integer arithmetic at import.
struct FoldAdd {
  std::optional<Extent> operator()(Extent a, Extent b) { return add(a, b); }
};
struct FoldSub {
  std::optional<Extent> operator()(Extent a, Extent b) {
    return subtract(a, b);
  }
};
struct FoldMul {
  std::optional<Extent> operator()(Extent a, Extent b) {
    return multiply(a, b);
  }
};
struct FoldDiv {
  std::optional<Extent> operator()(Extent a, Extent b) {
    // Division of integers rounds towards zero.
    if (a.isStatic() && b.isStatic() && b.offset != 0 && b.offset != -1)
      return Extent(a.offset / b.offset);
    return divideExactly(a, b);
  }
};
struct FoldMax {
  std::optional<Extent> operator()(Extent a, Extent b) {
    return onStatic([](int64_t x, int64_t y) { return std::max(x, y); })(a, b);
  }
};
struct FoldMin {
  std::optional<Extent> operator()(Extent a, Extent b) {
    return onStatic([](int64_t x, int64_t y) { return std::min(x, y); })(a, b);
  }
};

/// Checks that an operand is of numbers, of the type of the others.
static LogicalResult checkNumbers(NodeContext &node, const Tensor &tensor,
                                  Type elementType) {
  if (tensor.elementType != elementType)
    return node.error("the operands have different element types");
  if (!tensor.isFloat() && !tensor.isInteger())
    return node.error("the operands must be float32, int64 or int32");
  return success();
}

template <typename FloatOp, typename IntOp, typename Fold>
static FailureOr<Tensor> combine(NodeContext &node, const Tensor &lhs,
                                 const Tensor &rhs) {
  TensorBuilder &b = node.getBuilder();
  if (failed(checkNumbers(node, lhs, lhs.elementType)) ||
      failed(checkNumbers(node, rhs, lhs.elementType)))
    return failure();
  if (!TensorBuilder::broadcastShapes(lhs.shape, rhs.shape))
    return node.error("shapes " + toString(lhs.shape) + " and " +
                      toString(rhs.shape) + " do not broadcast");
  if (lhs.isFloat())
    return b.binary<FloatOp>(lhs, rhs);
  if (std::optional<Tensor> folded =
          foldBinary(b, lhs, rhs, Fold(), lhs.elementType))
    return *folded;
  return b.binary<IntOp>(lhs, rhs);
}

template <typename FloatOp, typename IntOp, typename Fold>
static LogicalResult importBinary(NodeContext &node) {
  Tensor rhs;
  if (failed(getSecondOperand(node, rhs)))
    return failure();
  FailureOr<Tensor> result =
      combine<FloatOp, IntOp, Fold>(node, node.getInput(0), rhs);
  if (failed(result))
    return failure();
  node.setOutput(0, *result);
  return success();
}

/// From left to right over all inputs.
template <typename FloatOp, typename IntOp, typename Fold>
static LogicalResult importVariadic(NodeContext &node) {
  FailureOr<Tensor> result = node.getInput(0);
  if (failed(checkNumbers(node, *result, result->elementType)))
    return failure();
  for (int64_t i = 1; i < node.getNumInputs(); ++i) {
    if (!node.hasInput(i))
      return node.error("input " + llvm::Twine(i) + " is missing");
    result = combine<FloatOp, IntOp, Fold>(node, *result, node.getInput(i));
    if (failed(result))
      return failure();
  }
  node.setOutput(0, *result);
  return success();
}

static LogicalResult importMod(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &lhs = node.getInput(0), &rhs = node.getInput(1);
  if (failed(checkNumbers(node, lhs, lhs.elementType)) ||
      failed(checkNumbers(node, rhs, lhs.elementType)))
    return failure();
  bool truncates = node.getInt("fmod", 0) != 0;
  if (lhs.isFloat()) {
    if (!truncates)
      return node.error("float32 needs the attribute 'fmod' = 1");
    node.setOutput(0, b.binary<arith::RemFOp>(lhs, rhs));
    return success();
  }
  // Without fmod the result has the sign of the divisor, as in Python.
  std::optional<Tensor> folded = foldBinary(
      b, lhs, rhs,
      [&](Extent x, Extent y) -> std::optional<Extent> {
        if (!x.isStatic() || !y.isStatic() || y.offset == 0 || y.offset == -1)
          return std::nullopt;
        int64_t rest = x.offset % y.offset;
        bool adjust = !truncates && rest != 0 && (rest < 0) != (y.offset < 0);
        return Extent(adjust ? rest + y.offset : rest);
      },
      lhs.elementType);
  if (!folded)
    return node.error("the operands are integers that are not known at import");
  node.setOutput(0, *folded);
  return success();
}

static LogicalResult importMean(NodeContext &node) {
  if (failed(importVariadic<arith::AddFOp, arith::AddIOp, FoldAdd>(node)))
    return failure();
  node.setOutput(0, node.getBuilder().binary<arith::MulFOp>(
                        *node.getOutput(0), 1.0 / node.getNumInputs()));
  return success();
}

static LogicalResult importPow(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor base = node.getInput(0), exponent;
  if (failed(getSecondOperand(node, exponent)))
    return failure();
  if (!TensorBuilder::broadcastShapes(base.shape, exponent.shape))
    return node.error("shapes " + toString(base.shape) + " and " +
                      toString(exponent.shape) + " do not broadcast");
  if (exponent.isBool())
    return node.error("the exponent is a bool, only numbers are supported");
  // A constant scalar exponent has simpler forms, which hold for negative
  // bases too.
  std::optional<double> number;
  if (getNumElements(exponent.shape) == Extent(1) &&
      exponent.getRank() <= base.getRank()) {
    if (std::optional<std::vector<float>> floats = getFloats(exponent))
      number = floats->front();
    else if (std::optional<std::vector<int64_t>> integers =
                 getStaticIntegers(exponent))
      number = integers->front();
  }
  if (number == 1.0) {
    node.setOutput(0, base);
  } else if (number == 2.0) {
    node.setOutput(0, b.binary<arith::MulFOp>(base, base));
  } else if (number == 3.0) {
    node.setOutput(
        0, b.binary<arith::MulFOp>(b.binary<arith::MulFOp>(base, base), base));
  } else if (number == 0.5) {
    node.setOutput(0, b.unary<math::SqrtOp>(base));
  } else if (number == -1.0) {
    node.setOutput(
        0, b.binary<arith::DivFOp>(b.splat(1, b.f32(), base.shape), base));
  } else if (number) {
    node.setOutput(0, b.binary<math::PowFOp>(base, *number));
  } else {
    if (!exponent.isFloat()) {
      Value integers = b.getValue(exponent);
      exponent = b.wrap(
          arith::SIToFPOp::create(b.getBuilder(), b.getLoc(),
                                  b.getType(b.f32(), exponent.shape), integers),
          exponent.shape);
    }
    node.setOutput(0, b.binary<math::PowFOp>(base, exponent));
  }
  return success();
}

llvm::ArrayRef<Operator> frac::frontend::getElementwiseOperators() {
  static const Operator table[] = {
      {"Abs", minOpset, maxOpset, 1, 1, 0, "", importAbs, "X", ""},
      {"Acos", minOpset, maxOpset, 1, 1, 1, "", importUnary<math::AcosOp>,
       "input", ""},
      {"Acosh", 9, maxOpset, 1, 1, 1, "", importAcosh, "input", ""},
      {"Add", minOpset, maxOpset, 2, 2, 0, "axis broadcast",
       importBinary<arith::AddFOp, arith::AddIOp, FoldAdd>, "A, B", ""},
      {"Asin", minOpset, maxOpset, 1, 1, 1, "", importUnary<math::AsinOp>,
       "input", ""},
      {"Atan", minOpset, maxOpset, 1, 1, 1, "", importUnary<math::AtanOp>,
       "input", ""},
      {"Atanh", 9, maxOpset, 1, 1, 1, "", importAtanh, "input", ""},
      {"Ceil", minOpset, maxOpset, 1, 1, 1, "", importUnary<math::CeilOp>, "",
       ""},
      {"Cos", minOpset, maxOpset, 1, 1, 1, "", importUnary<math::CosOp>,
       "input", ""},
      {"Cosh", 9, maxOpset, 1, 1, 1, "", importUnary<math::CoshOp>, "input",
       ""},
      {"Div", minOpset, maxOpset, 2, 2, 0, "axis broadcast",
       importBinary<arith::DivFOp, arith::DivSIOp, FoldDiv>, "A, B", ""},
      {"Erf", 9, maxOpset, 1, 1, 1, "", importUnary<math::ErfOp>, "input", ""},
      {"Exp", minOpset, maxOpset, 1, 1, 1, "", importUnary<math::ExpOp>,
       "input", ""},
      {"Floor", minOpset, maxOpset, 1, 1, 1, "", importUnary<math::FloorOp>, "",
       ""},
      {"Log", minOpset, maxOpset, 1, 1, 1, "", importUnary<math::LogOp>,
       "input", ""},
      {"Max", minOpset, maxOpset, 1, variadic, 0, "",
       importVariadic<arith::MaximumFOp, arith::MaxSIOp, FoldMax>, "data_0...",
       ""},
      {"Mean", minOpset, maxOpset, 1, variadic, variadic, "", importMean,
       "data_0...", ""},
      {"Min", minOpset, maxOpset, 1, variadic, 0, "",
       importVariadic<arith::MinimumFOp, arith::MinSIOp, FoldMin>, "data_0...",
       ""},
      {"Mod", 10, maxOpset, 2, 2, 0, "fmod", importMod, "A",
       "float32 with `fmod` = 1, integers where they are known at import"},
      {"Mul", minOpset, maxOpset, 2, 2, 0, "axis broadcast",
       importBinary<arith::MulFOp, arith::MulIOp, FoldMul>, "A, B", ""},
      {"Neg", minOpset, maxOpset, 1, 1, 0, "", importNeg, "X", ""},
      {"Pow", minOpset, maxOpset, 2, 2, 1, "axis broadcast", importPow, "X, Y",
       "float32 base; a constant scalar exponent gets no gradient"},
      {"Reciprocal", minOpset, maxOpset, 1, 1, 1, "", importReciprocal, "X",
       ""},
      {"Round", 11, maxOpset, 1, 1, 1, "", importUnary<math::RoundEvenOp>, "",
       ""},
      {"Sin", minOpset, maxOpset, 1, 1, 1, "", importUnary<math::SinOp>,
       "input", ""},
      {"Sinh", 9, maxOpset, 1, 1, 1, "", importUnary<math::SinhOp>, "input",
       ""},
      {"Sqrt", minOpset, maxOpset, 1, 1, 1, "", importUnary<math::SqrtOp>, "X",
       ""},
      {"Sub", minOpset, maxOpset, 2, 2, 0, "axis broadcast",
       importBinary<arith::SubFOp, arith::SubIOp, FoldSub>, "A, B", ""},
      {"Sum", minOpset, maxOpset, 1, variadic, variadic, "",
       importVariadic<arith::AddFOp, arith::AddIOp, FoldAdd>, "data_0...", ""},
      {"Tan", minOpset, maxOpset, 1, 1, 1, "", importUnary<math::TanOp>,
       "input", ""},
  };
  return table;
}
