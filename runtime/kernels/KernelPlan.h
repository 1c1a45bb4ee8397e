//===- KernelPlan.h - A contraction made ready to run ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_KERNELPLAN_H
#define FRAC_RUNTIME_KERNELS_KERNELPLAN_H

#include "runtime/frac_runtime.h"

#include <cstddef>
#include <string>

namespace frac::runtime {

/// What plans of all kinds have in common.
class PlanBase {
public:
  virtual ~PlanBase() = default;

  /// Bytes of scratch memory, aligned to FRAC_ALIGNMENT, that a run needs.
  std::size_t scratchBytes = 0;

  /// Which code runs, for people: the library and its kernel's name.
  std::string implementation;
};

/// Addresses for one run of a plan: two operands and the result, as the C
/// interface orders them, and scratch memory.
struct KernelArguments {
  const float *first;
  const float *second;
  float *result;
  std::byte *scratch;
};

/// A kernel chosen and set up for one problem (shape, batch, product) and one
/// number of threads. Made once, run often.
class KernelPlan : public PlanBase {
public:
  using Arguments = KernelArguments;

  /// Computes the result. Throws std::exception on failure.
  virtual void run(const KernelArguments &arguments) = 0;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_KERNELPLAN_H
