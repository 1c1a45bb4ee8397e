//===- ReductionOps.cpp - Reductions -------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/NodeContext.h"
#include "frontends/onnx/Operators.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace frac;
using namespace frac::frontend;

/// The axes of a reduction: an attribute until some operator set, an input
/// since. No axes are all, or none with `noop_with_empty_axes`.
static FailureOr<SmallVector<int64_t>> getAxes(NodeContext &node) {
  auto axes = node.getIntsFromAttributeOrInput("axes", 1);
  if (failed(axes))
    return failure();
  int64_t rank = node.getInput(0).getRank();
  if (*axes && !(*axes)->empty()) {
    auto normalized = node.normalizeAxes(**axes, rank);
    if (succeeded(normalized))
      llvm::sort(*normalized);
    return normalized;
  }
  SmallVector<int64_t> all;
  if (node.getInt("noop_with_empty_axes", 0) == 0)
    for (int64_t i = 0; i != rank; ++i)
      all.push_back(i);
  return all;
}

/// Combines integers that are known at import, if all are.
static std::optional<Tensor> foldReduce(NodeContext &node, nn::ReduceKind kind,
                                        const Tensor &input, bool keep,
                                        ArrayRef<int64_t> axes) {
  std::optional<std::vector<Extent>> elements = getIntegers(input);
  if (!elements || elements->empty() ||
      static_cast<int64_t>(axes.size()) != input.getRank())
    return std::nullopt;
  std::optional<Extent> result = elements->front();
  for (Extent element : llvm::drop_begin(*elements)) {
    bool isStatic = result->isStatic() && element.isStatic();
    if (kind == nn::ReduceKind::sum)
      result = add(*result, element);
    else if (kind == nn::ReduceKind::prod)
      result = multiply(*result, element);
    else if (kind == nn::ReduceKind::max && isStatic)
      result = std::max(result->offset, element.offset);
    else if (kind == nn::ReduceKind::min && isStatic)
      result = std::min(result->offset, element.offset);
    else
      return std::nullopt;
    if (!result)
      return std::nullopt;
  }
  return node.getBuilder().integers(
      {*result}, Shape(keep ? input.getRank() : 0, 1), input.elementType);
}

template <nn::ReduceKind kind>
static LogicalResult importReduce(NodeContext &node) {
  Tensor &input = node.getInput(0);
  FailureOr<SmallVector<int64_t>> axes = getAxes(node);
  if (failed(axes))
    return failure();
  bool keep = node.getInt("keepdims", 1) != 0;
  if (input.isFloat()) {
    node.setOutput(0, node.getBuilder().reduce(kind, input, *axes, keep));
    return success();
  }
  std::optional<Tensor> folded = foldReduce(node, kind, input, keep, *axes);
  if (!folded)
    return node.error("the input holds integers that are not known at import, "
                      "only float32 is supported");
  node.setOutput(0, *folded);
  return success();
}

/// after(sum(before(x)))
template <typename Before, typename After>
static LogicalResult importSumOf(NodeContext &node, Before before,
                                 After after) {
  TensorBuilder &b = node.getBuilder();
  FailureOr<SmallVector<int64_t>> axes = getAxes(node);
  if (failed(axes))
    return failure();
  node.setOutput(0,
                 after(b.reduce(nn::ReduceKind::sum, before(node.getInput(0)),
                                *axes, node.getInt("keepdims", 1) != 0)));
  return success();
}

static LogicalResult importReduceL1(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  return importSumOf(
      node, [&](Tensor x) { return b.unary<math::AbsFOp>(x); },
      [](Tensor sum) { return sum; });
}

static LogicalResult importReduceL2(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  return importSumOf(
      node, [&](Tensor x) { return b.binary<arith::MulFOp>(x, x); },
      [&](Tensor sum) { return b.unary<math::SqrtOp>(sum); });
}

static LogicalResult importReduceSumSquare(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  return importSumOf(
      node, [&](Tensor x) { return b.binary<arith::MulFOp>(x, x); },
      [](Tensor sum) { return sum; });
}

static LogicalResult importReduceLogSum(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  return importSumOf(
      node, [](Tensor x) { return x; },
      [&](Tensor sum) { return b.unary<math::LogOp>(sum); });
}

/// max + log(sum(exp(x - max))), which does not overflow.
static LogicalResult importReduceLogSumExp(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0);
  FailureOr<SmallVector<int64_t>> axes = getAxes(node);
  if (failed(axes))
    return failure();
  Tensor largest = b.reduce(nn::ReduceKind::max, input, *axes, true);
  Tensor powers = b.unary<math::ExpOp>(b.binary<arith::SubFOp>(input, largest));
  Tensor sum = b.reduce(nn::ReduceKind::sum, powers, *axes, true);
  Tensor result = b.binary<arith::AddFOp>(b.unary<math::LogOp>(sum), largest);
  if (node.getInt("keepdims", 1) == 0) {
    Shape shape;
    for (int64_t i = 0; i != input.getRank(); ++i)
      if (!llvm::is_contained(*axes, i))
        shape.push_back(input.shape[i]);
    result = b.reshape(result, shape);
  }
  node.setOutput(0, result);
  return success();
}

template <bool smallest>
static LogicalResult importArgMax(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0);
  auto axis = node.normalizeAxis(node.getInt("axis", 0), input.getRank());
  if (failed(axis))
    return failure();
  if (node.getInt("select_last_index", 0) != 0)
    return node.error("attribute 'select_last_index' = 1 is not supported");
  if (smallest)
    input = b.unary<arith::NegFOp>(input);
  Shape shape, kept;
  for (int64_t i = 0; i != input.getRank(); ++i) {
    kept.push_back(i == *axis ? Extent(1) : input.shape[i]);
    if (i != *axis)
      shape.push_back(input.shape[i]);
  }
  Value value = b.getValue(input);
  Tensor result =
      b.wrap(nn::ArgMaxOp::create(b.getBuilder(), b.getLoc(),
                                  b.getType(b.i64(), shape), value, *axis),
             shape);
  node.setOutput(0,
                 node.getInt("keepdims", 1) ? b.reshape(result, kept) : result);
  return success();
}

llvm::ArrayRef<Operator> frac::frontend::getReductionOperators() {
  constexpr const char *attributes = "axes keepdims noop_with_empty_axes";
  constexpr const char *integers =
      "integers only where they are known at import";
  using nn::ReduceKind;
  static const Operator table[] = {
      {"ArgMax", minOpset, maxOpset, 1, 1, 1, "axis keepdims select_last_index",
       importArgMax<false>, "", "`select_last_index` must be 0"},
      {"ArgMin", minOpset, maxOpset, 1, 1, 1, "axis keepdims select_last_index",
       importArgMax<true>, "", "`select_last_index` must be 0"},
      {"ReduceL1", minOpset, maxOpset, 1, 2, 1, attributes, importReduceL1,
       "data", ""},
      {"ReduceL2", minOpset, maxOpset, 1, 2, 1, attributes, importReduceL2,
       "data", ""},
      {"ReduceLogSum", minOpset, maxOpset, 1, 2, 1, attributes,
       importReduceLogSum, "data", ""},
      {"ReduceLogSumExp", minOpset, maxOpset, 1, 2, 1, attributes,
       importReduceLogSumExp, "data", ""},
      {"ReduceMax", minOpset, maxOpset, 1, 2, 0, attributes,
       importReduce<ReduceKind::max>, "data", integers},
      {"ReduceMean", minOpset, maxOpset, 1, 2, 1, attributes,
       importReduce<ReduceKind::mean>, "data", ""},
      {"ReduceMin", minOpset, maxOpset, 1, 2, 0, attributes,
       importReduce<ReduceKind::min>, "data", integers},
      {"ReduceProd", minOpset, maxOpset, 1, 2, 0, attributes,
       importReduce<ReduceKind::prod>, "data", integers},
      {"ReduceSum", minOpset, maxOpset, 1, 2, 0, attributes,
       importReduce<ReduceKind::sum>, "data", integers},
      {"ReduceSumSquare", minOpset, maxOpset, 1, 2, 1, attributes,
       importReduceSumSquare, "data", ""},
  };
  return table;
}
