//===- KernelTimes.h - Where the time of a run went -------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_TRAINER_KERNELTIMES_H
#define FRAC_RUNTIME_TRAINER_KERNELTIMES_H

#include "runtime/frac_runtime.h"
#include "runtime/metrics/KernelShare.h"

#include <chrono>
#include <vector>

namespace frac {

/// Measures the kernels of `--profile` from its construction on; does nothing
/// unless `enabled`. The runtime must outlive it.
class KernelTimes {
public:
  KernelTimes(frac_runtime &runtime, bool enabled);

  /// What has run, the longest first.
  std::vector<KernelShare> shares() const;

  /// What has been computed, by the functions that were called.
  std::vector<KernelWork> work() const;

private:
  frac_runtime &runtime;
  bool enabled;
  std::chrono::steady_clock::time_point begin =
      std::chrono::steady_clock::now();
};

/// Prints a table on stdout; nothing if there are no kernels.
void printKernelShares(const std::vector<KernelShare> &kernels);

} // namespace frac

#endif // FRAC_RUNTIME_TRAINER_KERNELTIMES_H
