//===- OutlineKernels.cpp - Loops become calls of kernels -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/codegen/KernelBuilder.h"
#include "passes/codegen/Passes.h"
#include "passes/memory/BufferSizes.h"

#include "mlir/IR/AsmState.h"
#include "runtime/frac_runtime.h"
#include "llvm/ADT/SmallBitVector.h"
#include "llvm/ADT/StringMap.h"

namespace frac {
#define GEN_PASS_DEF_OUTLINEKERNELS
#include "passes/codegen/Passes.h.inc"
} // namespace frac

using namespace mlir;
using namespace frac;

/// Accesses of memory that are worth a thread: some 10 microseconds.
static constexpr int64_t minAccessesPerThread = 32768;
/// Elements of an output beyond which it is not worth having it once a part.
static constexpr int64_t maxPartialElements = 16384;

/// The scalar that `op` fills its only output with, null if it is not a fill.
static Value getFillValue(linalg::GenericOp op) {
  if (op.getNumDpsInits() != 1 || op.getNumParallelLoops() != op.getNumLoops())
    return Value();
  Block *body = op.getBody();
  Value value = body->getTerminator()->getOperand(0);
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (argument.getOwner() != body ||
        argument.getArgNumber() >= op.getNumDpsInputs())
      return Value();
    Value input = op.getDpsInputOperand(argument.getArgNumber())->get();
    return isa<MemRefType>(input.getType()) ? Value() : input;
  }
  return op.getRegion().isAncestor(value.getParentRegion()) ? Value() : value;
}

namespace {

struct OutlineKernels : frac::impl::OutlineKernelsBase<OutlineKernels> {
  void runOnOperation() override;

private:
  LogicalResult outline(func::FuncOp func);
  void foldFills(Block &block);
  LogicalResult outlineLoops(linalg::GenericOp op);
  KernelForm chooseForm(KernelPlan &plan);
  void launch(Kernel kernel, Value extent, Value grain);
  Value getGrain(const IterationSpace &space, KernelForm form);
  Value materialize(Extent extent);
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(*builder, loc, value);
  }

  /// Initial values that are no longer in memory, by operand of a
  /// linalg.generic.
  DenseMap<OpOperand *, Value> initialValues;
  /// Kernels by their text.
  llvm::StringMap<func::FuncOp> kernels;
  std::optional<OpBuilder> builder;
  LocationAttr loc;
};

} // namespace

/// Turns fills whose only reader is a reduction over them into its initial
/// value, and drops those that nothing reads.
void OutlineKernels::foldFills(Block &block) {
  DenseMap<Value, linalg::GenericOp> pending;
  for (Operation &op : llvm::make_early_inc_range(block)) {
    auto loops = dyn_cast<linalg::GenericOp>(op);
    SmallVector<std::pair<OpOperand *, linalg::GenericOp>> folded;
    // Every other use keeps the fill.
    op.walk([&](Operation *inner) {
      for (OpOperand &operand : inner->getOpOperands()) {
        if (!isa<MemRefType>(operand.get().getType()) ||
            isa<rt::ReshapeOp>(inner))
          continue;
        auto it = pending.find(getRootBuffer(operand.get()));
        if (it == pending.end())
          continue;
        // Iterations may leave part of the fill as it is.
        if (inner == &op && loops && loops.isDpsInit(&operand) &&
            loops.getMatchingIndexingMap(&operand).isProjectedPermutation())
          folded.push_back({&operand, it->second});
        else
          pending.erase(it);
      }
    });
    for (auto [operand, fill] : folded) {
      Value root = getRootBuffer(operand->get());
      if (!pending.erase(root))
        continue;
      if (loops.payloadUsesValueFromOperand(operand))
        initialValues[operand] = getFillValue(fill);
      fill.erase();
    }
    if (loops && getFillValue(loops))
      pending[getRootBuffer(loops.getDpsInits()[0])] = loops;
  }
}

Value OutlineKernels::materialize(Extent extent) {
  if (extent.isStatic())
    return constant(extent.factor);
  if (extent.factor == 1)
    return extent.size;
  return arith::MulIOp::create(*builder, loc, extent.size,
                               constant(extent.factor));
}

KernelForm OutlineKernels::chooseForm(KernelPlan &plan) {
  IterationSpace &space = plan.space;
  if (space.loops.empty())
    return KernelForm::Whole;
  if (!space.loops[0].isReduction)
    return KernelForm::Range;

  int64_t iterations = 1;
  for (Loop &loop : space.loops)
    iterations = loop.extent.isStatic() && iterations > 0
                     ? iterations * loop.extent.factor
                     : -1;
  if (iterations >= 0 && iterations <= minAccessesPerThread / 2)
    return KernelForm::Whole;

  bool canSplit = true;
  for (unsigned i = 0; i < plan.getNumOutputs(); ++i) {
    if (!plan.isReduction(i)) {
      canSplit &= plan.getOutputAccess(i).strides[0].factor != 0;
      continue;
    }
    auto type = cast<MemRefType>(plan.op.getDpsInits()[i].getType());
    canSplit &= matchCombiner(plan.op, i) && type.hasStaticShape() &&
                type.getNumElements() <= maxPartialElements;
  }
  if (canSplit)
    return KernelForm::Parts;
  for (unsigned i = 1; i < space.loops.size(); ++i) {
    if (space.loops[i].isReduction)
      continue;
    space.moveLoop(i, 0);
    return KernelForm::Range;
  }
  return KernelForm::Whole;
}

/// The smallest part of the range that is worth a thread.
Value OutlineKernels::getGrain(const IterationSpace &space, KernelForm form) {
  int64_t accesses = space.accesses.size();
  Value size;
  unsigned first = form == KernelForm::Parts ? 0 : 1;
  for (unsigned i = first; i < space.loops.size(); ++i) {
    accesses *= space.loops[i].extent.factor;
    if (Value factor = space.loops[i].extent.size)
      size =
          size ? arith::MulIOp::create(*builder, loc, size, factor).getResult()
               : factor;
  }
  int64_t target = minAccessesPerThread *
                   (form == KernelForm::Parts ? FRAC_REDUCTION_PARTS : 1);
  int64_t grain = target / std::max<int64_t>(accesses, 1) + 1;
  if (!size)
    return constant(grain);
  Value quotient = arith::DivUIOp::create(*builder, loc, constant(grain), size);
  return arith::AddIOp::create(*builder, loc, quotient, constant(1));
}

void OutlineKernels::launch(Kernel kernel, Value extent, Value grain) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  kernel.func->print(stream, OpPrintingFlags().useLocalScope());
  func::FuncOp &func = kernels[text];
  if (func) {
    kernel.func.erase();
  } else {
    func = kernel.func;
    func.setName(("kernel_" + Twine(kernels.size() - 1)).str());
    SymbolTable(getOperation()).insert(func);
  }
  rt::LaunchOp::create(*builder, loc, func.getName(), extent, grain,
                       kernel.arguments);
}

LogicalResult OutlineKernels::outlineLoops(linalg::GenericOp op) {
  FailureOr<IterationSpace> space = IterationSpace::get(op);
  if (failed(space))
    return failure();
  builder->setInsertionPoint(op);
  loc = op.getLoc();
  llvm::SmallBitVector pinned(op.getNumLoops());
  op.walk([&](linalg::IndexOp index) { pinned.set(index.getDim()); });
  space->simplify(pinned);

  KernelPlan plan{op, *space, KernelForm::Range, {}, {}};
  for (OpOperand &output : op.getDpsInitsMutable())
    plan.initialValues.push_back(initialValues.lookup(&output));
  plan.form = chooseForm(plan);
  plan.partials.resize(plan.getNumOutputs());
  if (plan.form == KernelForm::Parts)
    for (unsigned i = 0; i < plan.getNumOutputs(); ++i)
      if (plan.isReduction(i)) {
        auto type = cast<MemRefType>(op.getDpsInits()[i].getType());
        plan.partials[i] = memref::AllocOp::create(
            *builder, loc,
            MemRefType::get({FRAC_REDUCTION_PARTS, type.getNumElements()},
                            type.getElementType()));
      }

  Value extent = plan.form == KernelForm::Whole ? constant(1)
                 : plan.form == KernelForm::Parts
                     ? constant(FRAC_REDUCTION_PARTS)
                     : materialize(plan.space.loops[0].extent);
  Value grain = getGrain(plan.space, plan.form);
  launch(buildKernel(plan), extent, grain);
  for (unsigned i = 0; i < plan.getNumOutputs(); ++i) {
    if (!plan.partials[i])
      continue;
    auto type = cast<MemRefType>(op.getDpsInits()[i].getType());
    Extent size{type.getNumElements(), Value()};
    launch(buildCombineKernel(plan, i, size), materialize(size),
           constant(minAccessesPerThread / FRAC_REDUCTION_PARTS));
  }
  op.erase();
  return success();
}

LogicalResult OutlineKernels::outline(func::FuncOp func) {
  Block &block = func.getBody().front();
  foldFills(block);
  for (auto op : llvm::make_early_inc_range(block.getOps<linalg::GenericOp>()))
    if (failed(outlineLoops(op)))
      return failure();
  return success();
}

void OutlineKernels::runOnOperation() {
  builder.emplace(&getContext());
  kernels.clear();
  initialValues.clear();
  for (auto func : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
    if (func->hasAttr("frac.inputs") && failed(outline(func)))
      return signalPassFailure();
}
