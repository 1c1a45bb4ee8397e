//===- RangeRule.cpp - Where the range of cyclic precision begins ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/RangeRule.h"

namespace frac {

std::optional<int> smallestUsefulWidth(const std::vector<double> &accuracies,
                                       int firstBits, double chance,
                                       double threshold) {
  double before = chance;
  int bits = firstBits;
  for (double accuracy : accuracies) {
    if (accuracy - before > threshold)
      return bits;
    before = accuracy;
    ++bits;
  }
  return std::nullopt;
}

} // namespace frac
