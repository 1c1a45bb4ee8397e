//===- Static.cpp - The same widths throughout ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/PrecisionPolicy.h"

namespace frac {

namespace {
class StaticController final : public PrecisionController {
public:
  explicit StaticController(const PrecisionSettings &settings)
      : widths(settings.widthsOfStage(0)) {}

  RoleWidths widthsAt(int64_t, int64_t) const override { return widths; }
  RoleWidths lastWidths() const override { return widths; }
  std::vector<int> candidates(SymbolRole role) const override {
    return {widthOf(widths, role)};
  }

private:
  RoleWidths widths;
};

std::string check(const PrecisionSettings &settings) {
  std::string error = checkScalar(settings, "forward", settings.forward);
  if (error.empty())
    error = checkScalar(settings, "backward", settings.backward);
  if (error.empty() && !settings.weight.empty())
    error = checkScalar(settings, "weight", settings.weight);
  return error;
}

std::unique_ptr<PrecisionController> make(const PrecisionSettings &settings) {
  return std::make_unique<StaticController>(settings);
}
} // namespace

/// `static`: one width a role for the whole run, as SBM (Banner et al.:
/// Scalable Methods for 8-bit Training of Neural Networks, 2018) has it.
const PrecisionPolicy &staticPolicy() {
  static const PrecisionPolicy policy = {
      "static", "the same widths in every iteration", {}, check, make};
  return policy;
}

} // namespace frac
