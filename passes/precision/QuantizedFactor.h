//===- QuantizedFactor.h - Where a factor was quantized ---------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_PRECISION_QUANTIZEDFACTOR_H
#define FRAC_PASSES_PRECISION_QUANTIZEDFACTOR_H

#include "dialects/frac/FracDialect.h"

namespace frac {

/// Whether `op` gives all elements of its first operand another shape.
bool isReshape(mlir::Operation *op);

/// The dequantization that makes `factor`, if need be behind a border of zeros
/// or in another shape; null if the factor is not quantized.
precision::DequantizeOp getDequantization(mlir::Value factor);

} // namespace frac

#endif // FRAC_PASSES_PRECISION_QUANTIZEDFACTOR_H
