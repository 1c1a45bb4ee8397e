//===- NNAdjoints.h - Adjoints of the nn dialect --------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_NN_ADJOINTS_NNADJOINTS_H
#define FRAC_DIALECTS_NN_ADJOINTS_NNADJOINTS_H

namespace mlir {
class DialectRegistry;
class MLIRContext;
} // namespace mlir

namespace frac::nn {

/// Gives the operations of `nn` that have a derivative the
/// DifferentiableOpInterface. nn.dropout has none: it stands for two forms, of
/// which one has to be chosen before.
void registerAdjoints(mlir::DialectRegistry &registry);

/// The same for one family of operations each.
void attachContractionAdjoints(mlir::MLIRContext *context);
void attachElementwiseAdjoints(mlir::MLIRContext *context);
void attachNormalizationAdjoints(mlir::MLIRContext *context);
void attachPoolingAdjoints(mlir::MLIRContext *context);
void attachReductionAdjoints(mlir::MLIRContext *context);
void attachShapeAdjoints(mlir::MLIRContext *context);

} // namespace frac::nn

#endif // FRAC_DIALECTS_NN_ADJOINTS_NNADJOINTS_H
