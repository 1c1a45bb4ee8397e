//===- NestPrice.h - What a loop nest costs -------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The measures by which fusion and recomputation decide.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_LOWERING_NESTPRICE_H
#define FRAC_PASSES_LOWERING_NESTPRICE_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/SetVector.h"

namespace frac {

/// Price of computing one element, in simple vector operations.
int64_t getBodyPrice(mlir::linalg::GenericOp op);

/// Tensors that a nest reads as many elements of as it has iterations: its
/// inputs over all loops, and what it reads at computed places.
llvm::SmallSetVector<mlir::Value, 8> getLargeInputs(mlir::linalg::GenericOp op);

} // namespace frac

#endif // FRAC_PASSES_LOWERING_NESTPRICE_H
