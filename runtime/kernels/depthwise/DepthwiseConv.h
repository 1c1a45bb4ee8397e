//===- DepthwiseConv.h - Depthwise convolutions of our own ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_DEPTHWISE_DEPTHWISECONV_H
#define FRAC_RUNTIME_KERNELS_DEPTHWISE_DEPTHWISECONV_H

#include "runtime/kernels/ConvProblem.h"
#include "runtime/kernels/KernelPlan.h"
#include "runtime/kernels/lowbit/LowbitPlan.h"
#include "runtime/kernels/lowbit/LowbitProblem.h"

#include <memory>

namespace frac::runtime {

/// A plan for a convolution with one input and one output channel a group, or
/// null if there are no loops for its geometry (see DepthwiseConv.cpp). Sums
/// are taken in the same order whatever the number of threads.
std::unique_ptr<KernelPlan> makeDepthwisePlan(const ConvProblem &problem,
                                              int32_t threads);

/// The same for operands of integers. They are turned into floats where they
/// are read: memory decides the speed, and sums of so few products lose nothing
/// in floats.
std::unique_ptr<LowbitPlan>
makeLowbitDepthwisePlan(const LowbitConvProblem &problem, int32_t threads);

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_DEPTHWISE_DEPTHWISECONV_H
