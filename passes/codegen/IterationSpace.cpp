//===- IterationSpace.cpp - Loops over dense buffers ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/codegen/IterationSpace.h"
#include "passes/memory/BufferSizes.h"

#include "mlir/IR/AffineExpr.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace frac;

/// Adds `expression` times `stride` to the strides and the offset of `access`.
static LogicalResult addExpression(AffineExpr expression, Extent stride,
                                   Access &access) {
  if (auto dimension = dyn_cast<AffineDimExpr>(expression)) {
    Extent &total = access.strides[dimension.getPosition()];
    if (total.factor == 0)
      total = stride;
    else if (total.size == stride.size)
      total.factor += stride.factor;
    else
      return failure();
    return success();
  }
  if (auto constant = dyn_cast<AffineConstantExpr>(expression)) {
    if (!stride.isStatic() && constant.getValue() != 0)
      return failure();
    access.offset += constant.getValue() * stride.factor;
    return success();
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expression);
  if (!binary)
    return failure();
  if (binary.getKind() == AffineExprKind::Add)
    return success(succeeded(addExpression(binary.getLHS(), stride, access)) &&
                   succeeded(addExpression(binary.getRHS(), stride, access)));
  auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (binary.getKind() != AffineExprKind::Mul || !factor)
    return failure();
  stride.factor *= factor.getValue();
  return addExpression(binary.getLHS(), stride, access);
}

FailureOr<IterationSpace> IterationSpace::get(linalg::GenericOp op) {
  IterationSpace space;
  space.loops.resize(op.getNumLoops());
  for (unsigned i = 0; i < op.getNumLoops(); ++i) {
    space.loops[i].dimension = i;
    space.loops[i].extent.factor = -1;
    space.loops[i].isReduction =
        op.getIteratorTypesArray()[i] == utils::IteratorType::reduction;
  }
  for (OpOperand &operand : op->getOpOperands()) {
    Access access;
    access.root = operand.get();
    access.strides.assign(op.getNumLoops(), Extent{0, Value()});
    auto type = dyn_cast<MemRefType>(operand.get().getType());
    if (!type) {
      space.accesses.push_back(access);
      continue;
    }
    access.root = getRootBuffer(operand.get());
    Value size = getDynamicExtent(operand.get());
    AffineMap map = op.getMatchingIndexingMap(&operand);
    Extent stride;
    for (int64_t i = type.getRank() - 1; i >= 0; --i) {
      if (failed(addExpression(map.getResult(i), stride, access)))
        return op.emitOpError("accesses operand ")
               << operand.getOperandNumber() << " by "
               << AffineMapAttr::get(map)
               << ", which is not a sum of dimensions times constants";
      Extent extent{1, size};
      if (type.isDynamicDim(i))
        stride.size = size;
      else
        extent = Extent{type.getDimSize(i), Value()};
      stride.factor *= extent.isStatic() ? extent.factor : 1;
      auto dimension = dyn_cast<AffineDimExpr>(map.getResult(i));
      if (!dimension)
        continue;
      Loop &loop = space.loops[dimension.getPosition()];
      if (loop.extent.factor < 0 || extent.isStatic())
        loop.extent = extent;
    }
    space.accesses.push_back(access);
  }
  for (Loop &loop : space.loops)
    if (loop.extent.factor < 0)
      return op.emitOpError("has a loop whose extent no operand tells");
  return space;
}

bool IterationSpace::isInvariantFrom(const Access &access,
                                     unsigned first) const {
  for (unsigned i = first; i < loops.size(); ++i)
    if (access.strides[i].factor != 0)
      return false;
  return true;
}

void IterationSpace::moveLoop(unsigned from, unsigned to) {
  auto move = [&](auto &list) {
    auto element = list[from];
    list.erase(list.begin() + from);
    list.insert(list.begin() + to, element);
  };
  move(loops);
  for (Access &access : accesses)
    move(access.strides);
}

/// Whether the loop walks through every operand that it moves in element by
/// element.
static bool isContiguous(const IterationSpace &space, unsigned loop) {
  bool moves = false;
  for (const Access &access : space.accesses) {
    const Extent &stride = access.strides[loop];
    if (stride.factor == 0)
      continue;
    if (!stride.isOne())
      return false;
    moves = true;
  }
  return moves;
}

/// Whether loops `i` and `i + 1` walk through all operands as one loop would.
static bool canMerge(const IterationSpace &space, unsigned i) {
  const Loop &outer = space.loops[i], &inner = space.loops[i + 1];
  if (outer.isReduction != inner.isReduction)
    return false;
  if (outer.extent.size && inner.extent.size)
    return false;
  for (const Access &access : space.accesses) {
    Extent step = access.strides[i + 1];
    if (step.size && inner.extent.size)
      return false;
    step.factor *= inner.extent.factor;
    if (inner.extent.size && step.factor != 0)
      step.size = inner.extent.size;
    if (step != access.strides[i])
      return false;
  }
  return true;
}

void IterationSpace::simplify(const llvm::SmallBitVector &pinned) {
  auto erase = [&](unsigned i) {
    loops.erase(loops.begin() + i);
    for (Access &access : accesses)
      access.strides.erase(access.strides.begin() + i);
  };
  for (unsigned i = loops.size(); i-- > 0;)
    if (loops[i].extent.isOne())
      erase(i);

  // A short loop inside, or one with large steps, vectorizes badly.
  constexpr int64_t minInnerExtent = 8;
  if (loops.size() > 1) {
    auto length = [&](unsigned i) {
      return loops[i].extent.isStatic() ? loops[i].extent.factor : 1024;
    };
    unsigned last = loops.size() - 1, best = last;
    if (!isContiguous(*this, last) || length(last) < minInnerExtent)
      for (unsigned i = 0; i < last; ++i)
        if (isContiguous(*this, i) &&
            (!isContiguous(*this, best) || length(i) > length(best)))
          best = i;
    if (best != last)
      moveLoop(best, last);
  }

  auto isPinned = [&](unsigned i) {
    return loops[i].dimension >= 0 && pinned.test(loops[i].dimension);
  };
  for (unsigned i = 0; i + 1 < loops.size();) {
    if (isPinned(i) || isPinned(i + 1) || !canMerge(*this, i)) {
      ++i;
      continue;
    }
    Loop &inner = loops[i + 1];
    inner.extent.factor *= loops[i].extent.factor;
    if (loops[i].extent.size)
      inner.extent.size = loops[i].extent.size;
    inner.dimension = -1;
    erase(i);
    i = i > 0 ? i - 1 : 0;
  }
}
