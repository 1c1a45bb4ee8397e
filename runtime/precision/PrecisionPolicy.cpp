//===- PrecisionPolicy.cpp - The table of precision policies --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/PrecisionPolicy.h"

#include <cmath>
#include <cstdio>

namespace frac {

// Each policy lives in a file of its own, which defines the function that a
// row names.
#define FRAC_PRECISION_POLICY(function) const PrecisionPolicy &function();
#include "runtime/precision/Policies.def"
#undef FRAC_PRECISION_POLICY

const std::vector<const PrecisionPolicy *> &precisionPolicies() {
  static const std::vector<const PrecisionPolicy *> policies = {
#define FRAC_PRECISION_POLICY(function) &function(),
#include "runtime/precision/Policies.def"
#undef FRAC_PRECISION_POLICY
  };
  return policies;
}

const PrecisionPolicy *findPrecisionPolicy(const std::string &name) {
  for (const PrecisionPolicy *policy : precisionPolicies())
    if (name == policy->name)
      return policy;
  return nullptr;
}

bool PolicyKey::accepts(double value) const {
  // Integers are kept in a double, exactly.
  constexpr double largestInteger = 1e15;
  if (!std::isfinite(value) || value < low || (isLowExcluded && value == low))
    return false;
  return !isInteger || (value == std::floor(value) && value <= largestInteger);
}

std::string PolicyKey::accepted() const {
  char bound[32];
  std::snprintf(bound, sizeof bound, "%g", low);
  return std::string(isInteger ? "an integer" : "a number") +
         (isLowExcluded ? " > " : " >= ") + bound;
}

static std::string takes(const PrecisionSettings &settings, const char *key,
                         const std::vector<int> &list, const char *what) {
  return "precision.policy = \"" + settings.policy + "\" takes " + what +
         " in precision." + key + ", not " + widthsText(list);
}

std::string checkScalar(const PrecisionSettings &settings, const char *key,
                        const std::vector<int> &list) {
  return list.size() == 1 ? "" : takes(settings, key, list, "one number");
}

std::string checkRange(const PrecisionSettings &settings, const char *key,
                       const std::vector<int> &list, bool scalarAllowed) {
  if (scalarAllowed && list.size() == 1)
    return "";
  if (list.size() == 2 && list[0] <= list[1])
    return "";
  return takes(settings, key, list,
               scalarAllowed ? "one number or [smallest, largest]"
                             : "[smallest, largest]");
}

} // namespace frac
