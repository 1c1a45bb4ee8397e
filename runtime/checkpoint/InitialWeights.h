//===- InitialWeights.h - Starting from given weights -----------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_CHECKPOINT_INITIALWEIGHTS_H
#define FRAC_RUNTIME_CHECKPOINT_INITIALWEIGHTS_H

#include "runtime/program/Runner.h"

#include <string>

namespace frac {

/// What `loadInitialWeights` found.
struct InitialWeights {
  /// Variables that the file gave, and variables it has no values for.
  int64_t loaded = 0;
  int64_t missing = 0;
};

/// Copies parameters, frozen values and running statistics, matched by name,
/// from a checkpoint (of any program) or an ONNX model into the state. Throws
/// Error if a shape differs or no name is known; the state is unchanged then.
InitialWeights loadInitialWeights(const std::string &path, Runner &runner);

} // namespace frac

#endif // FRAC_RUNTIME_CHECKPOINT_INITIALWEIGHTS_H
