//===- Threads.cpp - Parallel loops on the one thread pool ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Threads.h"

#include <algorithm>
#include <atomic>
#include <omp.h>
#include <sched.h>
#include <thread>
#include <vector>

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

namespace {

/// Hands out the ranges of a worker's share of a parallel loop. Each has a
/// cache line of its own.
class alignas(64) RangeQueue {
public:
  void fill(int64_t first, int64_t last) {
    next.store(first, std::memory_order_relaxed);
    stop = last;
  }

  /// Takes the next range; false if there is none.
  bool take(int64_t grain, int64_t &begin, int64_t &end) {
    begin = next.load(std::memory_order_relaxed);
    do {
      if (begin == stop)
        return false;
      // Half of what is left.
      const int64_t left = stop - begin;
      const int64_t size = std::max(left / 2, grain);
      end = left - grain < size ? stop : begin + size;
    } while (
        !next.compare_exchange_weak(begin, end, std::memory_order_relaxed));
    return true;
  }

private:
  std::atomic<int64_t> next{0};
  int64_t stop = 0;
};

} // namespace

void detail::parallelRanges(int32_t threads, int64_t extent, int64_t grain,
                            RangeFunction body, void *context) {
  if (extent <= 0)
    return;
  grain = std::max<int64_t>(grain, 1);
  const int64_t workers = std::min<int64_t>(threads, extent / grain);
  if (workers <= 1 || omp_in_parallel()) {
    body(0, extent, 0, context);
    return;
  }
  std::vector<RangeQueue> shares(workers);
  // The first ones have one iteration more.
  const int64_t size = extent / workers, larger = extent % workers;
  for (int64_t i = 0, first = 0; i < workers; ++i) {
    const int64_t last = first + size + (i < larger);
    shares[i].fill(first, last);
    first = last;
  }
#pragma omp parallel num_threads(static_cast <int>(workers))
  {
    const int64_t worker = omp_get_thread_num();
    // Its own share, then those of the ones that follow it.
    for (int64_t i = 0; i < workers; ++i) {
      RangeQueue &share = shares[(worker + i) % workers];
      int64_t begin, end;
      while (share.take(grain, begin, end))
        body(begin, end, worker, context);
    }
  }
}
