//===- GatedController.cpp - Where gates choose the widths ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/GatedController.h"

#include "runtime/precision/PrecisionPolicy.h"

#include <set>

namespace frac {

std::vector<int> GatedController::candidates(SymbolRole role) const {
  const std::vector<int> &widths =
      role == SymbolRole::Activation ? settings.gate.forward
      : role == SymbolRole::Error    ? settings.gate.backward
                                     : settings.weight;
  std::set<int> all(widths.begin(), widths.end());
  return {all.begin(), all.end()};
}

std::string checkGated(const PrecisionSettings &settings) {
  std::string error = checkGate(settings.gate);
  if (error.empty() && settings.weight.empty())
    error = "precision.policy = \"" + settings.policy +
            "\" needs a width of weights; give precision.weight one number";
  return error.empty() ? checkScalar(settings, "weight", settings.weight)
                       : error;
}

} // namespace frac
