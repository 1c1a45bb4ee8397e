//===- PrecisionSettings.cpp - The recipe's table of precision ------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/PrecisionSettings.h"

#include "runtime/precision/PrecisionPolicy.h"

#include <algorithm>

namespace frac {

PrecisionSettings::PrecisionSettings() {
  for (const PrecisionPolicy *policy : precisionPolicies())
    for (const PolicyKey &key : policy->keys)
      own[std::string(policy->name) + "." + key.name] = key.defaultValue;
}

bool PrecisionSettings::isGated() const {
  const PrecisionPolicy *known = findPrecisionPolicy(policy);
  return known && known->isGated;
}

size_t PrecisionSettings::stages() const {
  return std::max({forward.size(), backward.size(), weight.size()});
}

/// One entry holds for all stages.
static int entryOf(const std::vector<int> &list, size_t stage) {
  return list.size() == 1 ? list.front() : list[stage];
}

RoleWidths PrecisionSettings::widthsOfStage(size_t stage) const {
  RoleWidths widths;
  widths.activation = entryOf(forward, stage);
  widths.weight = weight.empty() ? widths.activation : entryOf(weight, stage);
  widths.error = entryOf(backward, stage);
  return widths;
}

RoleWidths PrecisionSettings::widest() const {
  auto largest = [](const std::vector<int> &list) {
    return *std::max_element(list.begin(), list.end());
  };
  RoleWidths widths;
  if (isGated()) {
    widths.activation = largest(gate.forward);
    widths.weight = weight.empty() ? maxWidth : largest(weight);
    widths.error = largest(gate.backward);
    return widths;
  }
  widths.activation = largest(forward);
  widths.weight = weight.empty() ? widths.activation : largest(weight);
  widths.error = largest(backward);
  return widths;
}

std::string widthsText(const std::vector<int> &widths) {
  if (widths.size() == 1)
    return std::to_string(widths.front());
  std::string out;
  for (int width : widths)
    out += (out.empty() ? "" : ", ") + std::to_string(width);
  return "[" + out + "]";
}

std::string checkPrecision(const PrecisionSettings &settings) {
  const PrecisionPolicy *policy = findPrecisionPolicy(settings.policy);
  return policy ? policy->check(settings) : "";
}

std::string checkStorage(const PrecisionSettings &settings,
                         const std::vector<PrecisionSymbol> &symbols) {
  RoleWidths widest = settings.widest();
  for (const PrecisionSymbol &symbol : symbols) {
    if (symbol.fixed)
      continue;
    int bits = widthOf(widest, symbol.role);
    if (symbol.role != SymbolRole::Error)
      bits = std::max(bits, settings.eval);
    if (bits > symbol.maxBits)
      return "the recipe asks for " + std::to_string(bits) + " bits of '" +
             symbol.name + "', which was compiled for at most " +
             std::to_string(symbol.maxBits) +
             " bits; compile again with the recipe's new widths";
  }
  return "";
}

} // namespace frac
