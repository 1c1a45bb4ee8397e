//===- Dfq.cpp - Dynamic fractional quantization --------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/GatedController.h"
#include "runtime/precision/PrecisionPolicy.h"

namespace frac {

namespace {
class DfqController final : public GatedController {
public:
  using GatedController::GatedController;

  /// Inside of the relaxed range a tenth of the weight.
  std::optional<GateAim> aim() const override {
    const GateSettings &gate = settings.gate;
    return GateAim{gate.target, gate.target - gate.relax,
                   gate.target + gate.relax, 0.1};
  }
};

std::unique_ptr<PrecisionController> make(const PrecisionSettings &settings) {
  return std::make_unique<DfqController>(settings);
}
} // namespace

/// `dfq`: dynamic fractional quantization (Fu et al.: FracTrain, 2020): gates
/// choose for each sample and block, with one cost to aim at.
const PrecisionPolicy &dfqPolicy() {
  static const PrecisionPolicy policy = {
      "dfq",
      "gates choose the widths of each sample",
      {},
      checkGated,
      make,
      /*isGated=*/true};
  return policy;
}

} // namespace frac
