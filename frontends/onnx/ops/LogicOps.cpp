//===- LogicOps.cpp - Comparisons, logic and selection -------------------===//
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
#include "llvm/Support/CheckedArithmetic.h"

using namespace mlir;
using namespace frac;
using namespace frac::frontend;

/// Brings two tensors of one element type to their common shape.
static FailureOr<Shape> broadcastTogether(NodeContext &node, Tensor &lhs,
                                          Tensor &rhs) {
  if (lhs.elementType != rhs.elementType)
    return node.error("the operands have different element types");
  std::optional<Shape> shape =
      TensorBuilder::broadcastShapes(lhs.shape, rhs.shape);
  if (!shape)
    return node.error("shapes " + toString(lhs.shape) + " and " +
                      toString(rhs.shape) + " do not broadcast");
  lhs = node.getBuilder().broadcast(lhs, *shape);
  rhs = node.getBuilder().broadcast(rhs, *shape);
  return *shape;
}

/// Compares two integers.
static bool compare(arith::CmpIPredicate predicate, int64_t a, int64_t b) {
  switch (predicate) {
  case arith::CmpIPredicate::eq:
    return a == b;
  case arith::CmpIPredicate::slt:
    return a < b;
  case arith::CmpIPredicate::sle:
    return a <= b;
  case arith::CmpIPredicate::sgt:
    return a > b;
  default:
    return a >= b;
  }
}

/// Compares two extents at import, if the outcome is the same for every batch.
static std::optional<Extent> compare(arith::CmpIPredicate predicate, Extent a,
                                     Extent b) {
  // The difference is linear in the batch, which is at least 1.
  std::optional<Extent> difference = subtract(a, b);
  if (!difference)
    return std::nullopt;
  std::optional<int64_t> least =
      llvm::checkedAdd(difference->scale, difference->offset);
  if (!least)
    return std::nullopt;
  bool alwaysPositive = difference->scale > 0 && *least > 0;
  bool alwaysNegative = difference->scale < 0 && *least < 0;
  if (!difference->isStatic() && !alwaysPositive && !alwaysNegative)
    return std::nullopt;
  return Extent(compare(predicate, *least, 0) ? 1 : 0);
}

template <arith::CmpFPredicate floats, arith::CmpIPredicate integers>
static LogicalResult importCompare(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor lhs = node.getInput(0), rhs;
  if (failed(getSecondOperand(node, rhs)))
    return failure();
  if (lhs.isBool() && integers != arith::CmpIPredicate::eq)
    return node.error("the operands are bools, only numbers are supported");
  if (lhs.elementType == rhs.elementType && !lhs.isFloat())
    if (std::optional<Tensor> folded = foldBinary(
            b, lhs, rhs,
            [](Extent x, Extent y) { return compare(integers, x, y); },
            b.i1())) {
      node.setOutput(0, *folded);
      return success();
    }
  FailureOr<Shape> shape = broadcastTogether(node, lhs, rhs);
  if (failed(shape))
    return failure();
  Value left = b.getValue(lhs), right = b.getValue(rhs), result;
  if (lhs.isFloat())
    result =
        arith::CmpFOp::create(b.getBuilder(), b.getLoc(), floats, left, right);
  else
    result = arith::CmpIOp::create(b.getBuilder(), b.getLoc(), integers, left,
                                   right);
  node.setOutput(0, b.wrap(result, *shape));
  return success();
}

static LogicalResult checkBool(NodeContext &node, size_t index) {
  if (node.getInput(index).isBool())
    return success();
  return node.error("input " + llvm::Twine(index) + " must be of bools");
}

struct FoldAnd {
  int64_t operator()(int64_t a, int64_t b) const { return a & b; }
};
struct FoldOr {
  int64_t operator()(int64_t a, int64_t b) const { return a | b; }
};
struct FoldXor {
  int64_t operator()(int64_t a, int64_t b) const { return a ^ b; }
};

template <typename OpTy, typename Fold>
static LogicalResult importLogic(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor lhs = node.getInput(0), rhs;
  if (failed(checkBool(node, 0)) || failed(checkBool(node, 1)) ||
      failed(getSecondOperand(node, rhs)))
    return failure();
  if (std::optional<Tensor> folded =
          foldBinary(b, lhs, rhs, onStatic(Fold()), b.i1())) {
    node.setOutput(0, *folded);
    return success();
  }
  if (failed(broadcastTogether(node, lhs, rhs)))
    return failure();
  node.setOutput(0, b.binary<OpTy>(lhs, rhs));
  return success();
}

static LogicalResult importNot(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &input = node.getInput(0);
  if (failed(checkBool(node, 0)))
    return failure();
  if (std::optional<Tensor> folded = foldUnary(
          b, input, [](Extent x) { return subtract(1, x); }, b.i1()))
    node.setOutput(0, *folded);
  else
    node.setOutput(
        0, b.binary<arith::XOrIOp>(input, b.splat(1, b.i1(), input.shape)));
  return success();
}

static LogicalResult importIsNaN(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &input = node.getInput(0);
  Value value = b.getValue(input);
  node.setOutput(
      0, b.wrap(arith::CmpFOp::create(b.getBuilder(), b.getLoc(),
                                      arith::CmpFPredicate::UNO, value, value),
                input.shape));
  return success();
}

/// Selects at import where all three are known.
static std::optional<Tensor> foldWhere(TensorBuilder &b,
                                       const Tensor &condition,
                                       const Tensor &yes, const Tensor &no) {
  std::optional<Shape> shape =
      TensorBuilder::broadcastShapes(yes.shape, no.shape);
  if (shape)
    shape = TensorBuilder::broadcastShapes(*shape, condition.shape);
  if (!shape)
    return std::nullopt;
  std::optional<Tensor> flags = foldBroadcast(b, condition, *shape),
                        left = foldBroadcast(b, yes, *shape),
                        right = foldBroadcast(b, no, *shape);
  if (!flags || !left || !right)
    return std::nullopt;
  std::vector<Extent> elements = *right->integers;
  for (size_t i = 0; i != elements.size(); ++i)
    if ((*flags->integers)[i] != Extent(0))
      elements[i] = (*left->integers)[i];
  return b.integers(std::move(elements), *shape, yes.elementType);
}

static LogicalResult importWhere(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor condition = node.getInput(0), yes = node.getInput(1),
         no = node.getInput(2);
  if (failed(checkBool(node, 0)))
    return failure();
  if (yes.elementType == no.elementType)
    if (std::optional<Tensor> folded = foldWhere(b, condition, yes, no)) {
      node.setOutput(0, *folded);
      return success();
    }
  FailureOr<Shape> shape = broadcastTogether(node, yes, no);
  if (failed(shape))
    return failure();
  std::optional<Shape> common =
      TensorBuilder::broadcastShapes(*shape, condition.shape);
  if (!common)
    return node.error("the condition " + toString(condition.shape) +
                      " does not broadcast with " + toString(*shape));
  condition = b.broadcast(condition, *common);
  yes = b.broadcast(yes, *common);
  no = b.broadcast(no, *common);
  Value flags = b.getValue(condition), left = b.getValue(yes),
        right = b.getValue(no);
  node.setOutput(0, b.wrap(arith::SelectOp::create(b.getBuilder(), b.getLoc(),
                                                   flags, left, right),
                           *common));
  return success();
}

llvm::ArrayRef<Operator> frac::frontend::getLogicOperators() {
  using F = arith::CmpFPredicate;
  using I = arith::CmpIPredicate;
  static const Operator table[] = {
      {"And", minOpset, maxOpset, 2, 2, 0, "axis broadcast",
       importLogic<arith::AndIOp, FoldAnd>, "", ""},
      {"Equal", minOpset, maxOpset, 2, 2, 0, "axis broadcast",
       importCompare<F::OEQ, I::eq>, "", ""},
      {"Greater", minOpset, maxOpset, 2, 2, 0, "axis broadcast",
       importCompare<F::OGT, I::sgt>, "", ""},
      {"GreaterOrEqual", 12, maxOpset, 2, 2, 0, "",
       importCompare<F::OGE, I::sge>, "", ""},
      {"IsNaN", 9, maxOpset, 1, 1, 1, "", importIsNaN, "", ""},
      {"Less", minOpset, maxOpset, 2, 2, 0, "axis broadcast",
       importCompare<F::OLT, I::slt>, "", ""},
      {"LessOrEqual", 12, maxOpset, 2, 2, 0, "", importCompare<F::OLE, I::sle>,
       "", ""},
      {"Not", minOpset, maxOpset, 1, 1, 0, "", importNot, "", ""},
      {"Or", minOpset, maxOpset, 2, 2, 0, "axis broadcast",
       importLogic<arith::OrIOp, FoldOr>, "", ""},
      {"Where", 9, maxOpset, 3, 3, 0, "", importWhere, "X, Y", ""},
      {"Xor", minOpset, maxOpset, 2, 2, 0, "axis broadcast",
       importLogic<arith::XOrIOp, FoldXor>, "", ""},
  };
  return table;
}
