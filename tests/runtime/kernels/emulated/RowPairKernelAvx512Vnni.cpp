//===- RowPairKernelAvx512Vnni.cpp - Pairs of rows anywhere ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Avx512Vnni.h"

#include "runtime/kernels/lowbit/RowPairKernelAvx512Vnni.cpp"
