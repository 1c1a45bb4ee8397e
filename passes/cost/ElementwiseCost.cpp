//===- ElementwiseCost.cpp - Work that is no product ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/cost/ElementwiseCost.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace frac;

/// Bits of a tensor with `batch` in place of dynamic extents; 0 of a scalar.
static double getBits(Value value, int64_t batch) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.getElementType().isIntOrFloat())
    return 0;
  double bits = type.getElementTypeBitWidth();
  for (int64_t extent : type.getShape())
    bits *= static_cast<double>(ShapedType::isDynamic(extent) ? batch : extent);
  return bits;
}

/// Operations on elements in a body: what computes something from something.
static int64_t countOperations(Block &body) {
  return llvm::count_if(body.without_terminator(),
                        [](Operation &op) { return op.getNumOperands() > 0; });
}

ElementwiseWork frac::countElementwiseWork(func::FuncOp function,
                                           int64_t batch) {
  ElementwiseWork work;
  function.walk([&](linalg::LinalgOp loop) {
    if (isa<ContractionOpInterface>(loop.getOperation()))
      return;
    double iterations = 1;
    for (int64_t extent : loop.getStaticLoopRanges())
      iterations *=
          static_cast<double>(ShapedType::isDynamic(extent) ? batch : extent);
    work.operations +=
        iterations * static_cast<double>(countOperations(*loop.getBlock()));
    for (OpOperand *input : loop.getDpsInputOperands())
      work.readBits += getBits(input->get(), batch);
    for (Value output : loop.getDpsInits())
      work.writeBits += getBits(output, batch);
  });
  return work;
}

CostSums frac::costElementwise(const ElementwiseWork &work,
                               const CostModel &model) {
  ContractionCost cost = model.evaluateElementwise(work);
  CostSums sums;
  sums.computeCycles = static_cast<double>(cost.computeCycles);
  sums.stallCycles = static_cast<double>(cost.stallCycles);
  sums.totalCycles = static_cast<double>(cost.totalCycles);
  sums.dramRead = static_cast<double>(cost.dram.readBits);
  sums.dramWrite = static_cast<double>(cost.dram.writeBits);
  sums.energy = cost.energy;
  return sums;
}
