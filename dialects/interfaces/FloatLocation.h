//===- FloatLocation.h - Work that stays in float ---------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_INTERFACES_FLOATLOCATION_H
#define FRAC_DIALECTS_INTERFACES_FLOATLOCATION_H

#include "mlir/IR/Location.h"

namespace frac {

/// A location of its own for work that no policy quantizes, such as a gate's.
/// A mark on a location stays with all that is built from an operation,
/// gradients included.
mlir::Location createFloatLocation(mlir::Location location);

/// Whether a location has that mark.
bool isFloatLocation(mlir::Location location);

} // namespace frac

#endif // FRAC_DIALECTS_INTERFACES_FLOATLOCATION_H
