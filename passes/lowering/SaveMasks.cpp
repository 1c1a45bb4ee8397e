//===- SaveMasks.cpp - Comparisons instead of numbers ---------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/ContractionOpInterface.h"
#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Passes.h"

namespace frac {
#define GEN_PASS_DEF_SAVEMASKS
#include "passes/lowering/Passes.h.inc"
} // namespace frac

using namespace mlir;
using namespace frac;

namespace {

/// The constant that every element of the tensor is, or null.
FloatAttr getSplatValue(Value value) {
  if (auto splat = value.getDefiningOp<tensor::SplatOp>())
    value = splat.getInput();
  Attribute constant;
  if (!matchPattern(value, m_Constant(&constant)))
    return FloatAttr();
  if (auto elements = dyn_cast<SplatElementsAttr>(constant))
    constant = elements.getSplatValue<Attribute>();
  return dyn_cast<FloatAttr>(constant);
}

/// The numbers that a comparison with a constant asks about, or null.
Value getCompared(Operation *op) {
  auto compare = dyn_cast<arith::CmpFOp>(op);
  if (!compare || !isLarge(compare.getLhs()) ||
      !getSplatValue(compare.getRhs()))
    return Value();
  return compare.getLhs();
}

struct SaveMasksPass : frac::impl::SaveMasksBase<SaveMasksPass> {
  using SaveMasksBase::SaveMasksBase;

  void runOnOperation() override {
    for (Block &block : getOperation().getBody()) {
      number(block);
      for (Operation &op : llvm::make_early_inc_range(block))
        if (Value compared = getCompared(&op))
          save(cast<arith::CmpFOp>(op), compared);
    }
  }

private:
  void number(Block &block);
  unsigned getLastOtherUse(Value value) const;
  bool canBeComputedAgain(Value value, unsigned time) const;
  void save(arith::CmpFOp compare, Value compared);

  /// Number of contractions up to each operation.
  DenseMap<Operation *, unsigned> times;
};

} // namespace

void SaveMasksPass::number(Block &block) {
  unsigned contractions = 0;
  for (Operation &op : block) {
    contractions += isa<ContractionOpInterface>(op);
    times[&op] = contractions;
  }
}

/// When `value` is last read by something that is no comparison with a
/// constant.
unsigned SaveMasksPass::getLastOtherUse(Value value) const {
  unsigned last = 0;
  for (Operation *user : value.getUsers())
    if (!getCompared(user) && !isa<tensor::DimOp>(user))
      last = std::max(last, times.lookup(user));
  return last;
}

/// Whether `value` follows, by work that is no contraction, from tensors that
/// are needed at `time` or later anyway.
bool SaveMasksPass::canBeComputedAgain(Value value, unsigned time) const {
  Operation *op = value.getDefiningOp();
  if (!op || isa<ContractionOpInterface>(op) || !isPure(op))
    return false;
  for (Value operand : op->getOperands()) {
    if (!isLarge(operand))
      continue;
    bool isNeeded = getLastOtherUse(operand) >= time;
    if (!isNeeded &&
        !(operand.hasOneUse() && canBeComputedAgain(operand, time)))
      return false;
  }
  return true;
}

void SaveMasksPass::save(arith::CmpFOp compare, Value compared) {
  Operation *definition = compared.getDefiningOp();
  if (!definition || isa<ContractionOpInterface>(definition))
    return;
  unsigned time = times.lookup(compare);
  if (time < getLastOtherUse(compared) + minDistance ||
      canBeComputedAgain(compared, time))
    return;
  // The constant may be defined further below.
  Location loc = compare.getLoc();
  OpBuilder builder(definition->getContext());
  builder.setInsertionPointAfter(definition);
  Value scalar =
      arith::ConstantOp::create(builder, loc, getSplatValue(compare.getRhs()));
  Value constant = tensor::SplatOp::create(
      builder, loc, scalar, cast<RankedTensorType>(compared.getType()),
      createDynamicDims(builder, loc, compared));
  auto moved = arith::CmpFOp::create(builder, loc, compare.getPredicate(),
                                     compared, constant);
  times[moved] = times.lookup(definition);
  Value kept = nn::KeepOp::create(builder, loc, moved.getResult());
  compare.replaceAllUsesWith(kept);
  compare.erase();
}
