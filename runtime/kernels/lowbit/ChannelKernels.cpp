//===- ChannelKernels.cpp - Inner loops with a scale for each channel -----===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/ChannelKernels.h"

using namespace frac::runtime;

static const ChannelKernel *const allKernels[] = {
#if defined(__x86_64__)
    &channelKernelAvx2,
#endif
    &channelKernelPortable,
};

KernelList<ChannelKernel> frac::runtime::channelKernels() {
  return {allKernels, sizeof(allKernels) / sizeof(allKernels[0])};
}

const ChannelKernel *frac::runtime::chooseChannelKernel() {
  if (usableCpuIsa() >= CpuIsa::Avx512Vnni)
    return nullptr;
  return &channelKernels().choose();
}
