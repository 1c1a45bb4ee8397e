//===- UsedSamples.h - The samples that a product computes ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_USEDSAMPLES_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_USEDSAMPLES_H

#include "runtime/kernels/lowbit/LowbitPlan.h"
#include "runtime/kernels/lowbit/LowbitProblem.h"

#include <cstdint>
#include <vector>

namespace frac::runtime {

/// The width of sample n of the first operand.
inline int32_t widthOf(const LowbitConvProblem &problem,
                       const LowbitArguments &arguments, int64_t n) {
  return arguments.first.bits_dim < 0 ? problem.first.bits
                                      : arguments.first.bits[n];
}

/// Lists the samples of the first operand, the images, that are not left out,
/// and clears the results of those that are.
void listUsedSamples(const LowbitConvProblem &problem,
                     const LowbitArguments &arguments, int32_t threads,
                     std::vector<int64_t> &samples);

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_USEDSAMPLES_H
