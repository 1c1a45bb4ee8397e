//===- GenericMerge.cpp - Making one loop nest of two ---------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/lowering/GenericMerge.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace frac {

bool isElementwise(linalg::GenericOp op) {
  if (op.getNumLoops() != op.getNumParallelLoops() || op.getNumResults() == 0)
    return false;
  for (OpOperand &init : op.getDpsInitsMutable()) {
    if (!op.getMatchingIndexingMap(&init).isPermutation() ||
        op.payloadUsesValueFromOperand(&init))
      return false;
  }
  return true;
}

FailureOr<SmallVector<AffineExpr>>
getLoopsInConsumer(linalg::GenericOp producer, linalg::GenericOp consumer) {
  SetVector<Value> captured;
  getUsedValuesDefinedAbove(consumer.getRegion(), captured);
  for (Value value : captured)
    if (value.getDefiningOp() == producer)
      return failure();

  SmallVector<AffineExpr> loops;
  for (OpOperand &operand : consumer->getOpOperands()) {
    if (operand.get().getDefiningOp() != producer)
      continue;
    if (!consumer.isDpsInput(&operand))
      return failure();
    unsigned number = cast<OpResult>(operand.get()).getResultNumber();
    AffineMap written =
        producer.getMatchingIndexingMap(producer.getDpsInitOperand(number));
    AffineMap read = consumer.getMatchingIndexingMap(&operand);
    AffineMap composed = inversePermutation(written).compose(read);
    if (!composed.isProjectedPermutation())
      return failure();
    SmallVector<AffineExpr> here(composed.getResults());
    if (!loops.empty() && loops != here)
      return failure();
    loops = std::move(here);
  }
  if (loops.empty() && producer.getNumLoops() != 0)
    return failure();
  if (!llvm::is_contained(
          llvm::map_range(consumer->getOperands(),
                          [](Value value) { return value.getDefiningOp(); }),
          producer.getOperation()))
    return failure();
  return loops;
}

namespace {

/// Whether every loop is the place in some dimension of an operand.
bool coversLoops(ArrayRef<AffineMap> maps, unsigned numLoops) {
  BitVector covered(numLoops);
  for (AffineMap map : maps)
    for (AffineExpr expr : map.getResults())
      if (auto dim = dyn_cast<AffineDimExpr>(expr))
        covered.set(dim.getPosition());
  return covered.all();
}

} // namespace

bool keepsExtents(linalg::GenericOp first, linalg::GenericOp second,
                  ArrayRef<AffineExpr> loops) {
  SmallVector<AffineMap> maps;
  for (OpOperand *input : first.getDpsInputOperands())
    maps.push_back(first.getMatchingIndexingMap(input).replaceDimsAndSymbols(
        loops, {}, second.getNumLoops(), 0));
  for (OpOperand &operand : second->getOpOperands())
    if (operand.get().getDefiningOp() != first)
      maps.push_back(second.getMatchingIndexingMap(&operand));
  return coversLoops(maps, second.getNumLoops());
}

namespace {

/// Collects the operands of a merged nest.
struct MergedOperands {
  SmallVector<Value> inputs, inits;
  SmallVector<AffineMap> inputMaps, initMaps;

  /// Number of the input, which may have been there already.
  unsigned addInput(Value value, AffineMap map) {
    for (unsigned i = 0; i < inputs.size(); ++i)
      if (inputs[i] == value && inputMaps[i] == map)
        return i;
    inputs.push_back(value);
    inputMaps.push_back(map);
    return inputs.size() - 1;
  }
};

} // namespace

linalg::GenericOp mergeGenerics(OpBuilder &builder, linalg::GenericOp first,
                                linalg::GenericOp second,
                                ArrayRef<AffineExpr> loops,
                                const BitVector &kept) {
  unsigned numLoops = second.getNumLoops();
  auto inSecond = [&](AffineMap map) {
    return map.replaceDimsAndSymbols(loops, {}, numLoops, 0);
  };

  // Operands, and for each argument of the two bodies its number among them.
  // Inputs have their own numbers, inits are counted from 0 behind them.
  MergedOperands operands;
  SmallVector<unsigned> firstInputs, secondInputs;
  for (OpOperand *input : first.getDpsInputOperands())
    firstInputs.push_back(operands.addInput(
        input->get(), inSecond(first.getMatchingIndexingMap(input))));
  for (OpOperand *input : second.getDpsInputOperands()) {
    bool isInlined = input->get().getDefiningOp() == first;
    secondInputs.push_back(
        isInlined ? ~0u
                  : operands.addInput(input->get(),
                                      second.getMatchingIndexingMap(input)));
  }
  SmallVector<Type> types(second->getResultTypes());
  for (OpOperand &init : second.getDpsInitsMutable()) {
    operands.inits.push_back(init.get());
    operands.initMaps.push_back(second.getMatchingIndexingMap(&init));
  }
  for (unsigned number : kept.set_bits()) {
    OpOperand *init = first.getDpsInitOperand(number);
    operands.inits.push_back(init->get());
    operands.initMaps.push_back(inSecond(first.getMatchingIndexingMap(init)));
    types.push_back(first.getResult(number).getType());
  }

  SmallVector<AffineMap> maps(operands.inputMaps);
  llvm::append_range(maps, operands.initMaps);
  Location loc = builder.getFusedLoc({first.getLoc(), second.getLoc()});
  return linalg::GenericOp::create(
      builder, loc, types, operands.inputs, operands.inits, maps,
      second.getIteratorTypesArray(),
      [&](OpBuilder &b, Location, ValueRange arguments) {
        ValueRange initArguments = arguments.drop_front(operands.inputs.size());
        IRMapping mapping;
        Block *firstBody = first.getBody();
        for (auto [number, input] : llvm::enumerate(firstInputs))
          mapping.map(firstBody->getArgument(number), arguments[input]);
        unsigned nextInit = second.getNumDpsInits();
        for (unsigned number : kept.set_bits())
          mapping.map(firstBody->getArgument(firstInputs.size() + number),
                      initArguments[nextInit++]);
        for (Operation &op : firstBody->without_terminator()) {
          if (auto index = dyn_cast<linalg::IndexOp>(op)) {
            auto loop = cast<AffineDimExpr>(loops[index.getDim()]);
            mapping.map(
                index.getResult(),
                linalg::IndexOp::create(b, index.getLoc(), loop.getPosition())
                    .getResult());
            continue;
          }
          b.clone(op, mapping);
        }
        SmallVector<Value> firstYields;
        for (Value value : firstBody->getTerminator()->getOperands())
          firstYields.push_back(mapping.lookupOrDefault(value));

        Block *secondBody = second.getBody();
        for (auto [number, input] : llvm::enumerate(secondInputs)) {
          Value argument = secondBody->getArgument(number);
          if (input != ~0u) {
            mapping.map(argument, arguments[input]);
            continue;
          }
          auto read = cast<OpResult>(second.getDpsInputs()[number]);
          mapping.map(argument, firstYields[read.getResultNumber()]);
        }
        for (unsigned i = 0, e = second.getNumDpsInits(); i < e; ++i)
          mapping.map(secondBody->getArgument(secondInputs.size() + i),
                      initArguments[i]);
        for (Operation &op : secondBody->without_terminator())
          b.clone(op, mapping);

        SmallVector<Value> yields;
        for (Value value : secondBody->getTerminator()->getOperands())
          yields.push_back(mapping.lookupOrDefault(value));
        for (unsigned number : kept.set_bits())
          yields.push_back(firstYields[number]);
        linalg::YieldOp::create(b, loc, yields);
      });
}

void simplifyGeneric(linalg::GenericOp op) {
  Block *body = op.getBody();
  for (Operation &inner : llvm::make_early_inc_range(llvm::reverse(*body)))
    if (isOpTriviallyDead(&inner))
      inner.erase();

  // An input may be the only one that tells the extent of a loop.
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  for (unsigned i = op.getNumDpsInputs(); i-- > 0;) {
    if (!body->getArgument(i).use_empty())
      continue;
    SmallVector<AffineMap> rest(maps);
    rest.erase(rest.begin() + i);
    if (!coversLoops(rest, op.getNumLoops()))
      continue;
    maps = std::move(rest);
    op.getInputsMutable().erase(i);
    body->eraseArgument(i);
  }
  op.setIndexingMapsAttr(Builder(op.getContext()).getAffineMapArrayAttr(maps));
}

SetVector<Value> getDependences(linalg::GenericOp op) {
  SetVector<Value> dependences;
  dependences.insert_range(op->getOperands());
  getUsedValuesDefinedAbove(op.getRegion(), dependences);
  return dependences;
}

} // namespace frac
