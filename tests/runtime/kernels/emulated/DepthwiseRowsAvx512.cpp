//===- DepthwiseRowsAvx512.cpp - Loops for any processor ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// Compiled without AVX-512, in place of the file that it includes.
///
//===----------------------------------------------------------------------===//

#include "runtime/kernels/depthwise/DepthwiseRowsAvx512.cpp"
