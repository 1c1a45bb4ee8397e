//===- PfqIndicator.cpp - When progressive quantization moves on ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/PfqIndicator.h"

#include <algorithm>

#include <cmath>

namespace frac {

PfqIndicatorOptions pfqIndicatorOptions(const PrecisionSettings &settings,
                                        int64_t turningPoints) {
  PfqIndicatorOptions options;
  options.epsilon = settings.number("pfq.epsilon");
  options.alpha = settings.number("pfq.alpha");
  options.shrinkStages = settings.integer("pfq.shrink_stages");
  options.window = settings.integer("pfq.window");
  options.warmup = settings.integer("pfq.warmup");
  options.turningPoints =
      std::min(settings.integer("pfq.turning_points"), turningPoints);
  return options;
}

/// Raised when what `save` writes changes.
static constexpr uint32_t stateVersion = 1;

PfqIndicator::PfqIndicator(const PfqIndicatorOptions &options)
    : options(options), threshold(options.epsilon) {}

double PfqIndicator::normalizer() const {
  return normalizerCount ? normalizerSum / static_cast<double>(normalizerCount)
                         : 0;
}

bool PfqIndicator::isTurningPoint() const {
  if (static_cast<int64_t>(history.size()) < options.window)
    return false;
  for (size_t i = 0; i + 1 < history.size(); ++i)
    // False where the difference is not a number.
    if (!(std::fabs(history[i] - history.back()) / normalizer() <= threshold))
      return false;
  return true;
}

bool PfqIndicator::observe(double loss) {
  if (normalizerCount < options.warmup) {
    normalizerSum += loss;
    ++normalizerCount;
  }
  if (currentStage >= options.turningPoints)
    return false;
  history.push_back(loss);
  if (static_cast<int64_t>(history.size()) > options.window)
    history.erase(history.begin());
  if (!isTurningPoint())
    return false;
  history.clear();
  ++currentStage;
  if (currentStage <= options.shrinkStages)
    threshold *= options.alpha;
  return true;
}

void PfqIndicator::save(ByteWriter &out) const {
  out.write(stateVersion);
  out.write(currentStage);
  out.write(threshold);
  out.write(normalizerCount);
  out.write(normalizerSum);
  out.write<uint64_t>(history.size());
  for (double loss : history)
    out.write(loss);
}

bool PfqIndicator::restore(ByteReader &in) {
  if (in.read<uint32_t>() != stateVersion)
    return false;
  currentStage = in.read<int64_t>();
  threshold = in.read<double>();
  normalizerCount = in.read<int64_t>();
  normalizerSum = in.read<double>();
  auto count = in.read<uint64_t>();
  if (!in.ok() || currentStage < 0 || currentStage > options.turningPoints ||
      normalizerCount < 0 || normalizerCount > options.warmup ||
      count > static_cast<uint64_t>(options.window))
    return false;
  history.clear();
  for (uint64_t i = 0; i < count && in.ok(); ++i)
    history.push_back(in.read<double>());
  return in.ok();
}

} // namespace frac
