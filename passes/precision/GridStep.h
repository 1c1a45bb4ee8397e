//===- GridStep.h - The distance of neighbours on a grid --------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_PRECISION_GRIDSTEP_H
#define FRAC_PASSES_PRECISION_GRIDSTEP_H

#include "mlir/IR/Builders.h"

namespace frac {

/// max((high - low) / levels, 1e-8), of floats: the distance of neighbours on
/// the grid of `levels` steps from `low` to `high`.
mlir::Value createGridStep(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value low, mlir::Value high,
                           mlir::Value levels);

} // namespace frac

#endif // FRAC_PASSES_PRECISION_GRIDSTEP_H
