//===- Runtime.h - The object behind frac_runtime -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a `frac_runtime` is made of: the number of threads, the first error,
/// scratch memory and whatever state the kernels keep. C++ code of the runtime
/// uses this class; compiled programs see only the C handle.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_CORE_RUNTIME_H
#define FRAC_RUNTIME_CORE_RUNTIME_H

#include "runtime/core/Scratch.h"
#include "runtime/frac_runtime.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace frac::runtime {

/// State that a higher layer (the kernels) keeps in a runtime and that lives as
/// long as the runtime does.
class RuntimeState {
public:
  virtual ~RuntimeState();
};

class Runtime {
public:
  /// `threads` workers; 0 or less takes every core the process may run on. More
  /// than OpenMP allows (OMP_THREAD_LIMIT) is cut to that.
  explicit Runtime(int32_t threads);
  ~Runtime();

  Runtime(const Runtime &) = delete;
  Runtime &operator=(const Runtime &) = delete;

  int32_t threads() const { return threadCount; }

  /// Whether an error has been recorded: kernels do nothing from then on.
  bool failed() const { return hasFailed.load(std::memory_order_acquire); }

  /// Records `message` (one line, lower case, no full stop) if it is the first
  /// error. Any thread may call this.
  void fail(const std::string &message) noexcept;

  /// The first error, or null. Owned by the runtime.
  const char *error() const;

  /// Memory that one kernel call may use until it returns. Calls of `get` on it
  /// share the same bytes.
  Scratch &scratch() { return scratchMemory; }

  /// The kernels' state, made by the kernels at their first call.
  std::unique_ptr<RuntimeState> kernelState;

private:
  int32_t threadCount;
  std::atomic<bool> hasFailed{false};
  std::mutex errorMutex;
  std::string errorMessage;
  Scratch scratchMemory;
};

} // namespace frac::runtime

/// The C handle is the C++ object itself.
struct frac_runtime final : frac::runtime::Runtime {
  using frac::runtime::Runtime::Runtime;
};

#endif // FRAC_RUNTIME_CORE_RUNTIME_H
