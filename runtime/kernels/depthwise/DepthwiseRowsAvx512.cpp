//===- DepthwiseRowsAvx512.cpp - Loops for AVX-512 ------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#define FRAC_TABLE depthwiseLoopsAvx512
#define FRAC_LANES 16
#include "runtime/kernels/depthwise/DepthwiseRows.inc"
