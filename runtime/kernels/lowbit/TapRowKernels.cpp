//===- TapRowKernels.cpp - Choice of loops over rows of taps --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/TapRowKernels.h"

using namespace frac::runtime;

const int32_t frac::runtime::tapRowQuadOrder[16] = {0, 4, 8,  12, 1, 5, 9,  13,
                                                    2, 6, 10, 14, 3, 7, 11, 15};

const TapRowKernel *frac::runtime::chooseTapRowKernel() {
#if defined(__x86_64__)
  if (usableCpuIsa() >= tapRowKernelAvx512Vnni.isa)
    return &tapRowKernelAvx512Vnni;
#endif
  return nullptr;
}
