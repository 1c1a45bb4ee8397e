//===- WeightGradPlan.h - Weight gradients in integers --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADPLAN_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADPLAN_H

#include "runtime/kernels/lowbit/LowbitPlan.h"
#include "runtime/kernels/lowbit/LowbitProblem.h"

#include <memory>

namespace frac::runtime {

/// A plan for a gradient by the weights in one or two dimensions, or null. The
/// result is the same for any number of threads.
std::unique_ptr<LowbitPlan> makeWeightGradPlan(const LowbitConvProblem &problem,
                                               int32_t threads);

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADPLAN_H
