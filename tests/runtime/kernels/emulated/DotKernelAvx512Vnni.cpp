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

#include <cstdint>
#include <cstring>
#include <immintrin.h>

namespace {

typedef int32_t Register __attribute__((vector_size(64)));

inline Register load(const void *data) {
  Register value;
  std::memcpy(&value, data, sizeof(value));
  return value;
}

inline Register broadcast(int32_t number) { return Register{} + number; }

/// Adds the products of four bytes without sign and four with sign.
inline Register addProducts(Register sums, Register bytes,
                            Register signedBytes) {
  for (int i = 0; i < 32; i += 8)
    sums += (bytes >> i & 255) * (signedBytes << (24 - i) >> 24);
  return sums;
}

} // namespace

#define __m512i Register
#define _mm512_loadu_si512 load
#define _mm512_set1_epi32 broadcast
#define _mm512_dpbusd_epi32 addProducts
#include "runtime/kernels/lowbit/DotKernelAvx512Vnni.cpp"
