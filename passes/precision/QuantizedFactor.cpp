//===- QuantizedFactor.cpp - Where a factor was quantized -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/precision/QuantizedFactor.h"

#include "dialects/interfaces/PaddingOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace frac;

/// The extents that are known, multiplied, and how many are not.
static std::pair<int64_t, int64_t> countElements(RankedTensorType type) {
  int64_t known = 1;
  for (int64_t extent : type.getShape())
    if (!ShapedType::isDynamic(extent))
      known *= extent;
  return {known, type.getNumDynamicDims()};
}

// What computes from each element keeps the rank.
bool frac::isReshape(Operation *op) {
  if (op->getNumOperands() == 0 || op->getNumResults() != 1 ||
      op->getNumRegions() != 0 || !isPure(op) ||
      llvm::any_of(op->getOperands().drop_front(), [](Value other) {
        return isa<ShapedType>(other.getType());
      }))
    return false;
  auto from = dyn_cast<RankedTensorType>(op->getOperand(0).getType());
  auto to = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  return from && to && from.getRank() != to.getRank() &&
         from.getElementType() == to.getElementType() &&
         countElements(from) == countElements(to);
}

precision::DequantizeOp frac::getDequantization(Value factor) {
  while (Operation *op = factor.getDefiningOp()) {
    if (auto dequantize = dyn_cast<precision::DequantizeOp>(op))
      return dequantize;
    auto padding = dyn_cast<PaddingOpInterface>(op);
    if (!(padding && padding.addsZeros()) && !isReshape(op))
      break;
    factor = op->getOperand(0);
  }
  return nullptr;
}
