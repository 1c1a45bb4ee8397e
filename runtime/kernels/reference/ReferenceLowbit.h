//===- ReferenceLowbit.h - Contractions of integers by definition ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_REFERENCE_REFERENCELOWBIT_H
#define FRAC_RUNTIME_KERNELS_REFERENCE_REFERENCELOWBIT_H

#include "runtime/kernels/lowbit/LowbitPlan.h"
#include "runtime/kernels/lowbit/LowbitProblem.h"

#include <memory>

namespace frac::runtime {

/// Plans that compute any valid problem without empty tensors by plain loops
/// over `threads` threads: for geometries that no other kernel takes, and what
/// other kernels are compared with. Integers are summed in 64 bits for as long
/// as the scales stay the same; what they stand for is summed in double, in a
/// fixed order whatever the number of threads. No operand is rounded, also
/// where a scale belongs to an index of the reduction.
std::unique_ptr<LowbitPlan>
makeReferenceLowbitPlan(const LowbitConvProblem &problem, int32_t threads);
std::unique_ptr<LowbitPlan>
makeReferenceLowbitPlan(const LowbitMatmulProblem &problem, int32_t threads);

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_REFERENCE_REFERENCELOWBIT_H
