//===- Contractions.cpp - The contractions of the C interface -------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Threads.h"
#include "runtime/kernels/KernelCache.h"

#include <chrono>
#include <cstring>
#include <exception>
#include <new>

using namespace frac::runtime;

/// Sets `size` floats to zero.
static void clear(Runtime &runtime, float *data, int64_t size) {
  constexpr int64_t grain = 1 << 14;
  parallelRanges(runtime.threads(), size, grain,
                 [=](int64_t begin, int64_t end) {
                   std::memset(data + begin, 0, (end - begin) * sizeof(float));
                 });
}

/// Runs a plan that exists for `problem` or makes one.
template <typename Problem>
static void runPlan(Runtime &runtime, const Problem &problem,
                    const float *first, const float *second, float *result) {
  ThreadCountScope scope(runtime.threads());
  KernelCache &cache = KernelCache::of(runtime);
  KernelEntry &entry = cache.find(problem);
  KernelArguments arguments{first, second, result,
                            runtime.scratch().get(entry.plan->scratchBytes)};
  ++entry.calls;
  if (!cache.profiling) {
    entry.plan->run(arguments);
    return;
  }
  auto start = std::chrono::steady_clock::now();
  entry.plan->run(arguments);
  entry.seconds +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
}

/// Computes one contraction, or records why it cannot be computed.
template <typename Problem>
static void contract(Runtime &runtime, const Problem &problem,
                     const float *first, const float *second, float *result) {
  if (runtime.failed())
    return;
  auto fail = [&](const std::string &reason) {
    runtime.fail(std::string(problem.productName()) + " of " + problem.text() +
                 " at batch " + std::to_string(problem.batch) + " " + reason);
  };
  try {
    if (std::string reason = problem.invalidReason(); !reason.empty())
      fail(reason);
    else if (problem.resultSize() == 0)
      return;
    else if (problem.hasEmptySums())
      clear(runtime, result, problem.resultSize());
    else
      runPlan(runtime, problem, first, second, result);
  } catch (const std::bad_alloc &) {
    fail("ran out of memory");
  } catch (const std::exception &error) {
    fail(std::string("failed: ") + error.what());
  }
}

//===----------------------------------------------------------------------===//
// C interface
//===----------------------------------------------------------------------===//

void frac_conv_forward(frac_runtime *runtime, const frac_conv_shape *shape,
                       int64_t batch, const float *src, const float *weights,
                       float *dst) {
  contract(*runtime, ConvProblem(ConvProduct::Forward, *shape, batch), src,
           weights, dst);
}

void frac_conv_input_grad(frac_runtime *runtime, const frac_conv_shape *shape,
                          int64_t batch, const float *diff_dst,
                          const float *weights, float *diff_src) {
  contract(*runtime, ConvProblem(ConvProduct::InputGrad, *shape, batch),
           diff_dst, weights, diff_src);
}

void frac_conv_weight_grad(frac_runtime *runtime, const frac_conv_shape *shape,
                           int64_t batch, const float *src,
                           const float *diff_dst, float *diff_weights) {
  contract(*runtime, ConvProblem(ConvProduct::WeightGrad, *shape, batch), src,
           diff_dst, diff_weights);
}

void frac_matmul(frac_runtime *runtime, int64_t batch, int64_t m, int64_t n,
                 int64_t k, int32_t transpose_a, int32_t transpose_b,
                 const float *a, const float *b, float *c) {
  contract(*runtime,
           MatmulProblem{batch, m, n, k, transpose_a != 0, transpose_b != 0}, a,
           b, c);
}
