//===- ExportModel.h - The trained model as ONNX ----------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_CHECKPOINT_EXPORTMODEL_H
#define FRAC_RUNTIME_CHECKPOINT_EXPORTMODEL_H

#include "runtime/program/Runner.h"

#include <string>

namespace frac {

/// Writes the user's own model with the values of `runner`'s state in the place
/// of its initializers, atomically.
void exportModel(const std::string &path, const Runner &runner);

} // namespace frac

#endif // FRAC_RUNTIME_CHECKPOINT_EXPORTMODEL_H
