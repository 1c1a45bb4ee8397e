//===- KernelCache.cpp - Plans of a runtime, made once each ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/KernelCache.h"

#include "runtime/kernels/OneThreadPlan.h"
#include "runtime/kernels/SplitWeightGrad.h"
#include "runtime/kernels/depthwise/DepthwiseConv.h"
#include "runtime/kernels/lowbit/ChannelPlan.h"
#include "runtime/kernels/lowbit/GatherPlan.h"
#include "runtime/kernels/lowbit/LowbitMatmul.h"
#include "runtime/kernels/lowbit/WeightGradPlan.h"
#include "runtime/kernels/reference/ReferenceConv.h"
#include "runtime/kernels/reference/ReferenceLowbit.h"

using namespace frac::runtime;

KernelCache &KernelCache::of(Runtime &runtime) {
  if (!runtime.kernelState)
    runtime.kernelState.reset(new KernelCache(runtime.threads()));
  return static_cast<KernelCache &>(*runtime.kernelState);
}

std::unique_ptr<KernelPlan> KernelCache::makePlan(const ConvProblem &problem) {
  if (auto plan = makeDepthwisePlan(problem, threads))
    return plan;
  if (auto plan = makeSplitWeightGradPlan(
          problem, threads,
          [&](const ConvProblem &part) { return oneDnn.makePlan(part); }))
    return plan;
  if (auto plan = oneDnn.makePlan(problem))
    return plan;
  return makeReferenceConvPlan(problem, threads);
}

std::unique_ptr<KernelPlan>
KernelCache::makePlan(const MatmulProblem &problem) {
  if (problem.macs() > oneThreadMacs)
    return oneDnn.makePlan(problem);
  const ThreadCountScope scope(1);
  return std::make_unique<OneThreadPlan>(oneDnn.makePlan(problem));
}

std::unique_ptr<LowbitPlan>
KernelCache::makePlan(const LowbitConvProblem &problem) {
  if (auto plan = makeLowbitDepthwisePlan(problem, threads))
    return plan;
  if (auto plan = makeChannelPlan(problem, threads))
    return plan;
  if (auto plan = problem.conv.product == ConvProduct::WeightGrad
                      ? makeWeightGradPlan(problem, threads)
                      : makeGatherPlan(problem, threads))
    return plan;
  return makeReferenceLowbitPlan(problem, threads);
}

std::unique_ptr<LowbitPlan>
KernelCache::makePlan(const LowbitMatmulProblem &problem) {
  return makeLowbitMatmulPlan(problem, threads);
}
