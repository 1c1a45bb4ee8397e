//===- DotKernelAvx512Vnni.cpp - Inner loops for any processor ------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// The loops for AVX-512 VNNI with other instructions. Linked in place of the
/// file that it includes.
///
//===----------------------------------------------------------------------===//

#include "Avx512Vnni.h"

#include "runtime/kernels/lowbit/DotKernelAvx512Vnni.cpp"
