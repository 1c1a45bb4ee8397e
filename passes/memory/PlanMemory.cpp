//===- PlanMemory.cpp - Places of buffers in the workspace ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/memory/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "runtime/frac_runtime.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

namespace frac {
#define GEN_PASS_DEF_PLANMEMORY
#include "passes/memory/Passes.h.inc"
} // namespace frac

using namespace mlir;

namespace {

/// A buffer and the positions in the block between which it is in use.
struct LiveBuffer {
  memref::AllocOp alloc;
  int64_t bytes = 0;
  unsigned begin = 0, end = 0;
  int64_t offset = -1;
};

/// Evaluates `value` where the entry's batch is `batch`; nothing if it depends
/// on more than the batch and constants.
std::optional<int64_t> evaluateAtBatch(Value value, Value batchArgument,
                                       int64_t batch) {
  if (value == batchArgument)
    return batch;
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    auto integer = dyn_cast<IntegerAttr>(constant.getValue());
    return integer ? std::optional(integer.getInt()) : std::nullopt;
  }
  SmallVector<int64_t, 2> operands;
  for (Value operand : op->getOperands()) {
    std::optional<int64_t> number =
        evaluateAtBatch(operand, batchArgument, batch);
    if (!number)
      return std::nullopt;
    operands.push_back(*number);
  }
  using Result = std::optional<int64_t>;
  return TypeSwitch<Operation *, Result>(op)
      .Case([&](arith::AddIOp) { return operands[0] + operands[1]; })
      .Case([&](arith::SubIOp) { return operands[0] - operands[1]; })
      .Case([&](arith::MulIOp) { return operands[0] * operands[1]; })
      .Case<arith::DivSIOp, arith::DivUIOp>([&](Operation *) -> Result {
        if (operands[1] == 0)
          return std::nullopt;
        return operands[0] / operands[1];
      })
      .Case<arith::IndexCastOp>([&](Operation *) { return operands[0]; })
      .Default([](Operation *) { return std::nullopt; });
}

/// Places one buffer among those placed already: in the smallest gap between
/// buffers that live at the same time. Returns where it ends.
int64_t place(LiveBuffer &buffer, ArrayRef<LiveBuffer *> placed) {
  SmallVector<LiveBuffer *> neighbours;
  for (LiveBuffer *other : placed)
    if (other->begin <= buffer.end && buffer.begin <= other->end)
      neighbours.push_back(other);
  llvm::sort(neighbours, [](LiveBuffer *a, LiveBuffer *b) {
    return a->offset < b->offset;
  });
  int64_t free = 0, bestGap = std::numeric_limits<int64_t>::max();
  for (LiveBuffer *other : neighbours) {
    int64_t gap = other->offset - free;
    if (gap >= buffer.bytes && gap < bestGap) {
      bestGap = gap;
      buffer.offset = free;
    }
    free = std::max(free, other->offset + other->bytes);
  }
  if (buffer.offset < 0)
    buffer.offset = free;
  return buffer.offset + buffer.bytes;
}

struct PlanMemory : frac::impl::PlanMemoryBase<PlanMemory> {
  using PlanMemoryBase::PlanMemoryBase;

  void runOnOperation() override {
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (func->hasAttr("frac.inputs") && failed(plan(func)))
        return signalPassFailure();
  }

  LogicalResult plan(func::FuncOp func);
};

} // namespace

/// The last position at which `buffer` or a view of it is used.
static unsigned getLastUse(Value buffer, Block &block,
                           const DenseMap<Operation *, unsigned> &positions) {
  unsigned last = 0;
  for (Operation *user : buffer.getUsers()) {
    last = std::max(last, positions.lookup(block.findAncestorOpInBlock(*user)));
    if (isa<frac::rt::ReshapeOp>(user))
      last = std::max(last, getLastUse(user->getResult(0), block, positions));
  }
  return last;
}

LogicalResult PlanMemory::plan(func::FuncOp func) {
  Block &block = func.getBody().front();
  Value batchArgument = block.getArgument(0), workspace = block.getArgument(2);
  DenseMap<Operation *, unsigned> positions;
  std::vector<LiveBuffer> buffers;
  unsigned count = 0;
  for (Operation &op : block)
    positions[&op] = count++;
  for (auto alloc : block.getOps<memref::AllocOp>()) {
    LiveBuffer buffer;
    buffer.alloc = alloc;
    int64_t elements = 1;
    for (int64_t extent : alloc.getType().getShape())
      elements *= ShapedType::isDynamic(extent) ? 1 : extent;
    for (Value size : alloc.getDynamicSizes()) {
      std::optional<int64_t> extent =
          evaluateAtBatch(size, batchArgument, batch);
      if (!extent)
        return alloc.emitOpError(
            "has a size that does not follow from the batch");
      elements *= *extent;
    }
    int64_t elementBytes =
        llvm::divideCeil(alloc.getType().getElementTypeBitWidth(), 8);
    buffer.bytes = llvm::alignTo(std::max<int64_t>(elements, 1) * elementBytes,
                                 FRAC_ALIGNMENT);
    buffer.begin = positions.lookup(alloc);
    // Live from the first use on; an allocation itself takes no memory.
    buffer.end = getLastUse(alloc, block, positions);
    buffers.push_back(buffer);
  }

  SmallVector<LiveBuffer *> order, placed;
  for (LiveBuffer &buffer : buffers)
    order.push_back(&buffer);
  llvm::stable_sort(
      order, [](LiveBuffer *a, LiveBuffer *b) { return a->bytes > b->bytes; });
  int64_t total = 0;
  for (LiveBuffer *buffer : order) {
    total = std::max(total, place(*buffer, placed));
    placed.push_back(buffer);
  }

  OpBuilder builder(&getContext());
  for (LiveBuffer &buffer : buffers) {
    memref::AllocOp alloc = buffer.alloc;
    builder.setInsertionPoint(alloc);
    Value offset =
        arith::ConstantIndexOp::create(builder, alloc.getLoc(), buffer.offset);
    Value view =
        memref::ViewOp::create(builder, alloc.getLoc(), alloc.getType(),
                               workspace, offset, alloc.getDynamicSizes());
    alloc.replaceAllUsesWith(view);
    alloc.erase();
  }
  func->setAttr("frac.workspace_bytes", builder.getI64IntegerAttr(total));
  return success();
}
