//===- CpuEnergy.h - Joules that this machine draws -------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_METRICS_CPUENERGY_H
#define FRAC_RUNTIME_METRICS_CPUENERGY_H

#include <cstdint>
#include <string>
#include <vector>

namespace frac {

/// The energy counters of processor packages (RAPL), where Linux shows them to
/// this user. They count everything that runs on the machine.
class CpuEnergy {
public:
  /// Looks for counters below `folder`, where the kernel has them.
  explicit CpuEnergy(const std::string &folder = "/sys/class/powercap");

  /// Whether there is any counter.
  bool isKnown() const { return !counters.empty(); }

  /// Joules since the last call, or since the start; 0 without counters, and of
  /// a counter that can no longer be read. Counters wrap within an hour under
  /// load, so calls must not be further apart than minutes.
  double sinceLast();

private:
  struct Counter {
    std::string path;
    /// Microjoules at which it starts again from 0.
    int64_t range;
    int64_t last;
  };
  std::vector<Counter> counters;
};

} // namespace frac

#endif // FRAC_RUNTIME_METRICS_CPUENERGY_H
