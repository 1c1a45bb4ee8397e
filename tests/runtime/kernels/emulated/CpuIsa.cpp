//===- CpuIsa.cpp - A processor with AVX-512 VNNI -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// What this processor has, and all of AVX-512. Linked in place of the file
/// that it includes.
///
//===----------------------------------------------------------------------===//

#include <cstring>

// The name within is the compiler's.
#define __builtin_cpu_supports(feature)                                        \
  (std::strncmp(feature, "avx512", 6) == 0 || __builtin_cpu_supports(feature))
#include "runtime/core/CpuIsa.cpp"
