//===- LegacyBroadcast.cpp - Broadcasting of opset 6 ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/LegacyBroadcast.h"

using namespace mlir;
using namespace frac::frontend;

LogicalResult frac::frontend::getSecondOperand(NodeContext &node,
                                               Tensor &operand) {
  operand = node.getInput(1);
  const Tensor &first = node.getInput(0);
  bool hasAttributes =
      node.hasAttribute("axis") || node.hasAttribute("broadcast");
  if (node.getOpset() >= 7) {
    if (hasAttributes)
      return node.error("attributes 'axis' and 'broadcast' are of opset 6; "
                        "remove them from the model");
    return success();
  }
  if (node.getInt("broadcast", 0) == 0) {
    if (operand.shape != first.shape)
      return node.error("the shapes " + toString(first.shape) + " and " +
                        toString(operand.shape) +
                        " differ, but 'broadcast' is not set");
    return success();
  }
  int64_t trailing = first.getRank() - operand.getRank();
  int64_t axis = node.getInt("axis", trailing);
  if (axis < 0)
    axis += first.getRank();
  if (trailing < 0 || axis < 0 || axis > trailing)
    return node.error("a tensor of shape " + toString(operand.shape) +
                      " does not fit into " + toString(first.shape) +
                      " at axis " + llvm::Twine(axis));
  Shape shape = operand.shape;
  shape.append(trailing - axis, Extent(1));
  operand = node.getBuilder().reshape(operand, shape);
  return success();
}
