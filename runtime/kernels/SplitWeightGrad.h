//===- SplitWeightGrad.h - Weight gradients by parts of the batch ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_SPLITWEIGHTGRAD_H
#define FRAC_RUNTIME_KERNELS_SPLITWEIGHTGRAD_H

#include "runtime/kernels/ConvProblem.h"
#include "runtime/kernels/KernelPlan.h"

#include <functional>
#include <memory>

namespace frac::runtime {

/// Makes a plan for a part of a problem, or null.
using ConvPlanMaker =
    std::function<std::unique_ptr<KernelPlan>(const ConvProblem &)>;

/// A plan for a float gradient by the weights that is the sum of those of
/// parts of the batch, in their order, each computed by one thread: libraries
/// divide the batch by the number of threads, so that theirs depends on it.
/// Null for other products and where the parts' results would take more than a
/// few megabytes. Throws what `makePart` throws.
std::unique_ptr<KernelPlan>
makeSplitWeightGradPlan(const ConvProblem &problem, int32_t threads,
                        const ConvPlanMaker &makePart);

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_SPLITWEIGHTGRAD_H
