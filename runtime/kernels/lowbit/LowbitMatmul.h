//===- LowbitMatmul.h - Matrix products in integers -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_LOWBITMATMUL_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_LOWBITMATMUL_H

#include "runtime/kernels/lowbit/LowbitPlan.h"
#include "runtime/kernels/lowbit/LowbitProblem.h"

#include <memory>

namespace frac::runtime {

/// A plan for any valid matrix product without empty matrices. The result is
/// the same for any number of threads. Operands whose scales belong to the
/// index that is summed over are brought to integers of 16 bits with one scale
/// for each row or column of the result, which changes them by at most 2^-16 of
/// the largest there.
std::unique_ptr<LowbitPlan>
makeLowbitMatmulPlan(const LowbitMatmulProblem &problem, int32_t threads);

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_LOWBITMATMUL_H
