//===- QuantizeInference.h - Quantize functions of others -------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_PRECISION_QUANTIZEINFERENCE_H
#define FRAC_PASSES_PRECISION_QUANTIZEINFERENCE_H

#include "passes/precision/LayerChoice.h"
#include "passes/precision/Passes.h"

namespace frac {

/// Whether the module holds the entries of a training program, as
/// `frac-build-training-program` leaves them.
bool isTrainingProgram(mlir::ModuleOp module);

/// Quantizes the contractions of inference functions, as `frac-insert-quantize`
/// documents it. Fails, after diagnostics, where an option names what there is
/// not, and with `strict` where a contraction cannot be quantized.
mlir::LogicalResult quantizeInference(mlir::ModuleOp module,
                                      const InsertQuantizeOptions &options,
                                      const LayerChoice &keepFloat);

} // namespace frac

#endif // FRAC_PASSES_PRECISION_QUANTIZEINFERENCE_H
