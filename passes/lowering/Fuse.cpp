//===- Fuse.cpp - Few loops that do much ----------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/ContractionOpInterface.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/lowering/GenericMerge.h"
#include "passes/lowering/NestPrice.h"
#include "passes/lowering/Passes.h"

namespace frac {
#define GEN_PASS_DEF_FUSE
#include "passes/lowering/Passes.h.inc"
} // namespace frac

using namespace mlir;
using namespace frac;

namespace {

/// Price of moving one tensor of the size of the loops between memory and a
/// core, in simple vector operations on as many numbers. A write is two moves,
/// as a cache line is read before it is written.
constexpr int64_t kMove = 32;
constexpr int64_t kWrite = 2 * kMove;

/// Bounds on what one nest may grow to, so that its numbers stay in registers.
constexpr size_t kMaxBodyOps = 160;
constexpr unsigned kMaxOperands = 28;

/// Number of tensors that `consumer` would have to read in addition, with what
/// `producer` computes computed in it.
int64_t countNewInputs(linalg::GenericOp producer, linalg::GenericOp consumer) {
  llvm::SmallSetVector<Value, 8> have = getLargeInputs(consumer);
  return llvm::count_if(getLargeInputs(producer),
                        [&](Value value) { return !have.contains(value); });
}

bool fits(linalg::GenericOp first, linalg::GenericOp second) {
  return first.getBody()->getOperations().size() +
                 second.getBody()->getOperations().size() <=
             kMaxBodyOps &&
         first->getNumOperands() + second->getNumOperands() <= kMaxOperands;
}

/// The fusion of the loops in one block.
class BlockFusion {
public:
  BlockFusion(Block &block, RewriterBase &rewriter)
      : block(block), rewriter(rewriter) {}

  void run() {
    // Each round opens the way for others; in practice there are four or five.
    bool changed = true;
    for (unsigned round = 0; changed && round < 16; ++round) {
      changed =
          forEachNest([&](linalg::GenericOp op) { return inlineNest(op); });
      if (!changed)
        changed =
            forEachNest([&](linalg::GenericOp op) { return joinReader(op); });
      if (!changed)
        changed =
            forEachNest([&](linalg::GenericOp op) { return joinSibling(op); });
    }
  }

private:
  bool forEachNest(llvm::function_ref<bool(linalg::GenericOp)> step) {
    bool changed = false;
    for (Operation *op = &block.front(); op;) {
      // A step erases nothing before the nest it is given.
      Operation *before = op->getPrevNode();
      auto nest = dyn_cast<linalg::GenericOp>(op);
      bool isDead = nest && nest->use_empty();
      if (isDead)
        rewriter.eraseOp(nest);
      if (isDead || (nest && nest.hasPureTensorSemantics() && step(nest))) {
        changed = true;
        op = before ? before->getNextNode() : &block.front();
        continue;
      }
      op = op->getNextNode();
    }
    return changed;
  }

  Operation *inBlock(Operation *op) const {
    return block.findAncestorOpInBlock(*op);
  }

  /// The nests that use results of `producer`, in order. `others` tells
  /// whether something else uses them, or uses them so that no loops match.
  SmallVector<linalg::GenericOp> getReaders(linalg::GenericOp producer,
                                            bool &others) const {
    others = false;
    llvm::SmallSetVector<Operation *, 8> users;
    for (Operation *user : producer->getUsers())
      users.insert(inBlock(user));
    SmallVector<linalg::GenericOp> readers;
    for (Operation *user : users) {
      auto reader = dyn_cast<linalg::GenericOp>(user);
      if (reader && succeeded(getLoopsInConsumer(producer, reader)))
        readers.push_back(reader);
      else
        others = true;
    }
    llvm::sort(readers, [](linalg::GenericOp a, linalg::GenericOp b) {
      return a->isBeforeInBlock(b);
    });
    return readers;
  }

  /// Computes in `reader` what it reads of `producer`.
  void computeIn(linalg::GenericOp producer, linalg::GenericOp reader) {
    SmallVector<AffineExpr> loops = *getLoopsInConsumer(producer, reader);
    rewriter.setInsertionPoint(reader);
    linalg::GenericOp merged = mergeGenerics(
        rewriter, producer, reader, loops, BitVector(producer.getNumResults()));
    simplifyGeneric(merged);
    rewriter.replaceOp(reader, merged.getResults());
  }

  /// Computes `producer` in its readers instead of keeping its results in
  /// memory, where that is cheaper.
  bool inlineNest(linalg::GenericOp producer) {
    if (!isElementwise(producer))
      return false;
    bool others;
    SmallVector<linalg::GenericOp> readers = getReaders(producer, others);
    int64_t price = getBodyPrice(producer);
    SmallVector<linalg::GenericOp> chosen;
    for (linalg::GenericOp reader : readers) {
      // In a nest of more loops the work would be repeated.
      bool repeats = reader.getNumLoops() > producer.getNumLoops();
      if (fits(producer, reader) && (!repeats || price == 0) &&
          keepsExtents(producer, reader, *getLoopsInConsumer(producer, reader)))
        chosen.push_back(reader);
    }
    others |= chosen.size() != readers.size();
    if (others) {
      // The result is needed in memory anyway; what reads the same as the
      // producer saves a read.
      llvm::erase_if(chosen, [&](linalg::GenericOp reader) {
        return countNewInputs(producer, reader) != 0 || price > kMove;
      });
    } else if (chosen.size() > 1) {
      int64_t recompute = 0;
      for (linalg::GenericOp reader : chosen)
        recompute += countNewInputs(producer, reader) * kMove + price;
      int64_t keep = countNewInputs(producer, chosen.front()) * kMove + kWrite +
                     static_cast<int64_t>(chosen.size() - 1) * kMove + price;
      if (recompute >= keep)
        return false;
    }
    if (chosen.empty())
      return false;
    for (linalg::GenericOp reader : chosen)
      computeIn(producer, reader);
    if (producer->use_empty())
      rewriter.eraseOp(producer);
    return true;
  }

  /// The place for a nest that does what `first` and `second` do: behind all
  /// that they need, before all that needs them. Null if there is none.
  Operation *findPlace(linalg::GenericOp first,
                       linalg::GenericOp second) const {
    Operation *lastNeeded = nullptr;
    Operation *place = first->isBeforeInBlock(second) ? second : first;
    for (linalg::GenericOp op : {first, second}) {
      for (Value value : getDependences(op)) {
        Operation *definition = value.getDefiningOp();
        if (!definition || definition == first || definition == second ||
            definition->getBlock() != &block)
          continue;
        if (!lastNeeded || lastNeeded->isBeforeInBlock(definition))
          lastNeeded = definition;
      }
      for (Operation *user : op->getUsers()) {
        user = inBlock(user);
        if (user != first && user != second && user->isBeforeInBlock(place))
          place = user;
      }
    }
    if (lastNeeded && !lastNeeded->isBeforeInBlock(place))
      return nullptr;
    return place;
  }

  /// Whether a contraction stands between two operations. Moving work across
  /// one would keep its operands or results alive during it.
  bool isContractionBetween(Operation *first, Operation *second) const {
    for (Operation *op = first; op && op != second; op = op->getNextNode())
      if (isa<ContractionOpInterface>(op))
        return true;
    return false;
  }

  static bool hasSmallResults(linalg::GenericOp op) {
    return llvm::all_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
      return op.getMatchingIndexingMap(&init).getNumResults() <
             op.getNumLoops();
    });
  }

  void join(linalg::GenericOp first, linalg::GenericOp second,
            ArrayRef<AffineExpr> loops, Operation *place) {
    BitVector kept(first.getNumResults());
    for (OpResult result : first->getResults())
      for (Operation *user : result.getUsers())
        if (inBlock(user) != second)
          kept.set(result.getResultNumber());
    rewriter.setInsertionPoint(place);
    linalg::GenericOp merged =
        mergeGenerics(rewriter, first, second, loops, kept);
    simplifyGeneric(merged);
    unsigned next = second.getNumResults();
    for (unsigned number : kept.set_bits())
      rewriter.replaceAllUsesWith(first.getResult(number),
                                  merged.getResult(next++));
    rewriter.replaceOp(second,
                       merged.getResults().take_front(second.getNumResults()));
    rewriter.eraseOp(first);
  }

  /// Makes one nest of an elementwise nest and one that reads its results,
  /// which stay results. With a single use they would not; then `inlineNest`
  /// had its reasons.
  bool joinReader(linalg::GenericOp producer) {
    if (!isElementwise(producer))
      return false;
    bool others;
    for (linalg::GenericOp reader : getReaders(producer, others)) {
      SmallVector<AffineExpr> loops = *getLoopsInConsumer(producer, reader);
      if (reader.getNumLoops() != producer.getNumLoops() ||
          !fits(producer, reader) || isContractionBetween(producer, reader) ||
          producer->hasOneUse())
        continue;
      Operation *place = findPlace(producer, reader);
      if (!place)
        continue;
      join(producer, reader, loops, place);
      return true;
    }
    return false;
  }

  /// Makes one nest of two that read the same and need nothing of each other.
  bool joinSibling(linalg::GenericOp first) {
    for (Value shared : getLargeInputs(first)) {
      for (Operation *user : shared.getUsers()) {
        auto second = dyn_cast<linalg::GenericOp>(user);
        if (!second || second->getBlock() != &block || second == first ||
            !first->isBeforeInBlock(second) || !fits(first, second) ||
            dependsOn(second, first))
          continue;
        // The elementwise one, if any, takes the loops of the other.
        bool swap = !isElementwise(first) && isElementwise(second);
        linalg::GenericOp guest = swap ? second : first;
        linalg::GenericOp host = swap ? first : second;
        FailureOr<SmallVector<AffineExpr>> loops =
            getSharedLoops(guest, host, shared);
        Operation *place = findPlace(first, second);
        if (failed(loops) || !place)
          continue;
        // What becomes earlier must leave nothing large that lives longer.
        if (isContractionBetween(first, place) ||
            (isContractionBetween(place, second) && !hasSmallResults(second)))
          continue;
        join(guest, host, *loops, place);
        return true;
      }
    }
    return false;
  }

  /// The loops of `host` for those of `guest`, by a tensor that both read; the
  /// nests must run over the same elements of it in all their loops, and what
  /// `guest` reduces `host` must reduce.
  FailureOr<SmallVector<AffineExpr>> getSharedLoops(linalg::GenericOp guest,
                                                    linalg::GenericOp host,
                                                    Value shared) const {
    AffineMap guestMap, hostMap;
    for (OpOperand *input : guest.getDpsInputOperands())
      if (input->get() == shared)
        guestMap = guest.getMatchingIndexingMap(input);
    for (OpOperand *input : host.getDpsInputOperands())
      if (input->get() == shared)
        hostMap = host.getMatchingIndexingMap(input);
    if (!guestMap || !hostMap || !guestMap.isPermutation() ||
        !hostMap.isPermutation() || guestMap.getNumResults() == 0)
      return failure();
    SmallVector<AffineExpr> loops(
        inversePermutation(guestMap).compose(hostMap).getResults());
    if (isElementwise(guest))
      return loops;
    for (auto [number, loop] : llvm::enumerate(loops))
      if (guest.getIteratorTypesArray()[number] !=
          host.getIteratorTypesArray()[cast<AffineDimExpr>(loop).getPosition()])
        return failure();
    return loops;
  }

  /// Whether `op` needs a result of `earlier`, directly or through others.
  bool dependsOn(linalg::GenericOp op, linalg::GenericOp earlier) const {
    SmallVector<Value> work(getDependences(op).takeVector());
    SmallPtrSet<Operation *, 16> seen;
    while (!work.empty()) {
      Operation *definition = work.pop_back_val().getDefiningOp();
      if (!definition || definition->getBlock() != &block ||
          definition->isBeforeInBlock(earlier) ||
          !seen.insert(definition).second)
        continue;
      if (definition == earlier)
        return true;
      if (auto nest = dyn_cast<linalg::GenericOp>(definition))
        llvm::append_range(work, getDependences(nest));
      else
        llvm::append_range(work, definition->getOperands());
    }
    return false;
  }

  Block &block;
  RewriterBase &rewriter;
};

struct FusePass : frac::impl::FuseBase<FusePass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    for (Block &block : getOperation().getBody())
      BlockFusion(block, rewriter).run();
    RewritePatternSet patterns(&getContext());
    linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
