//===- Variables.h - Variables in the state -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_MEMORY_VARIABLES_H
#define FRAC_PASSES_MEMORY_VARIABLES_H

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "llvm/Support/MathExtras.h"

namespace frac {

/// Bytes that a variable takes in the state, dense; its type has a fixed size.
inline int64_t getVariableBytes(mlir::ml_program::GlobalOp global) {
  auto type = mlir::cast<mlir::RankedTensorType>(global.getType());
  return type.getNumElements() *
         llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

} // namespace frac

#endif // FRAC_PASSES_MEMORY_VARIABLES_H
