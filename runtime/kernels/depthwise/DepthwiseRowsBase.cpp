//===- DepthwiseRowsBase.cpp - Loops for any processor --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#define FRAC_TABLE depthwiseLoopsBase
#define FRAC_LANES 4
#include "runtime/kernels/depthwise/DepthwiseRows.inc"
