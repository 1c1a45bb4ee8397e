//===- Recompute.cpp - Compute again instead of keeping -------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/frac/FracDialect.h"
#include "dialects/interfaces/ContractionOpInterface.h"
#include "dialects/interfaces/NodeName.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/lowering/GenericMerge.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/NestPrice.h"
#include "passes/lowering/Passes.h"

namespace frac {
#define GEN_PASS_DEF_RECOMPUTE
#include "passes/lowering/Passes.h.inc"
} // namespace frac

using namespace mlir;
using namespace frac;

namespace {

/// Price of computing an element up to which that is done twice.
constexpr int64_t kMaxPrice = 64;

/// Multiply-accumulates of integers for each byte of the result up to which a
/// contraction may be done twice.
constexpr int64_t kMaxMacsPerByte = 48;

/// The operations of a block, numbered anew when asked.
class Timeline {
public:
  explicit Timeline(Block &block) : block(block) {
    unsigned contractions = 0;
    for (Operation &op : block) {
      contractions += isa<ContractionOpInterface>(op);
      times[&op] = contractions;
    }
  }

  /// Number of contractions that have run when `op` has. An operation that
  /// came later is told by its neighbour.
  unsigned getTime(Operation *op) const {
    while (!times.contains(op))
      op = op->getNextNode();
    return times.lookup(op);
  }

  /// The users of `value` in the block, in order.
  SmallVector<Operation *> getUsers(Value value) const {
    llvm::SmallSetVector<Operation *, 8> users;
    for (Operation *user : value.getUsers())
      users.insert(block.findAncestorOpInBlock(*user));
    SmallVector<Operation *> ordered(users.takeVector());
    llvm::sort(ordered, [](Operation *a, Operation *b) {
      return a->isBeforeInBlock(b);
    });
    return ordered;
  }

  /// Whether `value` is in memory at `op` whatever happens.
  bool isLiveAt(Value value, Operation *op) const {
    Operation *definition = value.getDefiningOp();
    if (!definition || isa<ml_program::GlobalLoadOp>(definition))
      return true;
    if (!definition->isBeforeInBlock(op))
      return false;
    Operation *last = getUsers(value).back();
    return last == op || op->isBeforeInBlock(last);
  }

private:
  Block &block;
  DenseMap<Operation *, unsigned> times;
};

struct RecomputePass : frac::impl::RecomputeBase<RecomputePass> {
  using RecomputeBase::RecomputeBase;

  void runOnOperation() override {
    for (Block &block : getOperation().getBody()) {
      Timeline timeline(block);
      SmallVector<linalg::GenericOp> nests(block.getOps<linalg::GenericOp>());
      for (linalg::GenericOp nest : nests)
        recompute(nest, timeline);
      // What reads a contraction's result late is known by now.
      recomputeContractions(block, timeline);
    }
    if (!recomputed.empty())
      getOperation()->setAttr(
          "frac.recomputed",
          Builder(&getContext()).getArrayAttr(std::exchange(recomputed, {})));
  }

private:
  /// The first user of `result`, which `op` computes, behind its longest wait.
  /// Null if no wait is long.
  Operation *findResumption(Operation *op, Value result,
                            const Timeline &timeline) const {
    Operation *resumed = nullptr;
    unsigned longest = 0;
    Operation *previous = op;
    for (Operation *user : timeline.getUsers(result)) {
      // A contraction that uses it is not one that it waits for.
      unsigned wait = timeline.getTime(user) - timeline.getTime(previous);
      if (wait > longest) {
        longest = wait;
        resumed = user;
      }
      previous = user;
    }
    return longest > minDistance ? resumed : nullptr;
  }

  /// Gives `resumed` and the users behind it a copy of `op`.
  Operation *copyFor(Operation *op, Operation *resumed) {
    OpBuilder builder(resumed);
    Operation *copy = builder.clone(*op);
    // Keeps `cse` from taking the copy for what it is.
    copy->setAttr("frac.recomputed", builder.getUnitAttr());
    op->getResult(0).replaceUsesWithIf(copy->getResult(0), [&](OpOperand &use) {
      Operation *user = op->getBlock()->findAncestorOpInBlock(*use.getOwner());
      return user == resumed || resumed->isBeforeInBlock(user);
    });
    return copy;
  }

  /// The same for contractions of integers whose results are large for the
  /// work, the largest first, until they are too much work together.
  void recomputeContractions(Block &block, const Timeline &timeline) {
    int64_t left = 0;
    SmallVector<std::pair<double, ContractionOpInterface>> candidates;
    for (auto op : block.getOps<ContractionOpInterface>()) {
      left += op.getMacsPerSample();
      if (std::optional<int64_t> bytes = getBytesPerSample(op))
        candidates.push_back({static_cast<double>(op.getMacsPerSample()) /
                                  static_cast<double>(*bytes),
                              op});
    }
    left /= std::max(workParts.getValue(), 1u);
    llvm::stable_sort(candidates, llvm::less_first());
    for (auto &[price, op] : candidates)
      if (price <= kMaxMacsPerByte && op.getMacsPerSample() <= left &&
          recomputeContraction(op, timeline))
        left -= op.getMacsPerSample();
  }

  /// The size of the result of a contraction of integers, if it is large.
  static std::optional<int64_t> getBytesPerSample(ContractionOpInterface op) {
    if (!getFactor(op, op.getLeftFactor()) ||
        !getFactor(op, op.getRightFactor()) || !isLarge(op->getResult(0)))
      return std::nullopt;
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    for (int64_t extent : type.getShape())
      bytes *= ShapedType::isDynamic(extent) ? 1 : extent;
    return bytes;
  }

  static precision::DequantizeOp getFactor(ContractionOpInterface op,
                                           unsigned operand) {
    return op->getOperand(operand).getDefiningOp<precision::DequantizeOp>();
  }

  bool recomputeContraction(ContractionOpInterface op,
                            const Timeline &timeline) {
    Value result = op->getResult(0);
    precision::DequantizeOp left = getFactor(op, op.getLeftFactor());
    precision::DequantizeOp right = getFactor(op, op.getRightFactor());
    Operation *resumed = findResumption(op, result, timeline);
    if (!resumed)
      return false;
    // Weights are small enough to be kept.
    for (precision::DequantizeOp factor : {left, right})
      if (isLarge(factor.getResult()) &&
          !timeline.isLiveAt(factor.getResult(), resumed))
        return false;
    Operation *copy = copyFor(op, resumed);
    Builder builder(&getContext());
    recomputed.push_back(builder.getDictionaryAttr(
        {builder.getNamedAttr("name",
                              builder.getStringAttr(getNodeName(op->getLoc()))),
         builder.getNamedAttr("op", copy->getName().getIdentifier()),
         builder.getNamedAttr("macs",
                              builder.getI64IntegerAttr(op.getMacsPerSample())),
         builder.getNamedAttr(
             "lhs", builder.getI64IntegerAttr(precision::getTablePlace(left))),
         builder.getNamedAttr("rhs", builder.getI64IntegerAttr(
                                         precision::getTablePlace(right)))}));
    return true;
  }

  /// Gives the uses of `nest` behind its longest wait a copy of it.
  void recompute(linalg::GenericOp nest, const Timeline &timeline) {
    if (nest.getNumResults() != 1 || !isElementwise(nest) ||
        !isLarge(nest.getResult(0)) || getBodyPrice(nest) > kMaxPrice)
      return;
    Operation *resumed = findResumption(nest, nest.getResult(0), timeline);
    if (!resumed)
      return;

    unsigned reads = 0;
    for (Value needed : getDependences(nest)) {
      // Contents of an init operand are not read.
      if (!isLarge(needed) || needed.getDefiningOp<tensor::EmptyOp>())
        continue;
      ++reads;
      if (!timeline.isLiveAt(needed, resumed))
        return;
    }
    if (reads > maxReads)
      return;

    copyFor(nest, resumed);
  }

  /// The contractions that are done twice, for the count of work.
  SmallVector<Attribute> recomputed;
};

} // namespace
