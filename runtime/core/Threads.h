//===- Threads.h - Parallel loops on the one thread pool ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The thread pool is that of OpenMP (GCC's libgomp), which Debian's oneDNN
/// uses too: two pools in one process would fight for the cores. OpenMP keeps
/// one pool for each thread that opens parallel regions, so all kernels should
/// be called from one thread.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_CORE_THREADS_H
#define FRAC_RUNTIME_CORE_THREADS_H

#include <cstdint>

namespace frac::runtime {

/// The number of threads to use if the user asked for `requested`, where 0 or
/// less stands for every core in the affinity mask of this process.
int32_t usableThreads(int32_t requested);

/// While it lives, OpenMP regions that the calling thread opens, oneDNN's
/// among them, use `threads` threads, neither more nor fewer.
class ThreadCountScope {
public:
  explicit ThreadCountScope(int32_t threads);
  ~ThreadCountScope();

  ThreadCountScope(const ThreadCountScope &) = delete;
  ThreadCountScope &operator=(const ThreadCountScope &) = delete;

private:
  int32_t previousThreads;
  int32_t previousDynamic;
};

namespace detail {
using RangeFunction = void (*)(int64_t begin, int64_t end, int64_t worker,
                               void *context);
void parallelRanges(int32_t threads, int64_t extent, int64_t grain,
                    RangeFunction body, void *context);
} // namespace detail

/// Calls `body(begin, end, worker)` for contiguous ranges that cover
/// [0, extent) exactly, on at most `threads` threads. Each begins with a share
/// of its own, the same in every loop over as much, where it finds what it left
/// in its cache; one that is done helps the others, so that one that is held up
/// does less: the ranges of a share get shorter, down to `grain` iterations,
/// and only one that covers all may have fewer. Which ranges there are depends
/// on these three numbers only, but not who takes them: `worker`, less than
/// `threads` and `extent`, tells calls that may run at once apart. `body` must
/// not throw. Inside a parallel region the calling thread does all of the work.
template <typename Body>
void parallelWork(int32_t threads, int64_t extent, int64_t grain,
                  const Body &body) {
  detail::parallelRanges(
      threads, extent, grain,
      [](int64_t begin, int64_t end, int64_t worker, void *context) {
        (*static_cast<const Body *>(context))(begin, end, worker);
      },
      const_cast<Body *>(&body));
}

/// The same where it does not matter who works: calls `body(begin, end)`.
template <typename Body>
void parallelRanges(int32_t threads, int64_t extent, int64_t grain,
                    const Body &body) {
  parallelWork(threads, extent, grain,
               [&](int64_t begin, int64_t end, int64_t) { body(begin, end); });
}

} // namespace frac::runtime

#endif // FRAC_RUNTIME_CORE_THREADS_H
