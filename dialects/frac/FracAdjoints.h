//===- FracAdjoints.h - Gradients through gates -----------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_FRAC_FRACADJOINTS_H
#define FRAC_DIALECTS_FRAC_FRACADJOINTS_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace frac::precision {

/// Gives the operations of gates the DifferentiableOpInterface.
void registerAdjoints(mlir::DialectRegistry &registry);

} // namespace frac::precision

#endif // FRAC_DIALECTS_FRAC_FRACADJOINTS_H
