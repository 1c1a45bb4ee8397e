//===- KernelBuilder.cpp - Kernel functions -------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/codegen/KernelBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "passes/memory/BufferSizes.h"
#include "runtime/frac_runtime.h"

using namespace mlir;
using namespace frac;

/// Extents of an inner loop that LLVM would unroll before it vectorizes.
static constexpr int64_t minVectorExtent = 8;
static constexpr int64_t maxVectorExtent = 512;

Operation *frac::matchCombiner(linalg::GenericOp op, unsigned output) {
  BlockArgument accumulator = op.getRegionOutputArgs()[output];
  if (!accumulator.hasOneUse())
    return nullptr;
  Value result = op.getBody()->getTerminator()->getOperand(output);
  Operation *combiner = result.getDefiningOp();
  if (!combiner || combiner != *accumulator.getUsers().begin() ||
      combiner->getNumOperands() != 2 || !result.hasOneUse() ||
      !arith::getNeutralElement(combiner))
    return nullptr;
  return combiner;
}

bool KernelPlan::isReduction(unsigned output) {
  const Access &access = getOutputAccess(output);
  if (!op.payloadUsesValueFromOperand(op.getDpsInitOperand(output)))
    return false;
  for (auto [loop, stride] : llvm::zip(space.loops, access.strides))
    if (loop.isReduction && stride.factor == 0)
      return true;
  return false;
}

/// Adds `flags` to those of `op`.
static void addFastMathFlags(arith::ArithFastMathInterface op,
                             arith::FastMathFlags flags) {
  // Conversions need not have the attribute.
  if (arith::FastMathFlagsAttr present = op.getFastMathFlagsAttr())
    flags = flags | present.getValue();
  op->setAttr(op.getFastMathAttrName(),
              arith::FastMathFlagsAttr::get(op->getContext(), flags));
}

namespace {

/// Shared by both kinds of kernels: the function and its arguments.
class BuilderBase {
public:
  BuilderBase(KernelPlan &plan)
      : plan(plan), builder(plan.op.getContext()), loc(plan.op.getLoc()) {
    auto type = builder.getFunctionType(
        {builder.getIndexType(), builder.getIndexType()}, {});
    kernel.func = func::FuncOp::create(loc, "kernel", type);
    kernel.func.setPrivate();
    kernel.func->setAttr("frac.kernel", builder.getUnitAttr());
    entry = kernel.func.addEntryBlock();
    builder.setInsertionPointToStart(entry);
  }

  /// The kernel's name for a buffer or scalar of the entry. Constants are
  /// built anew in the kernel.
  Value import(Value value) {
    Value &local = imported[value];
    if (local)
      return local;
    Operation *op = value.getDefiningOp();
    if (op && op->hasTrait<OpTrait::ConstantLike>()) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(entry);
      local = builder.clone(*op)->getResult(0);
      return local;
    }
    Type type = value.getType();
    if (auto buffer = dyn_cast<MemRefType>(type))
      type = MemRefType::get({ShapedType::kDynamic}, buffer.getElementType());
    local = entry->addArgument(type, loc);
    kernel.arguments.push_back(value);
    return local;
  }

  Value constant(int64_t value) {
    Value &local = constants[value];
    if (!local) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(entry);
      local = arith::ConstantIndexOp::create(builder, loc, value);
    }
    return local;
  }

  /// value x extent, without an operation where it is plain.
  Value multiply(Value value, Extent extent) {
    if (extent.factor == 0)
      return constant(0);
    if (extent.size)
      value = arith::MulIOp::create(builder, loc, value, import(extent.size),
                                    noWrap());
    if (extent.factor != 1)
      value = arith::MulIOp::create(builder, loc, value,
                                    constant(extent.factor), noWrap());
    return value;
  }

  Value add(Value a, Value b) {
    if (!a)
      return b;
    return arith::AddIOp::create(builder, loc, a, b, noWrap());
  }

  Value getExtent(Extent extent) {
    if (extent.isStatic())
      return constant(extent.factor);
    Value size = import(extent.size);
    if (extent.factor == 1)
      return size;
    return arith::MulIOp::create(builder, loc, size, constant(extent.factor),
                                 noWrap());
  }

  Value load(Value buffer, Value place) {
    return memref::LoadOp::create(builder, loc, buffer,
                                  place ? place : constant(0));
  }
  void store(Value value, Value buffer, Value place) {
    memref::StoreOp::create(builder, loc, value, buffer,
                            place ? place : constant(0));
  }

  Kernel finish() {
    func::ReturnOp::create(builder, loc);
    // A product and a sum may become one operation, rounded once.
    kernel.func.walk([](arith::ArithFastMathInterface op) {
      addFastMathFlags(op, arith::FastMathFlags::contract);
    });
    kernel.func.setType(builder.getFunctionType(entry->getArgumentTypes(), {}));
    return kernel;
  }

protected:
  /// Kernels stay within their buffers, so that no product or sum overflows.
  static arith::IntegerOverflowFlags noWrap() {
    return arith::IntegerOverflowFlags::nsw | arith::IntegerOverflowFlags::nuw;
  }

  KernelPlan &plan;
  OpBuilder builder;
  Location loc;
  Kernel kernel;
  Block *entry;
  DenseMap<Value, Value> imported;
  DenseMap<int64_t, Value> constants;
};

class LoopBuilder : public BuilderBase {
public:
  LoopBuilder(KernelPlan &plan) : BuilderBase(plan) {}

  Kernel build();

private:
  void buildLoops(unsigned level, SmallVector<Value> places,
                  SmallVector<Value> &accumulators);
  void buildBody(ArrayRef<Value> places, SmallVector<Value> &accumulators);
  void buildInitialValues(unsigned output, unsigned level, Value place);
  Value getInitialValue(unsigned output);
  Value step(Value place, const Access &access, unsigned loop, Value variable);
  bool isVectorLoop(unsigned level);
  Attribute getVectorAnnotation();
  Value buildLoad(memref::LoadOp original, ValueRange indices);
  Value getIndex(linalg::IndexOp index);
  void cloneOperation(Operation &op, IRMapping &mapping);

  /// Whether output `output` is kept in registers from loop `level` inwards.
  bool isCarriedFrom(unsigned output, unsigned level) {
    return plan.isReduction(output) &&
           plan.space.isInvariantFrom(plan.getOutputAccess(output), level);
  }
  Value getOutputBuffer(unsigned output) {
    Value partial =
        plan.form == KernelForm::Parts ? plan.partials[output] : Value();
    return import(partial ? partial : plan.getOutputAccess(output).root);
  }

  /// Induction variables of the loops around, by number of loop.
  SmallVector<Value> variables;
};

} // namespace

/// Whether loop `level` is a short inner loop that is to become a few vector
/// operations. LLVM would unroll it and vectorize the loop around it instead,
/// which has large steps.
bool LoopBuilder::isVectorLoop(unsigned level) {
  const Loop &loop = plan.space.loops[level];
  if (level == 0 || level + 1 != plan.space.loops.size() ||
      !loop.extent.isStatic() || loop.extent.factor < minVectorExtent ||
      loop.extent.factor > maxVectorExtent)
    return false;
  for (const Access &access : plan.space.accesses)
    if (access.strides[level].factor != 0 && !access.strides[level].isOne())
      return false;
  return true;
}

Attribute LoopBuilder::getVectorAnnotation() {
  MLIRContext *context = builder.getContext();
  auto flag = [&](bool value) { return BoolAttr::get(context, value); };
  auto vectorize = LLVM::LoopVectorizeAttr::get(
      context, /*disable=*/flag(false), /*predicateEnable=*/{},
      /*scalableEnable=*/{}, /*width=*/{}, /*followupVectorized=*/{},
      /*followupEpilogue=*/{}, /*followupAll=*/{});
  auto unroll = LLVM::LoopUnrollAttr::get(
      context, /*disable=*/flag(true), /*count=*/{}, /*runtimeDisable=*/{},
      /*full=*/{}, /*followupUnrolled=*/{}, /*followupRemainder=*/{},
      /*followupAll=*/{});
  return LLVM::LoopAnnotationAttr::get(
      context, /*disableNonforced=*/{}, vectorize, /*interleave=*/{}, unroll,
      /*unrollAndJam=*/{}, /*licm=*/{}, /*distribute=*/{}, /*pipeline=*/{},
      /*peeled=*/{}, /*unswitch=*/{}, /*mustProgress=*/{},
      /*isVectorized=*/{}, /*startLoc=*/{}, /*endLoc=*/{},
      /*parallelAccesses=*/{});
}

/// Moves `place` by `variable` steps of loop `loop`.
Value LoopBuilder::step(Value place, const Access &access, unsigned loop,
                        Value variable) {
  if (access.strides[loop].factor == 0)
    return place;
  return add(place, multiply(variable, access.strides[loop]));
}

/// What output `output` starts from: null if its buffer holds it.
Value LoopBuilder::getInitialValue(unsigned output) {
  if (plan.form == KernelForm::Parts && plan.partials[output]) {
    Operation *combiner = matchCombiner(plan.op, output);
    TypedAttr neutral = *arith::getNeutralElement(combiner);
    return arith::ConstantOp::create(builder, loc, neutral);
  }
  Value value = plan.initialValues[output];
  return value ? import(value) : Value();
}

/// Stores the initial value of `output` everywhere that loops `level` and
/// inwards reach.
void LoopBuilder::buildInitialValues(unsigned output, unsigned level,
                                     Value place) {
  const Access &access = plan.getOutputAccess(output);
  while (level < plan.space.loops.size() && access.strides[level].factor == 0)
    ++level;
  if (level == plan.space.loops.size()) {
    store(getInitialValue(output), getOutputBuffer(output), place);
    return;
  }
  auto loop = scf::ForOp::create(builder, loc, constant(0),
                                 getExtent(plan.space.loops[level].extent),
                                 constant(1));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  buildInitialValues(output, level + 1,
                     step(place, access, level, loop.getInductionVar()));
}

/// Builds loop `level` and all inside it. `places` has one index for each
/// access, null for 0. `accumulators` has the value of each output that is kept
/// in registers, null for the others, and is updated.
void LoopBuilder::buildLoops(unsigned level, SmallVector<Value> places,
                             SmallVector<Value> &accumulators) {
  unsigned numInputs = plan.op.getNumDpsInputs();
  // Outputs that enter registers here.
  SmallVector<unsigned> entering;
  for (unsigned i = 0; i < plan.getNumOutputs(); ++i) {
    if (accumulators[i] || !isCarriedFrom(i, level))
      continue;
    // Where a reduction loop is further out, memory has been set before it.
    bool outerReduction = false;
    for (unsigned outer = plan.form == KernelForm::Parts ? 1 : 0; outer < level;
         ++outer)
      outerReduction |= plan.space.loops[outer].isReduction &&
                        plan.getOutputAccess(i).strides[outer].factor == 0;
    if (plan.form == KernelForm::Parts)
      outerReduction |= level > 0;
    Value initial = outerReduction ? Value() : getInitialValue(i);
    accumulators[i] =
        initial ? initial : load(getOutputBuffer(i), places[numInputs + i]);
    entering.push_back(i);
  }

  if (level == plan.space.loops.size()) {
    buildBody(places, accumulators);
  } else {
    // Outputs in memory that this loop is the outermost reduction of.
    for (unsigned i = 0; i < plan.getNumOutputs(); ++i) {
      const Access &access = plan.getOutputAccess(i);
      bool outermost = plan.space.loops[level].isReduction &&
                       access.strides[level].factor == 0;
      for (unsigned outer = 0; outer < level; ++outer)
        outermost &= !plan.space.loops[outer].isReduction ||
                     access.strides[outer].factor != 0;
      if (outermost && !accumulators[i] && plan.isReduction(i) &&
          getInitialValue(i))
        buildInitialValues(i, level, places[numInputs + i]);
    }

    Value lower = constant(0);
    Value upper;
    if (level == 0 && plan.form == KernelForm::Range) {
      lower = entry->getArgument(0);
      upper = entry->getArgument(1);
    } else {
      upper = getExtent(plan.space.loops[level].extent);
    }
    if (level == 0 && plan.form == KernelForm::Parts) {
      // Part p of n iterations: from n p / parts to n (p + 1) / parts.
      auto bound = [&](Value part) -> Value {
        Value product =
            arith::MulIOp::create(builder, loc, upper, part, noWrap());
        return arith::DivUIOp::create(builder, loc, product,
                                      constant(FRAC_REDUCTION_PARTS));
      };
      Value part = variables[0];
      Value next =
          arith::AddIOp::create(builder, loc, part, constant(1), noWrap());
      Value begin = bound(part);
      upper = bound(next);
      lower = begin;
      variables.clear();
    }
    bool isVector = isVectorLoop(level);
    SmallVector<Value> carried;
    for (Value accumulator : accumulators)
      if (accumulator)
        carried.push_back(accumulator);
    auto loop =
        scf::ForOp::create(builder, loc, lower, upper, constant(1), carried);
    if (isVector)
      loop->setAttr("loop_annotation", getVectorAnnotation());
    {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(loop.getBody());
      unsigned next = 0;
      SmallVector<Value> inner(accumulators);
      for (Value &accumulator : inner)
        if (accumulator)
          accumulator = loop.getRegionIterArg(next++);
      variables.push_back(loop.getInductionVar());
      SmallVector<Value> innerPlaces(places);
      for (auto [place, access] : llvm::zip(innerPlaces, plan.space.accesses))
        place = step(place, access, level, loop.getInductionVar());
      buildLoops(level + 1, innerPlaces, inner);
      variables.pop_back();
      SmallVector<Value> results;
      for (auto [outer, value] : llvm::zip(accumulators, inner))
        if (outer)
          results.push_back(value);
      if (carried.empty())
        builder.setInsertionPoint(loop.getBody()->getTerminator());
      else
        scf::YieldOp::create(builder, loc, results);
    }
    unsigned next = 0;
    for (Value &accumulator : accumulators)
      if (accumulator)
        accumulator = loop.getResult(next++);
  }

  for (unsigned i : entering) {
    store(accumulators[i], getOutputBuffer(i), places[numInputs + i]);
    accumulators[i] = Value();
  }
}

/// Loads what `original` loads of a captured buffer, at the given indices, from
/// the kernel's buffer of one dimension.
Value LoopBuilder::buildLoad(memref::LoadOp original, ValueRange indices) {
  MemRefType type = original.getMemRefType();
  Value size = getDynamicExtent(original.getMemRef());
  Value place;
  Extent stride;
  for (int64_t i = type.getRank() - 1; i >= 0; --i) {
    place = add(place, multiply(indices[i], stride));
    if (type.isDynamicDim(i))
      stride.size = size;
    else
      stride.factor *= type.getDimSize(i);
  }
  return load(import(getRootBuffer(original.getMemRef())), place);
}

Value LoopBuilder::getIndex(linalg::IndexOp index) {
  for (auto [number, loop] : llvm::enumerate(plan.space.loops))
    if (loop.dimension == static_cast<int64_t>(index.getDim()))
      return variables[number];
  // The loop has one iteration.
  return constant(0);
}

/// Copies an operation of the body, with all it holds.
void LoopBuilder::cloneOperation(Operation &op, IRMapping &mapping) {
  if (auto index = dyn_cast<linalg::IndexOp>(op)) {
    mapping.map(index.getResult(), getIndex(index));
    return;
  }
  for (Value operand : op.getOperands())
    if (!plan.op.getRegion().isAncestor(operand.getParentRegion()) &&
        !isa<MemRefType>(operand.getType()))
      mapping.map(operand, import(operand));
  if (auto original = dyn_cast<memref::LoadOp>(op)) {
    SmallVector<Value> indices;
    for (Value index : original.getIndices())
      indices.push_back(mapping.lookup(index));
    mapping.map(original.getResult(), buildLoad(original, indices));
    return;
  }
  Operation *clone = builder.cloneWithoutRegions(op, mapping);
  for (auto [from, to] : llvm::zip(op.getRegions(), clone->getRegions())) {
    for (Block &block : from) {
      OpBuilder::InsertionGuard guard(builder);
      Block *copy = builder.createBlock(&to);
      for (BlockArgument argument : block.getArguments())
        mapping.map(argument,
                    copy->addArgument(argument.getType(), argument.getLoc()));
      for (Operation &inner : block)
        cloneOperation(inner, mapping);
    }
  }
}

void LoopBuilder::buildBody(ArrayRef<Value> places,
                            SmallVector<Value> &accumulators) {
  linalg::GenericOp op = plan.op;
  Block *body = op.getBody();
  unsigned numInputs = op.getNumDpsInputs();
  IRMapping mapping;
  for (BlockArgument argument : body->getArguments()) {
    if (argument.use_empty())
      continue;
    unsigned number = argument.getArgNumber();
    const Access &access = plan.space.accesses[number];
    Value value;
    if (number >= numInputs && accumulators[number - numInputs])
      value = accumulators[number - numInputs];
    else if (number >= numInputs && !plan.isReduction(number - numInputs) &&
             plan.initialValues[number - numInputs])
      value = import(plan.initialValues[number - numInputs]);
    else if (number >= numInputs)
      value = load(getOutputBuffer(number - numInputs), places[number]);
    else if (isa<MemRefType>(access.root.getType()))
      value = load(import(access.root), places[number]);
    else
      value = import(access.root);
    mapping.map(argument, value);
  }

  for (Operation &inner : body->without_terminator())
    cloneOperation(inner, mapping);

  for (unsigned i = 0; i < plan.getNumOutputs(); ++i) {
    Value result =
        mapping.lookupOrDefault(body->getTerminator()->getOperand(i));
    if (!plan.op.getRegion().isAncestor(
            body->getTerminator()->getOperand(i).getParentRegion()))
      result = import(result);
    if (!accumulators[i]) {
      store(result, getOutputBuffer(i), places[numInputs + i]);
      continue;
    }
    accumulators[i] = result;
    // A sum in registers may be rounded in another order, which is the same
    // for every run: it is part of the compiled code.
    if (!matchCombiner(op, i))
      continue;
    if (auto fast =
            dyn_cast<arith::ArithFastMathInterface>(result.getDefiningOp()))
      addFastMathFlags(fast, arith::FastMathFlags::reassoc);
  }
}

Kernel LoopBuilder::build() {
  unsigned numOutputs = plan.getNumOutputs();
  SmallVector<Value> places, accumulators(numOutputs);
  for (Access &access : plan.space.accesses)
    places.push_back(access.offset ? constant(access.offset) : Value());
  if (plan.form != KernelForm::Parts) {
    buildLoops(0, places, accumulators);
    return finish();
  }
  auto parts = scf::ForOp::create(builder, loc, entry->getArgument(0),
                                  entry->getArgument(1), constant(1));
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(parts.getBody());
    Value part = parts.getInductionVar();
    for (unsigned i = 0; i < numOutputs; ++i) {
      if (!plan.partials[i])
        continue;
      auto type = cast<MemRefType>(plan.partials[i].getType());
      Extent size{getStaticElements(type) / FRAC_REDUCTION_PARTS,
                  getDynamicExtent(plan.partials[i])};
      places[plan.op.getNumDpsInputs() + i] = multiply(part, size);
    }
    variables.push_back(part);
    buildLoops(0, places, accumulators);
  }
  return finish();
}

Kernel frac::buildKernel(KernelPlan &plan) { return LoopBuilder(plan).build(); }

namespace {
class CombineBuilder : public BuilderBase {
public:
  CombineBuilder(KernelPlan &plan) : BuilderBase(plan) {}

  Kernel build(unsigned output, Extent size);
};
} // namespace

Kernel CombineBuilder::build(unsigned output, Extent size) {
  Value partials = import(plan.partials[output]);
  Value result = import(plan.getOutputAccess(output).root);
  Operation *combiner = matchCombiner(plan.op, output);
  BlockArgument accumulator = plan.op.getRegionOutputArgs()[output];
  auto loop = scf::ForOp::create(builder, loc, entry->getArgument(0),
                                 entry->getArgument(1), constant(1));
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    Value place = loop.getInductionVar();
    Value initial = plan.initialValues[output];
    Value sum = initial ? import(initial) : load(result, place);
    Value stride = getExtent(size), part = place;
    for (int64_t i = 0; i < FRAC_REDUCTION_PARTS; ++i) {
      if (i > 0)
        part = add(part, stride);
      Value value = load(partials, part);
      IRMapping mapping;
      for (Value operand : combiner->getOperands())
        mapping.map(operand, operand == accumulator ? sum : value);
      sum = builder.clone(*combiner, mapping)->getResult(0);
    }
    store(sum, result, place);
  }
  return finish();
}

Kernel frac::buildCombineKernel(KernelPlan &plan, unsigned output,
                                Extent size) {
  return CombineBuilder(plan).build(output, size);
}
