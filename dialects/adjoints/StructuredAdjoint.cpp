//===- StructuredAdjoint.cpp - Gradients of loop nests --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/StructuredAdjoint.h"

#include "dialects/adjoints/Gradients.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace frac;

//===----------------------------------------------------------------------===//
// Terms
//===----------------------------------------------------------------------===//

/// Whether `join` keeps the greater or the smaller of `term` and `other`.
static bool keepsExtremum(Operation *join, Value term, Value other) {
  if (isa<arith::MaximumFOp, arith::MinimumFOp, arith::MaxNumFOp,
          arith::MinNumFOp>(join))
    return true;
  auto select = dyn_cast<arith::SelectOp>(join);
  auto compare = select ? select.getCondition().getDefiningOp<arith::CmpFOp>()
                        : arith::CmpFOp();
  if (!compare)
    return false;
  using Predicate = arith::CmpFPredicate;
  bool isOrder = llvm::is_contained(
      {Predicate::OGT, Predicate::OGE, Predicate::OLT, Predicate::OLE,
       Predicate::UGT, Predicate::UGE, Predicate::ULT, Predicate::ULE},
      compare.getPredicate());
  Value l = compare.getLhs(), r = compare.getRhs();
  return isOrder && ((l == term && r == other) || (l == other && r == term));
}

/// The term that `join` joins with `soFar`; null if it is no such operation.
static Value getJoinedTerm(Operation *join, Value soFar) {
  if (!isa<arith::AddFOp, arith::MaximumFOp, arith::MinimumFOp,
           arith::MaxNumFOp, arith::MinNumFOp, arith::SelectOp>(join))
    return Value();
  Value left = join->getOperands().take_back(2)[0];
  Value right = join->getOperands().take_back(2)[1];
  if ((left == soFar) == (right == soFar))
    return Value();
  return left == soFar ? right : left;
}

LogicalResult StructuredAdjoint::addNeeded(Value term, unsigned result) {
  SmallVector<Value> pending = {term};
  while (!pending.empty()) {
    Value value = pending.pop_back_val();
    if (auto argument = dyn_cast<BlockArgument>(value);
        argument && argument.getOwner() == op.getBlock() &&
        argument.getArgNumber() >= op.getNumDpsInputs())
      return op.emitOpError()
             << "has no derivative: its result " << result
             << " is neither a sum nor an extremum of independent terms";
    Operation *definition = value.getDefiningOp();
    if (!definition || definition->getBlock() != op.getBlock() ||
        !needed.insert(definition).second)
      continue;
    llvm::append_range(pending, definition->getOperands());
    llvm::append_range(pending, getCaptures(definition));
  }
  return success();
}

LogicalResult StructuredAdjoint::analyse() {
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  accumulations.resize(op.getNumDpsInits());
  for (auto [result, found] : llvm::enumerate(accumulations)) {
    if (!resultGradients[result])
      continue;
    Value soFar =
        op.getMatchingBlockArgument(op.getDpsInitOperand(int64_t(result)));
    found.term = op.getBlock()->getTerminator()->getOperand(result);
    Operation *join = found.term.getDefiningOp();
    if (Value term = join ? getJoinedTerm(join, soFar) : Value()) {
      bool isExtremum = keepsExtremum(join, term, soFar);
      if (isExtremum || isa<arith::AddFOp>(join)) {
        found.kind = isExtremum ? Accumulation::Extremum : Accumulation::Sum;
        found.term = term;
      }
    }
    auto number = static_cast<unsigned>(result);
    if (failed(addNeeded(found.term, number)))
      return failure();
    // Each iteration has to have an element of its own.
    AffineMap map = getResultMap(number);
    for (unsigned loop = 0; loop < op.getNumLoops(); ++loop)
      if (found.kind == Accumulation::Last && ranges[loop] != 1 &&
          !llvm::is_contained(map.getResults(),
                              getAffineDimExpr(loop, op.getContext())))
        return op.emitOpError() << "has no derivative: its result " << result
                                << " is overwritten along loop " << loop;
  }
  return success();
}

void StructuredAdjoint::cloneTerms(OpBuilder &nested, ValueRange inputs,
                                   IRMapping &mapping) {
  for (auto [operand, argument] :
       llvm::zip_first(op.getDpsInputOperands(), inputs))
    mapping.map(op.getMatchingBlockArgument(operand), argument);
  for (Operation &scalar : *op.getBlock()) {
    bool isKnown = llvm::any_of(scalar.getResults(), [&](Value result) {
      return mapping.contains(result);
    });
    if (needed.contains(&scalar) && !isKnown)
      nested.clone(scalar, mapping);
  }
}

SmallVector<StructuredAdjoint::ReadTensor> StructuredAdjoint::getReads() {
  SmallVector<ReadTensor> reads;
  for (auto [result, gradient] : llvm::enumerate(resultGradients)) {
    if (!gradient)
      continue;
    AffineMap map = getResultMap(static_cast<unsigned>(result));
    reads.push_back({gradient, map});
    if (accumulations[result].kind == Accumulation::Extremum) {
      reads.push_back({op->getResult(static_cast<unsigned>(result)), map});
      reads.push_back({counts[result], map});
    }
  }
  return reads;
}

FailureOr<SmallVector<Value>>
StructuredAdjoint::differentiateTerms(OpBuilder &nested, ValueRange reads,
                                      const IRMapping &mapping,
                                      ArrayRef<Value> leaves) {
  AdjointBuilder s(op.getLoc(), nested);
  std::vector<std::pair<Value, Value>> terms;
  for (auto [result, arriving] : llvm::enumerate(resultGradients)) {
    if (!arriving)
      continue;
    const Accumulation &accumulation = accumulations[result];
    Value term = mapping.lookupOrDefault(accumulation.term);
    Value weight = reads.front();
    reads = reads.drop_front();
    if (accumulation.kind == Accumulation::Extremum) {
      Value isEqual = s.compare(arith::CmpFPredicate::OEQ, term, reads.front());
      Value shared = s.div(weight, reads.drop_front().front());
      reads = reads.drop_front(2);
      weight = s.select(isEqual, shared, s.zeros(weight));
    }
    terms.push_back({term, weight});
  }
  auto [loss, seed] = terms.front();
  if (terms.size() > 1) {
    // Of several results the sum of the weighted terms is what counts.
    loss = s.mul(loss, seed);
    for (auto [term, weight] : llvm::drop_begin(terms))
      loss = s.add(loss, s.mul(term, weight));
    seed = Value();
  }
  return buildGradients(nested, loss, seed, leaves);
}

//===----------------------------------------------------------------------===//
// Nests
//===----------------------------------------------------------------------===//

Value StructuredAdjoint::createNest(
    ArrayRef<ReadTensor> reads, Value init, AffineMap map,
    function_ref<Value(OpBuilder &, ValueRange)> body) {
  SmallVector<Value> tensors;
  SmallVector<AffineMap> maps;
  for (OpOperand *operand : op.getDpsInputOperands()) {
    tensors.push_back(operand->get());
    maps.push_back(op.getMatchingIndexingMap(operand));
  }
  for (const ReadTensor &read : reads) {
    tensors.push_back(read.tensor);
    maps.push_back(read.map);
  }
  maps.push_back(map);
  // Along a loop that is a dimension of the result, each iteration has an
  // element of its own.
  SmallVector<utils::IteratorType> iterators(op.getNumLoops(),
                                             utils::IteratorType::reduction);
  for (AffineExpr expr : map.getResults())
    if (auto loop = dyn_cast<AffineDimExpr>(expr))
      iterators[loop.getPosition()] = utils::IteratorType::parallel;
  return linalg::GenericOp::create(
             b, init.getType(), tensors, init, maps, iterators,
             [&](OpBuilder &nested, Location loc, ValueRange arguments) {
               linalg::YieldOp::create(nested, loc, body(nested, arguments));
             })
      .getResult(0);
}

Value StructuredAdjoint::countExtrema(unsigned result) {
  Value extremum = op->getResult(result);
  AffineMap map = getResultMap(result);
  return createNest(
      {{extremum, map}}, b.zeros(extremum), map,
      [&](OpBuilder &nested, ValueRange arguments) -> Value {
        IRMapping mapping;
        cloneTerms(nested, arguments, mapping);
        AdjointBuilder s(op.getLoc(), nested);
        Value term = mapping.lookupOrDefault(accumulations[result].term);
        Value isEqual = s.compare(arith::CmpFPredicate::OEQ, term,
                                  arguments[op.getNumDpsInputs()]);
        Value soFar = arguments.back();
        return s.add(soFar,
                     s.select(isEqual, s.constant(1.0, soFar), s.zeros(soFar)));
      });
}

FailureOr<Value> StructuredAdjoint::buildGradient(OpOperand &operand) {
  bool isScalar = !isa<RankedTensorType>(operand.get().getType());
  Value init = isScalar
                   ? tensor::FromElementsOp::create(
                         b, RankedTensorType::get({}, operand.get().getType()),
                         b.zeros(operand.get()))
                         .getResult()
                   : b.zeros(operand.get());
  bool isZero = false, isFailed = false;
  Value gradient = createNest(
      getReads(), init, op.getMatchingIndexingMap(&operand),
      [&](OpBuilder &nested, ValueRange arguments) -> Value {
        IRMapping mapping;
        cloneTerms(nested, arguments, mapping);
        Value leaf = mapping.lookup(op.getMatchingBlockArgument(&operand));
        FailureOr<SmallVector<Value>> built = differentiateTerms(
            nested, arguments.drop_front(op.getNumDpsInputs()), mapping, leaf);
        Value soFar = arguments.back();
        isFailed = failed(built);
        isZero = isFailed || !built->front();
        return isZero ? soFar
                      : AdjointBuilder(op.getLoc(), nested)
                            .add(soFar, built->front());
      });
  if (isFailed)
    return failure();
  if (isZero) {
    gradient.getDefiningOp()->erase();
    return Value();
  }
  return isScalar ? tensor::ExtractOp::create(b, gradient).getResult()
                  : gradient;
}

//===----------------------------------------------------------------------===//
// Captures
//===----------------------------------------------------------------------===//

/// The element of `value` at one iteration; a number is that itself.
static Value extractElement(OpBuilder &builder, Location loc, Value value,
                            AffineMap map, ValueRange iteration) {
  if (!isa<RankedTensorType>(value.getType()))
    return value;
  SmallVector<Value> indices;
  for (AffineExpr expr : map.getResults())
    indices.push_back(affine::expandAffineExpr(builder, loc, expr, iteration,
                                               /*symbolValues=*/{}));
  return tensor::ExtractOp::create(builder, loc, value, indices);
}

// Where the elements lie no map says, so that this is a loop nest that adds to
// the tensor, or to the number, that it carries.
FailureOr<Value> StructuredAdjoint::buildCaptureGradient(Value captured) {
  bool isTensor = isa<RankedTensorType>(captured.getType());
  SmallVector<tensor::ExtractOp> lookups;
  for (Operation &scalar : *op.getBlock()) {
    if (!needed.contains(&scalar) || !isTensor)
      continue;
    bool isUsed = llvm::is_contained(scalar.getOperands(), captured) ||
                  llvm::is_contained(getCaptures(&scalar), captured);
    if (auto lookup = dyn_cast<tensor::ExtractOp>(scalar); lookup && isUsed)
      lookups.push_back(lookup);
    else if (isUsed)
      return op.emitOpError() << "has no derivative by a tensor that its body "
                                 "takes from outside for '"
                              << scalar.getName() << "'";
  }

  Location loc = op.getLoc();
  SmallVector<Value> starts, ends, steps;
  for (Range range : op.createLoopRanges(b, loc)) {
    starts.push_back(getValueOrCreateConstantIndexOp(b, loc, range.offset));
    ends.push_back(getValueOrCreateConstantIndexOp(b, loc, range.size));
    steps.push_back(getValueOrCreateConstantIndexOp(b, loc, range.stride));
  }
  // In a block of its own the body depends on nothing but what it reads.
  if (starts.empty()) {
    starts.push_back(arith::ConstantIndexOp::create(b, 0));
    ends.push_back(arith::ConstantIndexOp::create(b, 1));
    steps = ends;
  }
  bool isFailed = false;
  SmallVector<ReadTensor> tensors = getReads();
  auto body = [&](OpBuilder &nested, Location, ValueRange iteration,
                  ValueRange carried) -> scf::ValueVector {
    SmallVector<Value> inputs, reads, leaves;
    for (OpOperand *operand : op.getDpsInputOperands())
      inputs.push_back(extractElement(nested, loc, operand->get(),
                                      op.getMatchingIndexingMap(operand),
                                      iteration));
    for (const ReadTensor &read : tensors)
      reads.push_back(
          extractElement(nested, loc, read.tensor, read.map, iteration));
    IRMapping mapping;
    for (auto index : op.getBlock()->getOps<linalg::IndexOp>())
      mapping.map(index.getResult(), iteration[index.getDim()]);
    cloneTerms(nested, inputs, mapping);
    if (!isTensor)
      leaves.push_back(captured);
    for (tensor::ExtractOp lookup : lookups)
      leaves.push_back(mapping.lookup(lookup.getResult()));
    FailureOr<SmallVector<Value>> built =
        differentiateTerms(nested, reads, mapping, leaves);
    Value sum = carried.front();
    isFailed |= failed(built);
    if (isFailed)
      return {sum};
    AdjointBuilder s(loc, nested);
    if (!isTensor)
      return {built->front() ? s.add(sum, built->front()) : sum};
    for (auto [lookup, gradient] : llvm::zip_equal(lookups, *built)) {
      if (!gradient)
        continue;
      SmallVector<Value> place =
          llvm::map_to_vector(lookup.getIndices(), [&](Value index) {
            return mapping.lookupOrDefault(index);
          });
      Value soFar = tensor::ExtractOp::create(nested, loc, sum, place);
      sum = tensor::InsertOp::create(nested, loc, s.add(soFar, gradient), sum,
                                     place);
    }
    return {sum};
  };
  Value sum =
      scf::buildLoopNest(b, loc, starts, ends, steps, b.zeros(captured), body)
          .results.front();
  return isFailed ? FailureOr<Value>() : FailureOr<Value>(sum);
}

//===----------------------------------------------------------------------===//
// The rule
//===----------------------------------------------------------------------===//

AdjointValues StructuredAdjoint::build(const BitVector &wanted) {
  if (!op.hasPureTensorSemantics())
    return op.emitOpError() << "has no derivative on buffers";
  if (failed(analyse()))
    return failure();
  counts.resize(accumulations.size());
  for (auto [result, accumulation] : llvm::enumerate(accumulations))
    if (resultGradients[result] && accumulation.kind == Accumulation::Extremum)
      counts[result] = countExtrema(static_cast<unsigned>(result));

  SmallVector<Value> gradients(wanted.size());
  for (OpOperand *operand : op.getDpsInputOperands()) {
    if (!wanted[operand->getOperandNumber()])
      continue;
    FailureOr<Value> gradient = buildGradient(*operand);
    if (failed(gradient))
      return failure();
    gradients[operand->getOperandNumber()] = *gradient;
  }
  for (unsigned result = 0; result < accumulations.size(); ++result) {
    unsigned number = op.getDpsInitOperand(result)->getOperandNumber();
    if (!wanted[number] || !resultGradients[result])
      continue;
    if (accumulations[result].kind == Accumulation::Extremum)
      return op.emitOpError()
             << "has no derivative by what its extremum starts from";
    if (accumulations[result].kind == Accumulation::Sum)
      gradients[number] = resultGradients[result];
  }
  for (auto [place, captured] : llvm::enumerate(getCaptures(op))) {
    if (!wanted[op->getNumOperands() + place])
      continue;
    FailureOr<Value> gradient = buildCaptureGradient(captured);
    if (failed(gradient))
      return failure();
    gradients[op->getNumOperands() + place] = *gradient;
  }
  return gradients;
}
