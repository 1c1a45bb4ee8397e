//===- Cpt.cpp - Cyclic precision training --------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/PrecisionPolicy.h"

#include <algorithm>
#include <cmath>

namespace frac {

namespace {
/// The width at step t of P in a cycle:
///   rint(low + (high - low) (1 - cos(pi t / P)) / 2), ties to even.
int cyclicWidth(const std::vector<int> &range, int64_t step, int64_t period) {
  constexpr double pi = 3.14159265358979323846;
  double low = range.front(), high = range.back();
  double phase = static_cast<double>(step) / static_cast<double>(period);
  return static_cast<int>(
      std::nearbyint(low + 0.5 * (high - low) * (1 - std::cos(pi * phase))));
}

class CptController final : public PrecisionController {
public:
  explicit CptController(const PrecisionSettings &settings)
      : settings(settings) {}

  RoleWidths widthsAt(int64_t iteration, int64_t runLength) const override {
    int64_t period =
        std::max<int64_t>(1, runLength / settings.integer("cpt.cycles"));
    int64_t step = iteration % period;
    RoleWidths widths;
    widths.activation = cyclicWidth(settings.forward, step, period);
    widths.weight = settings.weight.empty()
                        ? widths.activation
                        : cyclicWidth(settings.weight, step, period);
    widths.error = settings.backward.front();
    return widths;
  }
  RoleWidths evaluation(const RoleWidths &) const override {
    return lastWidths();
  }
  RoleWidths lastWidths() const override { return settings.widest(); }
  std::vector<int> candidates(SymbolRole role) const override {
    std::vector<int> ends = settings.forward;
    if (role == SymbolRole::Error)
      ends = settings.backward;
    else if (role == SymbolRole::Weight && !settings.weight.empty())
      ends = settings.weight;
    std::vector<int> all;
    for (int bits = ends.front(); bits <= ends.back(); ++bits)
      all.push_back(bits);
    return all;
  }

private:
  PrecisionSettings settings;
};

std::string check(const PrecisionSettings &settings) {
  std::string error = checkRange(settings, "forward", settings.forward, false);
  if (error.empty())
    error = checkScalar(settings, "backward", settings.backward);
  if (error.empty() && !settings.weight.empty())
    error = checkRange(settings, "weight", settings.weight, true);
  return error;
}

std::unique_ptr<PrecisionController> make(const PrecisionSettings &settings) {
  return std::make_unique<CptController>(settings);
}
} // namespace

/// `cpt`: cyclic precision training (Fu et al.: CPT, 2021). The width of
/// activations and weights rises from the smallest to the largest along half a
/// cosine in each of `cycles` cycles; errors keep theirs. A cycle takes
/// floor(run / cycles) steps, at least one, and what is left of the run begins
/// another. Evaluation has the largest width.
const PrecisionPolicy &cptPolicy() {
  static const PrecisionPolicy policy = {
      "cpt",
      "forward = [smallest, largest], from one to the other in each cycle",
      {{"cycles", "cycles of the whole run", 32, true, 1}},
      check,
      make};
  return policy;
}

} // namespace frac
