//===- Pfq.cpp - Progressive fractional quantization ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/PfqIndicator.h"
#include "runtime/precision/PrecisionPolicy.h"

#include <algorithm>
#include <set>

namespace frac {

namespace {
class PfqController final : public PrecisionController {
public:
  explicit PfqController(const PrecisionSettings &settings)
      : settings(settings),
        indicator(pfqIndicatorOptions(
            settings, static_cast<int64_t>(settings.stages()) - 1)) {}

  RoleWidths widthsAt(int64_t, int64_t) const override {
    return settings.widthsOfStage(static_cast<size_t>(indicator.stage()));
  }
  RoleWidths lastWidths() const override {
    return settings.widthsOfStage(settings.stages() - 1);
  }
  std::vector<int> candidates(SymbolRole role) const override {
    std::set<int> all;
    for (size_t stage = 0; stage < settings.stages(); ++stage)
      all.insert(widthOf(settings.widthsOfStage(stage), role));
    return {all.begin(), all.end()};
  }
  void observe(double trainLoss) override { indicator.observe(trainLoss); }
  int64_t stage() const override { return indicator.stage(); }
  void save(ByteWriter &out) const override { indicator.save(out); }
  bool restore(ByteReader &in) override { return indicator.restore(in); }

private:
  PrecisionSettings settings;
  PfqIndicator indicator;
};

std::string check(const PrecisionSettings &settings) {
  size_t stages = settings.stages();
  if (stages == 1)
    return "precision.policy = \"pfq\" needs a schedule; give "
           "precision.forward "
           "or precision.backward a list with one entry a stage, as "
           "[3, 4, 6, 8]";
  struct {
    const char *key;
    const std::vector<int> &list;
  } lists[] = {{"forward", settings.forward},
               {"backward", settings.backward},
               {"weight", settings.weight}};
  for (const auto &entry : lists)
    if (entry.list.size() > 1 && entry.list.size() != stages)
      return std::string("precision.") + entry.key + " = " +
             widthsText(entry.list) + " has " +
             std::to_string(entry.list.size()) +
             " stages where another list "
             "of precision has " +
             std::to_string(stages) +
             "; give lists of one length, or single numbers";
  int64_t points = settings.integer("pfq.turning_points");
  if (points < static_cast<int64_t>(stages) - 1)
    return "precision.pfq.turning_points = " + std::to_string(points) +
           " never reaches the last of " + std::to_string(stages) +
           " stages; give " + std::to_string(stages - 1) + ", or shorter lists";
  return "";
}

std::unique_ptr<PrecisionController> make(const PrecisionSettings &settings) {
  return std::make_unique<PfqController>(settings);
}
} // namespace

/// `pfq`: progressive fractional quantization (Fu et al.: FracTrain, 2020). The
/// lists have one entry a stage; the indicator moves from stage to stage. Lists
/// of S entries allow S - 1 turning points, fewer than `turning_points` or as
/// many.
const PrecisionPolicy &pfqPolicy() {
  static const PfqIndicatorOptions defaults;
  static const PrecisionPolicy policy = {
      "pfq",
      "the next entry of the lists each time the training loss flattens",
      {{"epsilon", "threshold of the indicator", defaults.epsilon, false, 0,
        true},
       {"alpha", "what the threshold shrinks by", defaults.alpha, false, 0,
        true},
       {"turning_points", "changes of stage, at most",
        static_cast<double>(defaults.turningPoints), true, 0},
       {"window", "losses that the indicator compares",
        static_cast<double>(defaults.window), true, 2},
       {"warmup", "first losses, whose mean normalizes",
        static_cast<double>(defaults.warmup), true, 1},
       {"shrink_stages", "changes of stage that shrink the threshold",
        static_cast<double>(defaults.shrinkStages), true, 0}},
      check,
      make};
  return policy;
}

} // namespace frac
