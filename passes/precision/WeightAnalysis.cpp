//===- WeightAnalysis.cpp - Weights of an inference function --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/precision/WeightAnalysis.h"

using namespace mlir;
using namespace frac;

WeightAnalysis::WeightAnalysis(func::FuncOp function,
                               ArrayRef<unsigned> arguments) {
  for (unsigned number : arguments)
    if (number < function.getNumArguments())
      weights.insert(function.getArgument(number));
  // Operands come before their users, but for loops in the control flow, whose
  // arguments are no weights.
  function.walk<WalkOrder::PreOrder>([&](Operation *op) {
    bool isWeight = llvm::all_of(op->getOperands(), [&](Value operand) {
      return operand.getType().isIndex() || this->isWeight(operand);
    });
    // What a nested operation reads from outside may be anything; those of
    // structured operations read block arguments alone.
    op->walk([&](Operation *nested) {
      for (Value operand : nested->getOperands())
        if (nested != op &&
            !op->isAncestor(operand.getParentBlock()->getParentOp()))
          isWeight &= this->isWeight(operand);
    });
    if (isWeight && op != function)
      weights.insert(op->result_begin(), op->result_end());
  });
}
