//===- ExportQuantizedModel.h - The trained model, quantized ----*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_CHECKPOINT_EXPORTQUANTIZEDMODEL_H
#define FRAC_RUNTIME_CHECKPOINT_EXPORTQUANTIZEDMODEL_H

#include "runtime/program/Runner.h"

#include <string>

namespace frac {

/// Throws UsageError or Error if `exportQuantizedModel` cannot write the model
/// at these widths of evaluation: to be found before training, not after it.
void checkQuantizedExport(const Program &program, const RoleWidths &widths);

/// Writes the user's own model with the values of `runner`'s state, atomically,
/// in which the operands that evaluation at `widths` quantizes go through
/// QuantizeLinear and DequantizeLinear: weights are int8 on the grids of their
/// ranges, activations are quantized by their running ranges. Throws what
/// `checkQuantizedExport` throws, and Error if no activation has a running
/// range yet.
void exportQuantizedModel(const std::string &path, const Runner &runner,
                          const RoleWidths &widths);

} // namespace frac

#endif // FRAC_RUNTIME_CHECKPOINT_EXPORTQUANTIZEDMODEL_H
