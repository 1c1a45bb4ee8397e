//===- LowbitPlan.h - A contraction of integers made ready to run ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_LOWBITPLAN_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_LOWBITPLAN_H

#include "runtime/kernels/KernelPlan.h"

namespace frac::runtime {

/// Addresses for one run of a plan: two operands and the result, as the C
/// interface orders them, and scratch memory.
struct LowbitArguments {
  const frac_quantized &first;
  const frac_quantized &second;
  float *result;
  std::byte *scratch;
};

/// A kernel chosen and set up for one problem (shape, batch, product, widths)
/// and one number of threads. Made once, run often.
class LowbitPlan : public PlanBase {
public:
  using Arguments = LowbitArguments;

  /// Computes the result. Throws std::exception on failure.
  virtual void run(const LowbitArguments &arguments) = 0;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_LOWBITPLAN_H
