//===- GridStep.cpp - The distance of neighbours on a grid ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/precision/GridStep.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/lowering/LoweringUtils.h"

using namespace mlir;

/// The least distance.
static constexpr double minScale = 1e-8;

Value frac::createGridStep(OpBuilder &builder, Location loc, Value low,
                           Value high, Value levels) {
  Value extent = arith::SubFOp::create(builder, loc, high, low);
  Value step = arith::DivFOp::create(builder, loc, extent, levels);
  return arith::MaximumFOp::create(
      builder, loc, step, createNumber(builder, loc, step.getType(), minScale));
}
