//===- RunContraction.h - Runs one contraction of a runtime ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_RUNCONTRACTION_H
#define FRAC_RUNTIME_KERNELS_RUNCONTRACTION_H

#include "runtime/core/Threads.h"
#include "runtime/kernels/KernelCache.h"

#include <chrono>
#include <cstring>
#include <exception>
#include <new>

namespace frac::runtime {

/// Sets `size` floats to zero.
inline void clearFloats(Runtime &runtime, float *data, int64_t size) {
  constexpr int64_t grain = 1 << 14;
  parallelRanges(runtime.threads(), size, grain,
                 [=](int64_t begin, int64_t end) {
                   std::memset(data + begin, 0, (end - begin) * sizeof(float));
                 });
}

/// Runs a plan that exists for `problem` or makes one.
template <typename Plan, typename Problem, typename First, typename Second>
void runPlan(Runtime &runtime, const Problem &problem, First &first,
             Second &second, float *result) {
  ThreadCountScope scope(runtime.threads());
  KernelCache &cache = KernelCache::of(runtime);
  PlannedKernel<Plan> &kernel = cache.find(problem);
  const typename Plan::Arguments arguments{
      first, second, result, runtime.scratch().get(kernel.plan->scratchBytes)};
  ++kernel.calls;
  if (!cache.profiling) {
    kernel.plan->run(arguments);
    return;
  }
  auto start = std::chrono::steady_clock::now();
  kernel.plan->run(arguments);
  kernel.seconds +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
}

/// Computes one contraction with a plan of type `Plan`, or records why it
/// cannot be computed.
template <typename Plan, typename Problem, typename First, typename Second>
void contract(Runtime &runtime, const Problem &problem, First &first,
              Second &second, float *result) {
  if (runtime.failed())
    return;
  auto fail = [&](const std::string &reason) {
    runtime.fail(std::string(problem.productName()) + " of " + problem.text() +
                 " at batch " + std::to_string(batchOf(problem)) + " " +
                 reason);
  };
  try {
    if (std::string reason = problem.invalidReason(); !reason.empty()) {
      fail(reason);
      return;
    }
    if (problem.resultSize() == 0)
      return;
    KernelCache::of(runtime).work.add(problem, first, second);
    if (problem.hasEmptySums())
      clearFloats(runtime, result, problem.resultSize());
    else
      runPlan<Plan>(runtime, problem, first, second, result);
  } catch (const std::bad_alloc &) {
    fail("ran out of memory");
  } catch (const std::exception &error) {
    fail(std::string("failed: ") + error.what());
  }
}

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_RUNCONTRACTION_H
