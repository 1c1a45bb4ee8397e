//===- ChannelPlan.h - Input gradients with a scale for each channel ------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_CHANNELPLAN_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_CHANNELPLAN_H

#include "runtime/kernels/lowbit/LowbitPlan.h"
#include "runtime/kernels/lowbit/LowbitProblem.h"

#include <memory>

namespace frac::runtime {

/// A plan for a gradient by the input whose weights have a scale for each
/// output channel, or null: then a gather plan (GatherPlan.h) takes it, as it
/// does where AVX-512 VNNI or minimal filtering (WinogradProduct.h) makes that
/// the faster one. The result is the same for any number of threads.
std::unique_ptr<LowbitPlan> makeChannelPlan(const LowbitConvProblem &problem,
                                            int32_t threads);

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_CHANNELPLAN_H
