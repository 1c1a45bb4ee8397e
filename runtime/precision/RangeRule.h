//===- RangeRule.h - Where the range of cyclic precision begins -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_PRECISION_RANGERULE_H
#define FRAC_RUNTIME_PRECISION_RANGERULE_H

#include <optional>
#include <vector>

namespace frac {

/// The decision of the precision range test (Fu et al.: CPT, 2021): the first
/// width at which training makes progress. `accuracies` are the mean training
/// accuracies of stretches of training at `firstBits`, `firstBits` + 1, and so
/// on; the answer is the first whose accuracy is more than `threshold` above
/// the one before, which for the first is `chance`, the accuracy of guessing.
/// Nothing if none is.
std::optional<int> smallestUsefulWidth(const std::vector<double> &accuracies,
                                       int firstBits, double chance,
                                       double threshold);

} // namespace frac

#endif // FRAC_RUNTIME_PRECISION_RANGERULE_H
