//===- Blocks.cpp - The blocks of a model ---------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/gate/Blocks.h"

#include "dialects/interfaces/NodeName.h"
#include "dialects/interfaces/SampleLayout.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace frac;

namespace {

/// The tensors of a function that depend on the elements of its inputs, not on
/// their extents alone, and for each the nearest one that all ways to it come
/// through.
class DataFlow {
public:
  explicit DataFlow(func::FuncOp function) {
    for (BlockArgument argument : function.getArguments())
      depths[argument] = 0;
    for (Operation &op : function.getBody().front().without_terminator())
      addOperation(&op);
  }

  bool depends(Value value) const { return depths.contains(value); }

  /// The operands of `op` that depend on the inputs, each once.
  SmallVector<Value> getDataOperands(Operation *op) const {
    llvm::SmallSetVector<Value, 4> operands;
    for (Value operand : op->getOperands())
      if (depends(operand))
        operands.insert(operand);
    return operands.takeVector();
  }

  /// Null for the inputs, and where two of them come together.
  Value getDominator(Value value) const { return dominators.lookup(value); }

private:
  void addOperation(Operation *op) {
    SmallVector<Value> operands = getDataOperands(op);
    if (operands.empty())
      return;
    Value common = operands.front();
    for (Value operand : ArrayRef(operands).drop_front())
      common = intersect(common, operand);
    for (Value result : op->getResults()) {
      if (!isa<TensorType>(result.getType()))
        continue;
      dominators[result] = common;
      depths[result] = common ? depths.lookup(common) + 1 : 0;
    }
  }

  Value intersect(Value a, Value b) const {
    while (a && b && a != b) {
      Value &deeper = depths.lookup(a) >= depths.lookup(b) ? a : b;
      deeper = dominators.lookup(deeper);
    }
    return a && b ? a : Value();
  }

  llvm::DenseMap<Value, Value> dominators;
  llvm::DenseMap<Value, unsigned> depths;
};

class BlockFinder {
public:
  BlockFinder(func::FuncOp function, const DenseSet<Operation *> &kept)
      : function(function), kept(kept), flow(function), samples(function) {}

  std::vector<GatedBlock> run(GateGranularity granularity);

private:
  void findResidual(Operation *addition);
  void addSingle(ContractionOpInterface op, bool withTail);
  Value getTail(Value value, bool normalizations) const;
  void add(GatedBlock block, ArrayRef<Operation *> operations);
  bool isGated(ContractionOpInterface op) const;
  bool canSkip(const GatedBlock &block, Operation *addition) const;
  void addRemainingDepthwise();

  func::FuncOp function;
  const DenseSet<Operation *> &kept;
  DataFlow flow;
  SampleLayout samples;
  DenseSet<Operation *> claimed;
  std::vector<GatedBlock> blocks;
};

} // namespace

/// Whether `op` takes from a tensor what is none.
static bool readsExtents(Operation *op) {
  return op->getNumResults() > 0 &&
         llvm::none_of(op->getResultTypes(), llvm::IsaPred<TensorType>);
}

/// The only operation that reads `value`, or null.
static Operation *getOnlyUser(Value value) {
  Operation *user = nullptr;
  for (Operation *other : value.getUsers()) {
    if (user && user != other)
      return nullptr;
    user = other;
  }
  return user;
}

/// The end of what follows `value` alone and keeps its shape: an activation, or
/// any `normalizations` too.
Value BlockFinder::getTail(Value value, bool normalizations) const {
  while (Operation *user = getOnlyUser(value)) {
    if (user->getNumResults() == 0 || isa<ContractionOpInterface>(user) ||
        user->getResult(0).getType() != value.getType() ||
        flow.getDataOperands(user).size() != 1)
      break;
    bool isElementwise = OpTrait::hasElementwiseMappableTraits(user);
    if (!isElementwise && !normalizations)
      break;
    value = user->getResult(0);
    if (!normalizations)
      break;
  }
  return value;
}

/// Whether a gate may choose widths for `op`: it has a place for each sample
/// wherever it has any for samples.
bool BlockFinder::isGated(ContractionOpInterface op) const {
  Operation *operation = op;
  if (kept.contains(operation) || op.isDepthwise())
    return false;
  return llvm::all_of(flow.getDataOperands(operation), [&](Value operand) {
    return samples.isBySample(operand);
  });
}

/// Makes a block of `operations`, if it has a contraction to gate and its gate
/// samples to look at.
void BlockFinder::add(GatedBlock block, ArrayRef<Operation *> operations) {
  for (Operation *op : operations) {
    auto contraction = dyn_cast<ContractionOpInterface>(op);
    if (!contraction || kept.contains(op))
      continue;
    if (contraction.isDepthwise()) {
      block.depthwiseMacs += samples.getMacs(contraction);
    } else if (isGated(contraction)) {
      block.contractions.push_back(contraction);
      block.macs += samples.getMacs(contraction);
    }
  }
  if (block.contractions.empty() || !samples.isBySample(block.entry))
    return;
  for (Operation *op : operations)
    if (isa<ContractionOpInterface>(op))
      claimed.insert(op);
  Operation *named =
      block.isResidual ? operations.back() : block.contractions.front();
  StringRef name = getNodeName(named->getLoc());
  block.name =
      name.empty() ? "block" + std::to_string(blocks.size() + 1) : name.str();
  blocks.push_back(std::move(block));
}

void BlockFinder::findResidual(Operation *addition) {
  Value sum = addition->getResult(0);
  Value entry = flow.getDominator(sum);
  if (!entry || !entry.getDefiningOp() ||
      flow.getDataOperands(addition).size() != 2 ||
      !isa<RankedTensorType>(sum.getType()))
    return;
  SetVector<Operation *> inside;
  inside.insert(addition);
  for (size_t next = 0; next < inside.size(); ++next)
    for (Value operand : flow.getDataOperands(inside[next]))
      if (operand != entry)
        inside.insert(operand.getDefiningOp());
  SmallVector<Operation *> operations = inside.takeVector();
  DenseSet<Operation *> members(operations.begin(), operations.end());
  for (Operation *op : operations) {
    if (claimed.contains(op))
      return;
    for (Operation *user : op->getUsers())
      if (op != addition && !members.contains(user) && !readsExtents(user))
        return;
  }
  llvm::sort(operations,
             [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  GatedBlock block;
  block.entry = entry;
  block.exit = getTail(sum, /*normalizations=*/false);
  block.isResidual = true;
  block.sum = sum;
  block.operations.assign(operations.begin(), operations.end());
  block.canSkip = canSkip(block, addition);
  add(std::move(block), operations);
}

/// Whether samples may skip a residual block that ends in `addition`.
bool BlockFinder::canSkip(const GatedBlock &block, Operation *addition) const {
  if (!samples.isBySample(block.entry) ||
      llvm::count(addition->getOperands(), block.entry) != 1)
    return false;
  return llvm::all_of(block.operations, [&](Operation *op) {
    auto contraction = dyn_cast<ContractionOpInterface>(op);
    // What is of the batch as a whole has no row for each sample.
    return (!contraction || isGated(contraction)) &&
           samples.isBySample(op->getResult(0));
  });
}

void BlockFinder::addSingle(ContractionOpInterface op, bool withTail) {
  Operation *operation = op;
  SmallVector<Value> data = flow.getDataOperands(operation);
  if (data.empty())
    return;
  GatedBlock block;
  block.entry = data.front();
  block.exit = operation->getResult(0);
  if (withTail)
    block.exit = getTail(block.exit, /*normalizations=*/true);
  add(std::move(block), operation);
}

/// Counts the depthwise contractions that no block has with the last block
/// before them, or with the first.
void BlockFinder::addRemainingDepthwise() {
  if (blocks.empty())
    return;
  for (auto op : function.getOps<ContractionOpInterface>()) {
    Operation *operation = op;
    if (!op.isDepthwise() || kept.contains(operation) ||
        claimed.contains(operation))
      continue;
    GatedBlock *owner = &blocks.front();
    for (GatedBlock &block : blocks) {
      Operation *first = block.contractions.front();
      if (first->isBeforeInBlock(operation))
        owner = &block;
    }
    owner->depthwiseMacs += samples.getMacs(op);
  }
}

std::vector<GatedBlock> BlockFinder::run(GateGranularity granularity) {
  Block &body = function.getBody().front();
  if (granularity == GateGranularity::Block)
    for (Operation &op : body)
      if (isa<arith::AddFOp>(op))
        findResidual(&op);
  for (Operation &op : body) {
    auto contraction = dyn_cast<ContractionOpInterface>(op);
    if (contraction && !kept.contains(&op) && !claimed.contains(&op))
      addSingle(contraction, granularity == GateGranularity::Block);
  }
  llvm::stable_sort(blocks, [](const GatedBlock &a, const GatedBlock &b) {
    Operation *first = a.contractions.front();
    return first->isBeforeInBlock(b.contractions.front());
  });
  addRemainingDepthwise();
  return std::move(blocks);
}

std::vector<GatedBlock> frac::findGatedBlocks(func::FuncOp function,
                                              const DenseSet<Operation *> &kept,
                                              GateGranularity granularity) {
  return BlockFinder(function, kept).run(granularity);
}
