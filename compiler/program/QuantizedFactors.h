//===- QuantizedFactors.h - What evaluation quantizes -----------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_PROGRAM_QUANTIZEDFACTORS_H
#define FRAC_COMPILER_PROGRAM_QUANTIZEDFACTORS_H

#include "frontends/onnx/QuantizedModel.h"
#include "mlir/IR/BuiltinOps.h"

#include <vector>

namespace frac {

/// The quantized factors of @eval, in a module as `frac-insert-quantize` leaves
/// it; none if there is no @eval. Weights are traced back to their variable
/// through changes of shape; a factor for which that fails has the name of no
/// variable.
std::vector<frontend::QuantizedFactor>
listQuantizedFactors(mlir::ModuleOp module);

} // namespace frac

#endif // FRAC_COMPILER_PROGRAM_QUANTIZEDFACTORS_H
