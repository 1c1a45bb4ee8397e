//===- Gradients.h - Gradients of a value in a block ----------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_ADJOINTS_GRADIENTS_H
#define FRAC_DIALECTS_ADJOINTS_GRADIENTS_H

#include "mlir/IR/Builders.h"

namespace frac {

/// Builds the gradients of `loss` with respect to `leaves` where `builder`
/// stands, which must be behind everything that leads to the loss, in the same
/// block.
///
/// `seed` is the gradient that arrives at `loss`, of its type; null means 1 in
/// every element. Leaves are arguments of the block or results of operations
/// in it, such as loads of variables. Returns one value a leaf, of its type, or
/// null where the loss does not depend on it. Nothing is built for what needs
/// no gradient. Where several gradients meet they are added in the reverse
/// order of the operations they come from, so that the result is the same in
/// each run.
///
/// Fails after a diagnostic at each operation between a leaf and the loss that
/// has no derivative; then nothing has been built for those.
mlir::FailureOr<llvm::SmallVector<mlir::Value>>
buildGradients(mlir::OpBuilder &builder, mlir::Value loss, mlir::Value seed,
               llvm::ArrayRef<mlir::Value> leaves);

/// Makes all loads of one variable in `block` use the first of them, as far as
/// no store lies between, so that a variable that is used twice has one
/// gradient.
void mergeGlobalLoads(mlir::Block &block);

} // namespace frac

#endif // FRAC_DIALECTS_ADJOINTS_GRADIENTS_H
