//===- FracTrain.cpp - Gates with a cost that rises -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/GatedController.h"
#include "runtime/precision/PfqIndicator.h"
#include "runtime/precision/PrecisionPolicy.h"

namespace frac {

namespace {
class FracTrainController final : public GatedController {
public:
  explicit FracTrainController(const PrecisionSettings &settings)
      : GatedController(settings),
        indicator(pfqIndicatorOptions(settings,
                                      settings.integer("pfq.turning_points"))) {
  }

  std::optional<GateAim> aim() const override {
    const GateSettings &gate = settings.gate;
    double target =
        gate.target + gate.targetStep * static_cast<double>(indicator.stage());
    return GateAim{target, target, target + gate.range, 0};
  }
  void observe(double trainLoss) override { indicator.observe(trainLoss); }
  int64_t stage() const override { return indicator.stage(); }
  void save(ByteWriter &out) const override { indicator.save(out); }
  bool restore(ByteReader &in) override { return indicator.restore(in); }

private:
  PfqIndicator indicator;
};

std::unique_ptr<PrecisionController> make(const PrecisionSettings &settings) {
  return std::make_unique<FracTrainController>(settings);
}
} // namespace

/// `fractrain` (Fu et al.: FracTrain, 2020): `dfq` with a cost to aim at that
/// rises by `gate.target_cp_step` at each turning point of the indicator of
/// `pfq`, whose keys it takes.
const PrecisionPolicy &fracTrainPolicy() {
  static const PrecisionPolicy policy = {
      "fractrain",
      "dfq, with a cost to aim at that rises when the training loss flattens",
      {},
      checkGated,
      make,
      /*isGated=*/true};
  return policy;
}

} // namespace frac
