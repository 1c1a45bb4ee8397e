//===- OneThreadPlan.h - Small contractions by one thread -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_ONETHREADPLAN_H
#define FRAC_RUNTIME_KERNELS_ONETHREADPLAN_H

#include "runtime/core/Threads.h"
#include "runtime/kernels/KernelPlan.h"

#include <memory>
#include <utility>

namespace frac::runtime {

/// Multiply-accumulates that one thread does in about the time that waking the
/// others takes.
constexpr double oneThreadMacs = 1 << 20;

/// Runs a plan that was made inside ThreadCountScope(1): a library that divides
/// sums by the number of threads computes the same bits for any.
class OneThreadPlan final : public KernelPlan {
public:
  explicit OneThreadPlan(std::unique_ptr<KernelPlan> inner)
      : plan(std::move(inner)) {
    scratchBytes = plan->scratchBytes;
    implementation = plan->implementation;
  }

  void run(const KernelArguments &arguments) override {
    const ThreadCountScope scope(1);
    plan->run(arguments);
  }

private:
  std::unique_ptr<KernelPlan> plan;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_ONETHREADPLAN_H
