//===- LayerChoice.cpp - Which layers a recipe leaves in float ------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/precision/LayerChoice.h"

#include "dialects/interfaces/NodeName.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace frac;

llvm::Expected<LayerChoice> LayerChoice::parse(ArrayRef<std::string> words) {
  LayerChoice choice;
  for (const std::string &word : words) {
    StringRef text(word);
    if (text == "first") {
      choice.first = true;
    } else if (text == "last") {
      choice.last = true;
    } else if (text == "shortcut") {
      choice.shortcut = true;
    } else if (text == "depthwise") {
      choice.depthwise = true;
    } else if (text.size() > 2 && text.starts_with("/") &&
               text.ends_with("/")) {
      auto regex = std::make_unique<llvm::Regex>(text.drop_front().drop_back());
      std::string error;
      if (!regex->isValid(error))
        return llvm::createStringError(
            "keep_float has '" + word +
            "', which is no regular expression: " + error);
      choice.names.push_back(std::move(regex));
    } else {
      return llvm::createStringError(
          "keep_float has '" + word +
          "'; it takes 'first', 'last', 'shortcut', 'depthwise' and "
          "/regular expressions/ on node names");
    }
  }
  return choice;
}

/// Whether `op` adds two tensors.
static bool isAddition(Operation *op) { return isa<arith::AddFOp>(op); }

/// Whether the result of `op` reaches an addition through operations that have
/// no other product among them and no other use: normalization and changes of
/// order.
static bool reachesAddition(Operation *op) {
  while (op && op->getNumResults() > 0 && op->getResult(0).hasOneUse()) {
    op = *op->getResult(0).getUsers().begin();
    if (isAddition(op))
      return true;
    if (isa<ContractionOpInterface>(op) ||
        isa<arith::MaximumFOp, arith::MinimumFOp>(op))
      return false;
  }
  return false;
}

/// The tensor that `value` is a rearrangement of.
static Value skipRearrangements(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (op->getNumOperands() != 1 || isa<ContractionOpInterface>(op) ||
        !isPure(op) || op->hasTrait<OpTrait::Elementwise>())
      break;
    value = op->getOperand(0);
  }
  return value;
}

/// Whether `op`, a product of single pixels, goes around others: its input
/// has another use, and its result is what a residual addition takes.
static bool isShortcut(ContractionOpInterface op) {
  if (!op.isPointwise())
    return false;
  Value input = skipRearrangements(op->getOperand(op.getLeftFactor()));
  return !input.hasOneUse() && reachesAddition(op);
}

DenseSet<Operation *>
LayerChoice::select(ArrayRef<ContractionOpInterface> forward) const {
  DenseSet<Operation *> selected;
  if (forward.empty())
    return selected;
  if (first)
    selected.insert(forward.front());
  if (last)
    selected.insert(forward.back());
  for (ContractionOpInterface op : forward) {
    if ((shortcut && isShortcut(op)) || (depthwise && op.isDepthwise()))
      selected.insert(op);
    StringRef name = getNodeName(op->getLoc());
    for (const std::unique_ptr<llvm::Regex> &regex : names)
      if (regex->match(name))
        selected.insert(op);
  }
  return selected;
}
