//===- GateSettings.cpp - What a recipe says of gates ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/GateSettings.h"

#include "runtime/frac_runtime.h"
#include "runtime/precision/PrecisionSymbol.h"

namespace frac {

std::string checkGate(const GateSettings &settings) {
  size_t count = settings.forward.size();
  if (count == 0 || count != settings.backward.size())
    return "precision.gate.forward has " + std::to_string(count) +
           " entries and precision.gate.backward " +
           std::to_string(settings.backward.size()) +
           "; give both one entry a candidate";
  bool runs = false;
  for (size_t k = 0; k < count; ++k) {
    int forward = settings.forward[k], backward = settings.backward[k];
    for (int bits : {forward, backward})
      if (bits != 0 && (bits < minWidth || bits > maxWidth))
        return "precision.gate has a candidate of " + std::to_string(bits) +
               " bits; give widths from 2 to 16, or 0 to skip the block";
    if ((forward == 0) != (backward == 0))
      return "precision.gate has a candidate of " + std::to_string(forward) +
             " bits forward and " + std::to_string(backward) +
             " backward; one that skips the block has 0 in both lists";
    runs |= forward != 0;
  }
  if (!runs)
    return "precision.gate has no candidate but those of 0 bits; give one that "
           "runs a block";
  if (settings.forced >= static_cast<int>(count))
    return "precision.gate.force = " + std::to_string(settings.forced) +
           " names none of the " + std::to_string(count) +
           " candidates; give -1, or one from 0 on";
  return "";
}

CandidateCost candidateCost(const GateSettings &settings, size_t k,
                            int weight) {
  constexpr double floatBits = 1024;
  double forward = settings.forward[k], backward = settings.backward[k];
  return {weight * forward / floatBits, weight * backward / floatBits,
          forward * backward / floatBits};
}

std::vector<float> gateNumbers(const GateSettings &settings, int weight,
                               const GateAim &aim,
                               std::optional<int64_t> iteration) {
  size_t count = settings.forward.size();
  std::vector<float> numbers(FRAC_GATE_SIZE + 3 * count);
  auto put = [&](size_t place, double value) {
    numbers[place] = static_cast<float>(value);
  };
  put(FRAC_GATE_TARGET, aim.target);
  put(FRAC_GATE_LOW, aim.low);
  put(FRAC_GATE_HIGH, aim.high);
  put(FRAC_GATE_INSIDE, aim.inside);
  put(FRAC_GATE_BETA, settings.beta);
  put(FRAC_GATE_FORCED, settings.forced);
  int64_t period = settings.isExact ? 1 : settings.period;
  put(FRAC_GATE_PERIOD, static_cast<double>(period));
  put(FRAC_GATE_PHASE,
      iteration ? static_cast<double>(*iteration % period) : -1);
  for (size_t k = 0; k < count; ++k) {
    CandidateCost cost = candidateCost(settings, k, weight);
    put(FRAC_GATE_SIZE + k, cost.forward + cost.error + cost.weightGradient);
    put(FRAC_GATE_SIZE + count + k, settings.forward[k]);
    put(FRAC_GATE_SIZE + 2 * count + k, settings.backward[k]);
  }
  return numbers;
}

} // namespace frac
