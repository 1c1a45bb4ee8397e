//===- PrecisionPolicy.h - The table of precision policies ------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_PRECISION_PRECISIONPOLICY_H
#define FRAC_RUNTIME_PRECISION_PRECISIONPOLICY_H

#include "runtime/precision/PrecisionController.h"

#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace frac {

/// A key of the recipe that belongs to one policy: `precision.POLICY.NAME`.
struct PolicyKey {
  const char *name;
  /// What it means, one line.
  const char *summary;
  double defaultValue;
  /// Whether only integers are accepted.
  bool isInteger;
  /// The smallest value; `isLowExcluded`: itself not.
  double low;
  bool isLowExcluded = false;

  /// Whether a number is accepted.
  bool accepts(double value) const;
  /// What is: "an integer >= 2", "a number > 0".
  std::string accepted() const;
};

/// What may be chosen by `precision.policy`.
struct PrecisionPolicy {
  const char *name;
  /// What it does, one line.
  const char *summary;
  std::vector<PolicyKey> keys;
  /// What is wrong with settings for this policy and what to do, or an empty
  /// text. Every entry of the lists is within `minWidth` and `maxWidth`.
  std::string (*check)(const PrecisionSettings &settings);
  /// Makes a controller at the start of training from checked settings.
  std::unique_ptr<PrecisionController> (*make)(
      const PrecisionSettings &settings);
  /// Whether gates choose the widths of activations and errors, which a program
  /// must be compiled with.
  bool isGated = false;
};

/// Every policy of Policies.def, in its order.
const std::vector<const PrecisionPolicy *> &precisionPolicies();

/// The policy of that name, or null; "none" is no policy.
const PrecisionPolicy *findPrecisionPolicy(const std::string &name);

// For the checks of policies: each returns what is wrong, or an empty text.

/// That `list` of the key `precision.KEY` has one entry.
std::string checkScalar(const PrecisionSettings &settings, const char *key,
                        const std::vector<int> &list);

/// That `list` is one number or two, the smaller one first.
std::string checkRange(const PrecisionSettings &settings, const char *key,
                       const std::vector<int> &list, bool scalarAllowed);

} // namespace frac

#endif // FRAC_RUNTIME_PRECISION_PRECISIONPOLICY_H
