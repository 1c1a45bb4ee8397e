//===- WinogradKernels.cpp - 3x3 convolutions with fewer products ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WinogradKernels.h"

using namespace frac::runtime;

static const WinogradKernel *const allKernels[] = {
#if defined(__x86_64__)
    &winogradKernelAvx512Vnni,
    &winogradKernelAvx2,
#endif
    &winogradKernelPortable,
};

KernelList<WinogradKernel> frac::runtime::winogradKernels() {
  return {allKernels, sizeof(allKernels) / sizeof(allKernels[0])};
}

const WinogradKernel &frac::runtime::chooseWinogradKernel() {
  return winogradKernels().choose();
}
