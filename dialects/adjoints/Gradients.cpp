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

/// Whether values of this type may depend on a leaf continuously: all but
/// integers. What an operation of another dialect keeps in a type of its own
/// may be floats.
static bool isContinuous(Type type) {
  return !getElementTypeOrSelf(type).isIntOrIndex();
}

/// What an operation is computed from: operands, then captures.
static SmallVector<Value> getInputs(Operation *op) {
  SmallVector<Value> inputs(op->getOperands());
  llvm::append_range(inputs, getCaptures(op));
  return inputs;
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

  /// Bits of the inputs of `op` that a gradient has to be built for.
  BitVector getWanted(Operation *op) const;

  /// Reports each active operation that has no derivative.
  LogicalResult checkDifferentiable() const;

  /// Builds the gradients of the inputs of `op` and adds them to what their
  /// values have so far.
  LogicalResult differentiate(Operation *op);

  OpBuilder &builder;
  Value loss;
  ArrayRef<Value> leaves;
  llvm::DenseSet<Value> active;
  SmallVector<Operation *> path;
  llvm::DenseMap<Value, Value> gradients;
};

} // namespace

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
    if (getWanted(&op).none())
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
    BitVector wanted = getWanted(&op);
    SmallVector<Value> inputs = getInputs(&op);
    for (unsigned number : wanted.set_bits())
      needed.insert(inputs[number]);
    if (wanted.any())
      path.push_back(&op);
  }
}

BitVector ReverseWalk::getWanted(Operation *op) const {
  auto interface = dyn_cast<DifferentiableOpInterface>(op);
  SmallVector<Value> inputs = getInputs(op);
  BitVector wanted(inputs.size());
  for (auto [number, input] : llvm::enumerate(inputs)) {
    bool isTaken = !interface || number >= op->getNumOperands() ||
                   interface.isDifferentiableOperand(number);
    if (isTaken && active.contains(input))
      wanted.set(number);
  }
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

  BitVector wanted = getWanted(op);
  FailureOr<SmallVector<Value>> built =
      cast<DifferentiableOpInterface>(op).buildAdjoint(builder, resultGradients,
                                                       wanted);
  if (failed(built))
    return failure();
  if (wanted.find_last() >= static_cast<int>(built->size()))
    return op->emitError() << "'" << op->getName()
                           << "' has no derivative by a value that its region "
                              "takes from outside";
  for (auto [input, gradient] : llvm::zip(getInputs(op), *built)) {
    if (!gradient)
      continue;
    if (gradient.getType() != input.getType())
      return op->emitError()
             << "the gradient of an input of type " << input.getType()
             << " came out as " << gradient.getType();
    Value &sum = gradients[input];
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
