//===- Runtime.cpp - The object behind frac_runtime -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Runtime.h"

#include "runtime/core/Threads.h"

#include <exception>

using namespace frac::runtime;

RuntimeState::~RuntimeState() = default;

Runtime::Runtime(int32_t threads) : threadCount(usableThreads(threads)) {}

Runtime::~Runtime() = default;

void Runtime::fail(const std::string &message) noexcept {
  std::lock_guard<std::mutex> lock(errorMutex);
  if (hasFailed.load(std::memory_order_relaxed))
    return;
  try {
    errorMessage = message;
  } catch (const std::exception &) {
    // Short enough for every standard library to hold without allocating.
    errorMessage = "out of memory";
  }
  hasFailed.store(true, std::memory_order_release);
}

const char *Runtime::error() const {
  return failed() ? errorMessage.c_str() : nullptr;
}

//===----------------------------------------------------------------------===//
// C interface
//===----------------------------------------------------------------------===//

frac_runtime *frac_runtime_create(int32_t threads) {
  try {
    return new frac_runtime(threads);
  } catch (const std::exception &) {
    return nullptr;
  }
}

void frac_runtime_destroy(frac_runtime *runtime) { delete runtime; }

int32_t frac_runtime_threads(const frac_runtime *runtime) {
  return runtime->threads();
}

const char *frac_runtime_error(const frac_runtime *runtime) {
  return runtime->error();
}

void frac_parallel_for(frac_runtime *runtime, int64_t extent, int64_t grain,
                       frac_range_fn body, void *const *args) {
  if (runtime->failed())
    return;
  parallelRanges(runtime->threads(), extent, grain,
                 [=](int64_t begin, int64_t end) { body(begin, end, args); });
}
