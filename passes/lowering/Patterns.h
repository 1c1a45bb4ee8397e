//===- Patterns.h - Lowering of each family of operations -----------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The rewrite patterns of `frac-lower-nn`, one function for each file of
/// patterns.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_LOWERING_PATTERNS_H
#define FRAC_PASSES_LOWERING_PATTERNS_H

#include "mlir/IR/PatternMatch.h"

namespace frac {

/// Elementwise operations on tensors to loops, and activations on numbers to
/// `arith` and `math`.
void populateElementwiseLowering(mlir::RewritePatternSet &patterns);

/// `nn.batch_norm` and its gradient.
void populateBatchNormLowering(mlir::RewritePatternSet &patterns);

/// Softmax, its logarithm, and the choice of one class a sample.
void populateSoftmaxLowering(mlir::RewritePatternSet &patterns);

/// Reductions, and the place of the maximum.
void populateReduceLowering(mlir::RewritePatternSet &patterns);

/// Pools and their gradients.
void populatePoolLowering(mlir::RewritePatternSet &patterns);

/// Broadcast, transpose and reshape.
void populateShapeLowering(mlir::RewritePatternSet &patterns);

/// Concat, slice, unslice and pad.
void populateSliceLowering(mlir::RewritePatternSet &patterns);

/// Gather and its adjoint.
void populateGatherLowering(mlir::RewritePatternSet &patterns);

/// Random masks.
void populateRandomLowering(mlir::RewritePatternSet &patterns);

/// Convolutions in ONNX order to channels-last ones between transposes.
void populateConvolutionLowering(mlir::RewritePatternSet &patterns);

} // namespace frac

#endif // FRAC_PASSES_LOWERING_PATTERNS_H
