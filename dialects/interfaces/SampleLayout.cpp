//===- SampleLayout.cpp - Where the samples are in tensors ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/SampleLayout.h"

#include "dialects/interfaces/KeepsElements.h"
#include "mlir/Interfaces/ShapedOpInterfaces.h"

using namespace mlir;
using namespace frac;

/// The only dynamic dimension of a tensor; nothing for other values.
static std::optional<int64_t> getDynamicDimension(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getNumDynamicDims() != 1)
    return std::nullopt;
  return llvm::find_if(type.getShape(), ShapedType::isDynamic) -
         type.getShape().begin();
}

/// The elements before and behind a dimension, in the order of rows.
static std::pair<int64_t, int64_t> getSurroundings(Value value, int64_t place) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
  return {ShapedType::getNumElements(shape.take_front(place)),
          ShapedType::getNumElements(shape.drop_front(place + 1))};
}

SampleLayout::SampleLayout(func::FuncOp function) {
  if (function.isExternal() || !function.getBody().hasOneBlock())
    return;
  for (BlockArgument argument : function.getArguments())
    if (getDynamicDimension(argument))
      known[argument] = {};
  for (Operation &op : function.getBody().front())
    addOperation(&op);
}

void SampleLayout::addOperation(Operation *op) {
  // What its tensors have, or those whose extents it takes.
  std::optional<Rows> rows;
  for (Value operand : op->getOperands()) {
    if (auto extent = operand.getDefiningOp<ShapedDimOpInterface>())
      operand = extent.getShapedValue();
    auto found = known.find(operand);
    if (found == known.end())
      continue;
    if (rows && !(*rows == found->second))
      rows = Rows{0, false};
    else
      rows = found->second;
  }
  if (!rows)
    return;
  for (Value result : op->getResults()) {
    std::optional<int64_t> place = getDynamicDimension(result);
    if (!place)
      continue;
    known[result] = *rows;
    if (!op->hasTrait<KeepsElements>())
      continue;
    Value source = op->getOperand(0);
    std::optional<int64_t> sourcePlace = getDynamicDimension(source);
    if (!sourcePlace)
      continue;
    auto [before, behind] = getSurroundings(source, *sourcePlace);
    auto [newBefore, newBehind] = getSurroundings(result, *place);
    int64_t elements = rows->count * before * behind;
    int64_t others = newBefore * newBehind;
    bool isWhole = others > 0 && elements % others == 0;
    known[result] = {isWhole ? elements / others : 0,
                     rows->isOrdered && before == newBefore};
  }
}

bool SampleLayout::isBySample(Value value) const {
  auto found = known.find(value);
  return found != known.end() && found->second == Rows() &&
         getDynamicDimension(value) == 0;
}

int64_t SampleLayout::getRows(ContractionOpInterface op) const {
  int64_t rows = 1;
  for (Value operand : op->getOperands())
    rows = std::max(rows, known.lookup_or(operand, Rows()).count);
  return rows;
}
