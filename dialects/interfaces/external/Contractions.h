//===- Contractions.h - Contractions of upstream dialects -------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_INTERFACES_EXTERNAL_CONTRACTIONS_H
#define FRAC_DIALECTS_INTERFACES_EXTERNAL_CONTRACTIONS_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace frac {

/// Gives matrix products and convolutions of `linalg` on tensors the
/// ContractionOpInterface: named ones, and each `linalg.generic` that upstream
/// classifies as one.
void registerLinalgContractions(mlir::DialectRegistry &registry);

/// The same for the matrix product and the convolutions of `tosa`.
void registerTosaContractions(mlir::DialectRegistry &registry);

/// Gives `tensor.pad`, `tensor.insert_slice` and `tosa.pad` the
/// PaddingOpInterface.
void registerPaddings(mlir::DialectRegistry &registry);

} // namespace frac

#endif // FRAC_DIALECTS_INTERFACES_EXTERNAL_CONTRACTIONS_H
