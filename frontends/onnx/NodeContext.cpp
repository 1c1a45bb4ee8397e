//===- NodeContext.cpp - A node being imported ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/NodeContext.h"

#include <onnx/onnx_pb.h>

using namespace mlir;
using namespace frac::frontend;
using onnx::AttributeProto;

llvm::StringRef frac::frontend::getNodeName(const onnx::NodeProto &node) {
  if (!node.name().empty())
    return node.name();
  return node.output_size() ? llvm::StringRef(node.output(0)) : "";
}

NodeContext::NodeContext(const onnx::NodeProto &node, int opset,
                         TensorBuilder &builder,
                         llvm::SmallVector<Tensor *> inputs,
                         std::vector<bool> outputs,
                         std::optional<int64_t> exportedBatch,
                         Diagnostics &diagnostics)
    : node(node), opset(opset), builder(builder), inputs(std::move(inputs)),
      outputs(std::move(outputs)), results(this->outputs.size()),
      exportedBatch(exportedBatch), diagnostics(diagnostics) {}

LogicalResult NodeContext::error(const llvm::Twine &message) {
  diagnostics.nodeError(getNodeName(node), node.op_type(), message);
  return failure();
}

void NodeContext::setOutput(size_t index, Tensor tensor) {
  if (index < results.size())
    results[index] = std::move(tensor);
}

FailureOr<std::vector<int64_t>>
NodeContext::getConstantInput(size_t index, llvm::StringRef what) {
  if (std::optional<std::vector<int64_t>> numbers =
          getStaticIntegers(getInput(index)))
    return *numbers;
  return error(what + " must be constant; export the model with constant "
                      "shapes, or simplify it first");
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

const AttributeProto *NodeContext::getAttribute(llvm::StringRef name) const {
  for (const AttributeProto &attribute : node.attribute())
    if (attribute.name() == name)
      return &attribute;
  return nullptr;
}

bool NodeContext::hasAttribute(llvm::StringRef name) const {
  return getAttribute(name);
}

int64_t NodeContext::getInt(llvm::StringRef name, int64_t defaultValue) {
  const AttributeProto *attribute = getAttribute(name);
  if (attribute && !attribute->has_i())
    mistyped = name.str();
  return attribute ? attribute->i() : defaultValue;
}

float NodeContext::getFloat(llvm::StringRef name, float defaultValue) {
  const AttributeProto *attribute = getAttribute(name);
  if (attribute && !attribute->has_f())
    mistyped = name.str();
  return attribute ? attribute->f() : defaultValue;
}

std::string NodeContext::getString(llvm::StringRef name,
                                   llvm::StringRef defaultValue) {
  const AttributeProto *attribute = getAttribute(name);
  if (attribute && !attribute->has_s())
    mistyped = name.str();
  return attribute ? attribute->s() : defaultValue.str();
}

std::optional<std::vector<int64_t>> NodeContext::getInts(llvm::StringRef name) {
  const AttributeProto *attribute = getAttribute(name);
  if (!attribute)
    return std::nullopt;
  if (attribute->has_i() || attribute->has_f() || attribute->has_s())
    mistyped = name.str();
  return std::vector<int64_t>(attribute->ints().begin(),
                              attribute->ints().end());
}

std::optional<std::vector<float>> NodeContext::getFloats(llvm::StringRef name) {
  const AttributeProto *attribute = getAttribute(name);
  if (!attribute)
    return std::nullopt;
  if (attribute->has_i() || attribute->has_f() || attribute->has_s())
    mistyped = name.str();
  return std::vector<float>(attribute->floats().begin(),
                            attribute->floats().end());
}

FailureOr<std::optional<std::vector<int64_t>>>
NodeContext::getIntsFromAttributeOrInput(llvm::StringRef name,
                                         size_t inputIndex) {
  if (hasAttribute(name))
    return getInts(name);
  if (!hasInput(inputIndex))
    return std::optional<std::vector<int64_t>>();
  FailureOr<std::vector<int64_t>> numbers = getConstantInput(inputIndex, name);
  if (failed(numbers))
    return failure();
  return std::optional<std::vector<int64_t>>(std::move(*numbers));
}

FailureOr<int64_t> NodeContext::normalizeAxis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank)
    return error("axis " + llvm::Twine(axis) + " is outside of the " +
                 llvm::Twine(rank) + " dimensions");
  return axis < 0 ? axis + rank : axis;
}

FailureOr<llvm::SmallVector<int64_t>>
NodeContext::normalizeAxes(llvm::ArrayRef<int64_t> axes, int64_t rank) {
  llvm::SmallVector<int64_t> normalized;
  for (int64_t axis : axes) {
    FailureOr<int64_t> one = normalizeAxis(axis, rank);
    if (failed(one))
      return failure();
    if (llvm::is_contained(normalized, *one))
      return error("axis " + llvm::Twine(axis) + " is given twice");
    normalized.push_back(*one);
  }
  return normalized;
}
