//===- RegisterDialects.h - All dialects ----------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_REGISTERDIALECTS_H
#define FRAC_DIALECTS_REGISTERDIALECTS_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace frac {

/// Adds the project's dialects, and the interfaces that it gives to upstream
/// operations. Upstream dialects are the caller's to register.
void registerAllFracDialects(mlir::DialectRegistry &registry);

/// Lets contractions of `linalg` and `tosa` be seen as such, for modules of
/// other front ends. In a program of our own a `linalg.generic` is a loop like
/// any other, so that the compiler does without.
void registerExternalContractions(mlir::DialectRegistry &registry);

} // namespace frac

#endif // FRAC_DIALECTS_REGISTERDIALECTS_H
