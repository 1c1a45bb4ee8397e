//===- InferenceObstacles.h - What cannot be quantized ----------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_PRECISION_INFERENCEOBSTACLES_H
#define FRAC_PASSES_PRECISION_INFERENCEOBSTACLES_H

#include "dialects/interfaces/ContractionOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>

namespace frac {

/// Why the factors of `op` cannot be quantized in `function`, or nothing.
std::string findObstacle(mlir::func::FuncOp function,
                         ContractionOpInterface op);

/// Whether `op` multiplies and adds, but is not known as a contraction.
bool looksLikeProduct(mlir::Operation *op);

/// Why `op`, which looks like a product, is no contraction.
llvm::StringRef explainUnknownProduct(mlir::Operation *op);

} // namespace frac

#endif // FRAC_PASSES_PRECISION_INFERENCEOBSTACLES_H
