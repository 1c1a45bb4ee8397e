//===- TransposeMotion.h - Moving transposes out of the way ---------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How transposes between channels-last operations and the rest of a program
/// move until they meet and cancel.
///
/// There are two kinds. A *restoring* transpose stands behind an operation
/// made channels-last and gives its result the order of ONNX again; it sinks:
/// the operation that uses it is made to work on its input instead, and is
/// followed by a restoring transpose of its own. All other transposes stay,
/// but are absorbed by what can produce its result in any order.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_LAYOUT_TRANSPOSEMOTION_H
#define FRAC_PASSES_LAYOUT_TRANSPOSEMOTION_H

#include "dialects/frac/FracDialect.h"
#include "dialects/nn/NNDialect.h"
#include "mlir/IR/PatternMatch.h"

namespace frac {

/// `value` with its dimensions permuted: dimension i of the result is
/// dimension permutation[i] of `value`.
mlir::Value createTranspose(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Value value,
                            llvm::ArrayRef<int64_t> permutation);

/// A restoring transpose.
mlir::Value createRestoringTranspose(mlir::OpBuilder &builder,
                                     mlir::Location loc, mlir::Value value,
                                     llvm::ArrayRef<int64_t> permutation);

/// Whether it is one, while the pass runs.
bool isRestoring(nn::TransposeOp op);

/// The first restoring transpose among the operands, or null.
nn::TransposeOp getRestoringOperand(mlir::Operation *op);

/// `mixture` of its input in another order of dimensions, samples first.
precision::MixOp mixInOrder(mlir::OpBuilder &builder, precision::MixOp mixture,
                            mlir::Value input);

/// The order of dimensions that makes (N, C, spatial...) channels-last.
llvm::SmallVector<int64_t> getChannelsLastPermutation(int64_t rank);

/// The patterns that sink restoring transposes, and let others be absorbed.
void populateTransposeMotion(mlir::RewritePatternSet &patterns);

/// Of these, the patterns that let them be absorbed.
void populateTransposeAbsorption(mlir::RewritePatternSet &patterns);

/// Makes plain transposes of the restoring ones that are left.
void unmarkRestoringTransposes(mlir::Operation *root);

} // namespace frac

#endif // FRAC_PASSES_LAYOUT_TRANSPOSEMOTION_H
