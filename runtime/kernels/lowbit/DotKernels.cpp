//===- DotKernels.cpp - Choice of inner loops -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/DotKernels.h"

using namespace frac::runtime;

static const DotKernel *const allKernels[] = {
#if defined(__x86_64__)
    &dotKernelAvx512Vnni,
    &dotKernelAvx2Chain,
    &dotKernelAvx2,
#endif
    &dotKernelPortable,
};

int64_t frac::runtime::dotRun(const int32_t *offsets, int64_t steps) {
  auto follows = [&](int64_t s) { return offsets[s] == offsets[s - 1] + 4; };
  int64_t run = 1;
  while (run < steps && follows(run))
    ++run;
  for (int64_t s = 1; s < steps; ++s)
    if (s % run != 0 && !follows(s))
      return 1;
  return run;
}

KernelList<DotKernel> frac::runtime::dotKernels() {
  return {allKernels, sizeof(allKernels) / sizeof(allKernels[0])};
}

const DotKernel &frac::runtime::chooseDotKernel(int64_t chain) {
  const CpuIsa isa = usableCpuIsa();
  for (const DotKernel *kernel : allKernels)
    if (kernel->isa <= isa && kernel->leastChain <= chain)
      return *kernel;
  return dotKernelPortable;
}
