//===- GenericMerge.h - Making one loop nest of two -----------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The mechanism of fusion: two `linalg.generic` on tensors become one. Which
/// two is the business of `frac-fuse`.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_LOWERING_GENERICMERGE_H
#define FRAC_PASSES_LOWERING_GENERICMERGE_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/SetVector.h"

namespace frac {

/// Whether every element of the results is computed on its own, at a place
/// that is a permutation of the loops, and contents of the init operands are
/// not read.
bool isElementwise(mlir::linalg::GenericOp op);

/// For each loop of `producer`, an elementwise nest, the loop of `consumer`
/// that runs over the same dimension of the tensors it reads from `producer`.
/// Fails where `consumer` reads none of its results, reads one in a captured
/// tensor, or reads it at two places.
mlir::FailureOr<llvm::SmallVector<mlir::AffineExpr>>
getLoopsInConsumer(mlir::linalg::GenericOp producer,
                   mlir::linalg::GenericOp consumer);

/// Whether the operands that a merged nest would have tell the extent of every
/// loop.
bool keepsExtents(mlir::linalg::GenericOp first, mlir::linalg::GenericOp second,
                  llvm::ArrayRef<mlir::AffineExpr> loops);

/// A nest that computes what `first` and `second` do, in the loops of
/// `second`; `loops` gives for each loop of `first` its counterpart. Results
/// of `first` that `second` reads become numbers in the body. The results of
/// the new nest are those of `second`, then those of `first` whose bit is set
/// in `kept`. Neither is replaced. The new nest stands at the builder's
/// insertion point.
mlir::linalg::GenericOp mergeGenerics(mlir::OpBuilder &builder,
                                      mlir::linalg::GenericOp first,
                                      mlir::linalg::GenericOp second,
                                      llvm::ArrayRef<mlir::AffineExpr> loops,
                                      const llvm::BitVector &kept);

/// Drops what a nest computes and reads in vain. Results are left.
void simplifyGeneric(mlir::linalg::GenericOp op);

/// The tensors and numbers that a nest depends on: operands, and what its body
/// captures.
llvm::SetVector<mlir::Value> getDependences(mlir::linalg::GenericOp op);

} // namespace frac

#endif // FRAC_PASSES_LOWERING_GENERICMERGE_H
