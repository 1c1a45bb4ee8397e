//===- Adjoints.h - Adjoints of upstream operations -----------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_ADJOINTS_ADJOINTS_H
#define FRAC_DIALECTS_ADJOINTS_ADJOINTS_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace frac {

/// Gives the operations of `arith` that have a derivative the
/// DifferentiableOpInterface.
void registerArithAdjoints(mlir::DialectRegistry &registry);

/// The same for `math`.
void registerMathAdjoints(mlir::DialectRegistry &registry);

/// The same for the operations of `tensor` that move elements.
void registerTensorAdjoints(mlir::DialectRegistry &registry);

/// The same for the structured operations of `linalg` on tensors.
void registerLinalgAdjoints(mlir::DialectRegistry &registry);

} // namespace frac

#endif // FRAC_DIALECTS_ADJOINTS_ADJOINTS_H
