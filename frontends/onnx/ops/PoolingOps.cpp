//===- PoolingOps.cpp - Pools --------------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Operators.h"
#include "frontends/onnx/Window.h"

using namespace mlir;
using namespace frac;
using namespace frac::frontend;

/// The window of a pool, from its attributes.
static FailureOr<Window> getPoolWindow(NodeContext &node) {
  std::optional<std::vector<int64_t>> kernel = node.getInts("kernel_shape");
  if (!kernel)
    return node.error("attribute 'kernel_shape' is missing");
  return getWindow(node, node.getInput(0).shape, *kernel,
                   node.getInt("ceil_mode", 0) != 0);
}

/// The shape of a pool's result.
static Shape getPooledShape(const Tensor &input, const Window &window) {
  Shape shape = {input.shape[0], input.shape[1]};
  shape.append(window.output.begin(), window.output.end());
  return shape;
}

/// Imports a pool; `create` builds the operation from the type of its result
/// and its window.
static LogicalResult
importPool(NodeContext &node,
           llvm::function_ref<Value(Type, const Window &)> create) {
  TensorBuilder &b = node.getBuilder();
  FailureOr<Window> window = getPoolWindow(node);
  if (failed(window))
    return failure();
  Shape shape = getPooledShape(node.getInput(0), *window);
  node.setOutput(0, b.wrap(create(b.getType(b.f32(), shape), *window), shape));
  return success();
}

static LogicalResult importMaxPool(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  return importPool(node, [&](Type type, const Window &window) -> Value {
    return nn::MaxPoolOp::create(
        b.getBuilder(), b.getLoc(), type, b.getValue(node.getInput(0)),
        window.kernel, window.strides, window.dilations, window.padsBegin,
        window.padsEnd, /*channels_last=*/false);
  });
}

static LogicalResult importAveragePool(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  return importPool(node, [&](Type type, const Window &window) -> Value {
    return nn::AvgPoolOp::create(
        b.getBuilder(), b.getLoc(), type, b.getValue(node.getInput(0)),
        window.kernel, window.strides, window.dilations, window.padsBegin,
        window.padsEnd, /*channels_last=*/false,
        node.getInt("count_include_pad", 0) != 0);
  });
}

template <nn::ReduceKind kind>
static LogicalResult importGlobalPool(NodeContext &node) {
  Tensor &input = node.getInput(0);
  if (input.getRank() < 3)
    return node.error("the input has shape " + toString(input.shape) +
                      ", it must have dimensions after batch and channels");
  SmallVector<int64_t> dimensions;
  for (int64_t i = 2; i != input.getRank(); ++i)
    dimensions.push_back(i);
  node.setOutput(0, node.getBuilder().reduce(kind, input, dimensions,
                                             /*keepDimensions=*/true));
  return success();
}

llvm::ArrayRef<Operator> frac::frontend::getPoolingOperators() {
  static const Operator table[] = {
      {"AveragePool", minOpset, maxOpset, 1, 1, 1,
       "auto_pad ceil_mode count_include_pad dilations kernel_shape pads "
       "strides",
       importAveragePool, "X", "1 to 3 spatial dimensions"},
      {"GlobalAveragePool", minOpset, maxOpset, 1, 1, 1, "",
       importGlobalPool<nn::ReduceKind::mean>, "X", ""},
      {"GlobalMaxPool", minOpset, maxOpset, 1, 1, 1, "",
       importGlobalPool<nn::ReduceKind::max>, "X", ""},
      {"MaxPool", minOpset, maxOpset, 1, 1, 1,
       "auto_pad ceil_mode dilations kernel_shape pads storage_order strides",
       importMaxPool, "X", "1 to 3 spatial dimensions; no Indices output"},
  };
  return table;
}
