//===- DepthwiseRowsAvx2.cpp - Loops for AVX2 and FMA ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#define FRAC_TABLE depthwiseLoopsAvx2
#define FRAC_LANES 8
#include "runtime/kernels/depthwise/DepthwiseRows.inc"
