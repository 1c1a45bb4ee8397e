//===- AcceleratorText.h - Accelerators as text -----------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_COST_ACCELERATORTEXT_H
#define FRAC_RUNTIME_COST_ACCELERATORTEXT_H

#include "runtime/cost/Accelerator.h"

#include <optional>
#include <string>
#include <vector>

namespace frac {

/// A description that was read, or what is wrong with it.
struct AcceleratorResult {
  std::optional<Accelerator> accelerator;
  /// One sentence a problem, without a subject, naming the key; empty if there
  /// is an accelerator.
  std::vector<std::string> problems;
};

/// Reads a description from a JSON object with the tables and keys of an
/// accelerator's file (docs/cost-model.md), and checks it. Unknown, missing and
/// impossible values are problems; nothing is thrown.
AcceleratorResult parseAccelerator(const std::string &json);

/// The JSON object that `parseAccelerator` reads.
std::string acceleratorJson(const Accelerator &accelerator);

} // namespace frac

#endif // FRAC_RUNTIME_COST_ACCELERATORTEXT_H
