//===- TensorUses.cpp - Liveness of tensors in one block ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/memory/TensorUses.h"

#include "dialects/frac/FracDialect.h"
#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace frac;

bool frac::isTensorView(Operation *op) {
  return isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp,
             nn::KeepOp>(op);
}

bool frac::needsInitialValue(linalg::GenericOp op, OpOperand &init) {
  return op.payloadUsesValueFromOperand(&init) ||
         !op.getMatchingIndexingMap(&init).isProjectedPermutation();
}

TensorUses::TensorUses(Block &block) : block(block) {
  unsigned position = 1;
  for (Operation &op : block)
    positions[&op] = position++;
}

unsigned TensorUses::getLastUse(Value tensor) {
  auto it = lastUses.find(tensor);
  if (it != lastUses.end())
    return it->second;
  unsigned last = 0;
  for (OpOperand &use : tensor.getUses()) {
    Operation *user = block.findAncestorOpInBlock(*use.getOwner());
    if (isTensorView(user) ||
        isa<precision::DequantizeOp, precision::SampleBitsOp>(user))
      last = std::max(last, getLastUse(user->getResult(0)));
    else if (isa<func::ReturnOp, ml_program::GlobalStoreOp>(user))
      last = endPosition;
    else if (!isa<tensor::DimOp>(user))
      last = std::max(last, getPosition(user));
  }
  lastUses[tensor] = last;
  return last;
}

TensorUses::Target TensorUses::findTarget(Value tensor) {
  for (OpOperand &use : tensor.getUses()) {
    Operation *user = use.getOwner();
    if (isa<func::ReturnOp, ml_program::GlobalStoreOp>(user)) {
      Target target;
      target.consumer = user;
      target.operand = use.getOperandNumber();
      return target;
    }
    if (isTensorView(user)) {
      Target target = findTarget(user->getResult(0));
      if (target.consumer) {
        target.views.insert(target.views.begin(), user);
        return target;
      }
    }
    auto loops = dyn_cast<linalg::GenericOp>(user);
    if (loops && loops.isDpsInit(&use) && tensor.hasOneUse() &&
        needsInitialValue(loops, use))
      return findTarget(loops.getTiedOpResult(&use));
  }
  return Target();
}
