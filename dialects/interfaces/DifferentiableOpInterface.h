//===- DifferentiableOpInterface.h - Reverse-mode rules -------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_INTERFACES_DIFFERENTIABLEOPINTERFACE_H
#define FRAC_INTERFACES_DIFFERENTIABLEOPINTERFACE_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/BitVector.h"

#include "dialects/interfaces/DifferentiableOpInterface.h.inc"

namespace frac {

/// The values that the regions of `op` take from outside, each once, in the
/// order of their first use.
llvm::SmallVector<mlir::Value> getCaptures(mlir::Operation *op);

} // namespace frac

#endif // FRAC_INTERFACES_DIFFERENTIABLEOPINTERFACE_H
