//===- PrecisionRecord.cpp - The widths of an epoch -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/metrics/PrecisionRecord.h"

#include <algorithm>

namespace frac {

/// Widths of 0 have not been chosen yet.
static void include(int &lowest, int &highest, int bits) {
  lowest = lowest == 0 ? bits : std::min(lowest, bits);
  highest = std::max(highest, bits);
}

void PrecisionRecord::addStep(const Program &program, const RoleWidths &chosen,
                              const std::vector<int32_t> &widths,
                              int64_t samples) {
  ++steps;
  counts.resize(widths.size());
  for (size_t i = 0; i < widths.size(); ++i)
    ++counts[i][widths[i]];
  include(lowest.activation, highest.activation, chosen.activation);
  include(lowest.weight, highest.weight, chosen.weight);
  include(lowest.error, highest.error, chosen.error);

  constexpr double floatBits = 32;
  auto share = [&](int64_t symbol) {
    return symbol < 0 ? 1 : widths[static_cast<size_t>(symbol)] / floatBits;
  };
  for (const Operation &operation : program.operations)
    if (double *sum = countOf(bitmacs, operation.pass))
      *sum += operation.macs * static_cast<double>(samples) *
              share(operation.lhs) * share(operation.rhs);
}

double meanBits(const WidthCounts &counts) {
  double bits = 0, steps = 0;
  for (const auto &entry : counts) {
    bits +=
        static_cast<double>(entry.first) * static_cast<double>(entry.second);
    steps += static_cast<double>(entry.second);
  }
  return steps > 0 ? bits / steps : 0;
}

std::string shortWidths(const RoleWidths &lowest, const RoleWidths &highest) {
  if (highest == RoleWidths())
    return "";
  auto range = [](int low, int high) {
    return std::to_string(low) +
           (low == high ? "" : "-" + std::to_string(high));
  };
  std::string forward = range(lowest.activation, highest.activation);
  std::string weight = range(lowest.weight, highest.weight);
  std::string out = "fw " + forward;
  if (weight != forward)
    out += " w " + weight;
  return out + " bw " + range(lowest.error, highest.error);
}

} // namespace frac
