//===- Gradients.cpp - Gradients of a value in a block --------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/Gradients.h"

#include "dialects/adjoints/AdjointBuilder.h"
#include "dialects/interfaces/DifferentiableOpInterface.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace frac;

/// Whether values of this type can have gradients.
static bool isContinuous(Type type) {
  return isa<FloatType>(getElementTypeOrSelf(type));
}

namespace {

/// One reverse walk over a block.
class ReverseWalk {
public:
  ReverseWalk(OpBuilder &builder, Value loss, ArrayRef<Value> leaves)
      : builder(builder), loss(loss), leaves(leaves) {}

  FailureOr<SmallVector<Value>> run(Value seed);

private:
  /// Finds the values that depend on a leaf, and the operations through which
  /// one reaches the loss, last first.
  void findActive();

  /// Bits of the operands of `op` that a gradient has to be built for.
  BitVector getWanted(Operation *op) const;

  /// Reports each active operation that has no derivative.
  LogicalResult checkDifferentiable() const;

  /// Builds the gradients of the operands of `op` and adds them to what their
  /// values have so far.
  LogicalResult differentiate(Operation *op);

  /// Calls `visit` for each value of the block that `op` uses, in its regions
  /// too.
  void forEachUse(Operation *op, function_ref<void(Value)> visit) const;

  OpBuilder &builder;
  Value loss;
  ArrayRef<Value> leaves;
  llvm::DenseSet<Value> active;
  SmallVector<Operation *> path;
  llvm::DenseMap<Value, Value> gradients;
};

} // namespace

void ReverseWalk::forEachUse(Operation *op,
                             function_ref<void(Value)> visit) const {
  for (Value operand : op->getOperands())
    visit(operand);
  for (Region &region : op->getRegions())
    region.walk([&](Operation *nested) {
      for (Value operand : nested->getOperands())
        if (!region.isAncestor(operand.getParentRegion()))
          visit(operand);
    });
}

void ReverseWalk::findActive() {
  active.insert(leaves.begin(), leaves.end());
  Block *block = builder.getInsertionBlock();
  auto isBehind = [&](Operation &op) {
    return builder.getInsertionPoint() != block->end() &&
           !op.isBeforeInBlock(&*builder.getInsertionPoint());
  };
  for (Operation &op : *block) {
    if (isBehind(op))
      break;
    bool isActive = false;
    auto interface = dyn_cast<DifferentiableOpInterface>(op);
    if (interface) {
      for (OpOperand &operand : op.getOpOperands())
        isActive |=
            active.contains(operand.get()) &&
            interface.isDifferentiableOperand(operand.getOperandNumber());
    } else {
      forEachUse(&op, [&](Value used) { isActive |= active.contains(used); });
    }
    if (!isActive)
      continue;
    for (Value result : op.getResults())
      if (isContinuous(result.getType()))
        active.insert(result);
  }

  llvm::DenseSet<Value> needed = {loss};
  for (Operation &op : llvm::reverse(*block)) {
    if (isBehind(op) || llvm::none_of(op.getResults(), [&](Value result) {
          return needed.contains(result) && active.contains(result);
        }))
      continue;
    bool isOnPath = false;
    auto interface = dyn_cast<DifferentiableOpInterface>(op);
    auto need = [&](Value value) {
      if (!active.contains(value))
        return;
      needed.insert(value);
      isOnPath = true;
    };
    if (interface) {
      for (OpOperand &operand : op.getOpOperands())
        if (interface.isDifferentiableOperand(operand.getOperandNumber()))
          need(operand.get());
    } else {
      forEachUse(&op, need);
    }
    if (isOnPath)
      path.push_back(&op);
  }
}

BitVector ReverseWalk::getWanted(Operation *op) const {
  auto interface = cast<DifferentiableOpInterface>(op);
  BitVector wanted(op->getNumOperands());
  for (OpOperand &operand : op->getOpOperands())
    if (active.contains(operand.get()) &&
        interface.isDifferentiableOperand(operand.getOperandNumber()))
      wanted.set(operand.getOperandNumber());
  return wanted;
}

LogicalResult ReverseWalk::checkDifferentiable() const {
  bool isDifferentiable = true;
  for (Operation *op : llvm::reverse(path)) {
    if (isa<DifferentiableOpInterface>(op))
      continue;
    op->emitError() << "'" << op->getName()
                    << "' has no derivative, but the loss depends on a trained "
                       "value through it; freeze what lies before it or "
                       "replace the operation";
    isDifferentiable = false;
  }
  return success(isDifferentiable);
}

LogicalResult ReverseWalk::differentiate(Operation *op) {
  SmallVector<Value> resultGradients;
  for (Value result : op->getResults())
    resultGradients.push_back(gradients.lookup(result));
  // The only gradients on the way may have turned out to be zero.
  if (llvm::none_of(resultGradients, [](Value value) { return !!value; }))
    return success();

  FailureOr<SmallVector<Value>> built =
      cast<DifferentiableOpInterface>(op).buildAdjoint(builder, resultGradients,
                                                       getWanted(op));
  if (failed(built))
    return failure();
  for (auto [operand, gradient] : llvm::zip_equal(op->getOperands(), *built)) {
    if (!gradient)
      continue;
    if (gradient.getType() != operand.getType())
      return op->emitError()
             << "the gradient of an operand of type " << operand.getType()
             << " came out as " << gradient.getType();
    Value &sum = gradients[operand];
    sum = sum ? AdjointBuilder(op->getLoc(), builder).add(sum, gradient)
              : gradient;
  }
  return success();
}

FailureOr<SmallVector<Value>> ReverseWalk::run(Value seed) {
  findActive();
  if (failed(checkDifferentiable()))
    return failure();
  if (active.contains(loss)) {
    if (!seed)
      seed = AdjointBuilder(loss.getLoc(), builder).constant(1.0, loss);
    gradients[loss] = seed;
  }
  bool isComplete = true;
  for (Operation *op : path)
    isComplete &= succeeded(differentiate(op));
  if (!isComplete)
    return failure();
  return llvm::map_to_vector(
      leaves, [&](Value leaf) { return gradients.lookup(leaf); });
}

FailureOr<SmallVector<Value>> frac::buildGradients(OpBuilder &builder,
                                                   Value loss, Value seed,
                                                   ArrayRef<Value> leaves) {
  return ReverseWalk(builder, loss, leaves).run(seed);
}

void frac::mergeGlobalLoads(Block &block) {
  llvm::DenseMap<Attribute, Value> loaded;
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (auto store = dyn_cast<ml_program::GlobalStoreOp>(op)) {
      loaded.erase(store.getGlobal());
      continue;
    }
    auto load = dyn_cast<ml_program::GlobalLoadOp>(op);
    if (!load)
      continue;
    Value &first = loaded[load.getGlobal()];
    if (!first || first.getType() != load.getType()) {
      first = load.getResult();
      continue;
    }
    load.getResult().replaceAllUsesWith(first);
    load.erase();
  }
}
