//===- UsedSamples.cpp - The samples that a product computes --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/UsedSamples.h"

#include "runtime/core/Threads.h"

#include <algorithm>

using namespace frac::runtime;

void frac::runtime::listUsedSamples(const LowbitConvProblem &problem,
                                    const LowbitArguments &arguments,
                                    int32_t threads,
                                    std::vector<int64_t> &samples) {
  const int64_t batch = problem.conv.batch;
  samples.clear();
  for (int64_t n = 0; n < batch; ++n)
    if (widthOf(problem, arguments, n) != 0)
      samples.push_back(n);
  if (int64_t(samples.size()) == batch)
    return;
  const int64_t size = problem.conv.resultSize() / batch;
  parallelRanges(threads, batch, 1, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n)
      if (widthOf(problem, arguments, n) == 0)
        std::fill_n(arguments.result + n * size, size, 0.0f);
  });
}
