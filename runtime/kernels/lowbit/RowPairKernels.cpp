//===- RowPairKernels.cpp - Choice of loops over pairs of rows ------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/RowPairKernels.h"

using namespace frac::runtime;

const RowPairKernel *frac::runtime::chooseRowPairKernel() {
#if defined(__x86_64__)
  if (usableCpuIsa() >= rowPairKernelAvx512Vnni.isa)
    return &rowPairKernelAvx512Vnni;
#endif
  return nullptr;
}
