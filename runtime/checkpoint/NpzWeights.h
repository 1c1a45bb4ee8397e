//===- NpzWeights.h - Weights from NumPy arrays -----------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_CHECKPOINT_NPZWEIGHTS_H
#define FRAC_RUNTIME_CHECKPOINT_NPZWEIGHTS_H

#include "runtime/checkpoint/OnnxWeights.h"

#include <string>
#include <vector>

namespace frac {

/// Whether a file begins as a ZIP archive does.
bool isNpz(const std::string &path);

/// Reads the arrays of float32 of an NPZ file; those of other types are left
/// out. Throws Error for a damaged file.
std::vector<NamedTensor> readNpzWeights(const std::string &path);

} // namespace frac

#endif // FRAC_RUNTIME_CHECKPOINT_NPZWEIGHTS_H
