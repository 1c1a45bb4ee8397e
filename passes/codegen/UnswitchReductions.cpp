//===- UnswitchReductions.cpp - Loops with and without some sums ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/codegen/Passes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/LoopInvariantCodeMotionUtils.h"
#include "llvm/ADT/MapVector.h"

namespace frac {
#define GEN_PASS_DEF_UNSWITCHREDUCTIONS
#include "passes/codegen/Passes.h.inc"
} // namespace frac

using namespace mlir;

/// Whether `select` keeps a sum that the innermost loop carries as it is, or
/// goes on with it.
static bool guardsSum(arith::SelectOp select) {
  auto loop = dyn_cast<scf::ForOp>(select->getParentOp());
  if (!loop || !select->hasOneUse())
    return false;
  OpOperand &use = *select->use_begin();
  return isa<scf::YieldOp>(use.getOwner()) &&
         select.getFalseValue() ==
             loop.getRegionIterArg(use.getOperandNumber());
}

/// The outermost loop around `select` that does not change its condition.
static scf::ForOp findLoop(arith::SelectOp select) {
  scf::ForOp found;
  for (Operation *op = select->getParentOp(); op; op = op->getParentOp()) {
    auto loop = dyn_cast<scf::ForOp>(op);
    if (!loop || !loop.isDefinedOutsideOfLoop(select.getCondition()))
      break;
    found = loop;
  }
  return found;
}

/// Makes two loops of one: with the condition true the sums go on, else they
/// stay.
static void unswitch(scf::ForOp loop, Value condition,
                     ArrayRef<arith::SelectOp> selects) {
  OpBuilder builder(loop);
  auto build = [&](bool isTrue) {
    return [&, isTrue](OpBuilder &b, Location loc) {
      IRMapping mapping;
      auto copy = cast<scf::ForOp>(b.clone(*loop, mapping));
      for (arith::SelectOp select : selects) {
        Value kept = isTrue ? select.getTrueValue() : select.getFalseValue();
        mapping.lookup(select.getResult())
            .replaceAllUsesWith(mapping.lookupOrDefault(kept));
      }
      scf::YieldOp::create(b, loc, copy.getResults());
    };
  };
  auto both = scf::IfOp::create(builder, loop.getLoc(), condition, build(true),
                                build(false));
  loop.replaceAllUsesWith(both.getResults());
  loop.erase();
}

/// Whether one of the loops is in the other or is it.
static bool areNested(Operation *first, Operation *second) {
  return first->isAncestor(second) || second->isAncestor(first);
}

namespace {
struct UnswitchReductions
    : frac::impl::UnswitchReductionsBase<UnswitchReductions> {
  void runOnOperation() override {
    getOperation()->walk(
        [](LoopLikeOpInterface loop) { moveLoopInvariantCode(loop); });
    llvm::MapVector<std::pair<Operation *, Value>, SmallVector<arith::SelectOp>>
        found;
    getOperation()->walk([&](arith::SelectOp select) {
      if (!guardsSum(select))
        return;
      if (scf::ForOp loop = findLoop(select))
        found[{loop, select.getCondition()}].push_back(select);
    });
    // Once for each loop: copies would double with every condition.
    SmallVector<std::pair<scf::ForOp, Value>> chosen;
    for (auto &entry : found) {
      auto loop = cast<scf::ForOp>(entry.first.first);
      if (llvm::none_of(chosen, [&](auto &other) {
            return areNested(other.first, loop);
          }))
        chosen.push_back({loop, entry.first.second});
    }
    for (auto &[loop, condition] : chosen)
      unswitch(loop, condition, found[{loop, condition}]);
  }
};
} // namespace
