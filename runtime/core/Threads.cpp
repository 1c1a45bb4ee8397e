//===- Threads.cpp - Parallel loops on the one thread pool ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Threads.h"

#include <algorithm>
#include <omp.h>
#include <sched.h>
#include <thread>

using namespace frac::runtime;

/// Number of cores that the process may run on.
static int32_t affinityCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0)
    return std::max(1, CPU_COUNT(&set));
  // More cores than a cpu_set_t holds: the affinity is unknown.
  return std::max(1, static_cast<int32_t>(std::thread::hardware_concurrency()));
}

int32_t frac::runtime::usableThreads(int32_t requested) {
  int32_t threads = requested > 0 ? requested : affinityCores();
  return std::min<int32_t>(threads, omp_get_thread_limit());
}

ThreadCountScope::ThreadCountScope(int32_t threads)
    : previousThreads(omp_get_max_threads()),
      previousDynamic(omp_get_dynamic()) {
  // With OMP_DYNAMIC a region could get fewer threads than the kernels were
  // made for.
  if (previousDynamic)
    omp_set_dynamic(0);
  if (previousThreads != threads)
    omp_set_num_threads(threads);
}

ThreadCountScope::~ThreadCountScope() {
  if (previousDynamic)
    omp_set_dynamic(previousDynamic);
  if (omp_get_max_threads() != previousThreads)
    omp_set_num_threads(previousThreads);
}

void detail::parallelRanges(int32_t threads, int64_t extent, int64_t grain,
                            RangeFunction body, void *context) {
  if (extent <= 0)
    return;
  int64_t parts =
      std::min<int64_t>(threads, extent / std::max<int64_t>(grain, 1));
  if (parts <= 1 || omp_in_parallel()) {
    body(0, extent, context);
    return;
  }
  // The first `longer` ranges have one iteration more than the others.
  int64_t length = extent / parts;
  int64_t longer = extent % parts;
#pragma omp parallel num_threads(static_cast <int>(parts))
  {
    // A region may get fewer threads than it asked for; the ranges stay.
    for (int64_t part = omp_get_thread_num(); part < parts;
         part += omp_get_num_threads()) {
      int64_t begin = part * length + std::min(part, longer);
      body(begin, begin + length + (part < longer ? 1 : 0), context);
    }
  }
}
