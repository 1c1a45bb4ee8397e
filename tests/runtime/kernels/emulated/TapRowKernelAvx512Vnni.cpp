//===- TapRowKernelAvx512Vnni.cpp - Rows of taps anywhere -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Avx512Vnni.h"

#include "runtime/kernels/lowbit/TapRowKernelAvx512Vnni.cpp"
