//===- Avx512Vnni.h - Instructions for any processor ------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// What the inner loops for AVX-512 VNNI take from the compiler, in terms of
/// other instructions. To be included ahead of them.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_TESTS_RUNTIME_KERNELS_EMULATED_AVX512VNNI_H
#define FRAC_TESTS_RUNTIME_KERNELS_EMULATED_AVX512VNNI_H

#include <cstdint>
#include <cstring>
#include <immintrin.h>

namespace {

typedef int32_t Register __attribute__((vector_size(64)));

/// With sums modulo 2^32.
typedef uint32_t Remainders __attribute__((vector_size(64)));

inline Register load(const void *data) {
  Register value;
  std::memcpy(&value, data, sizeof(value));
  return value;
}

inline Register broadcast(int32_t number) { return Register{} + number; }

/// Adds the products of four bytes without sign and four with sign.
[[maybe_unused]] inline Register addBytes(Register sums, Register bytes,
                                          Register signedBytes) {
  for (int i = 0; i < 32; i += 8)
    sums += (bytes >> i & 255) * (signedBytes << (24 - i) >> 24);
  return sums;
}

/// Adds the products of two numbers of 16 bits with sign.
[[maybe_unused]] inline Register addWords(Register sums, Register first,
                                          Register second) {
  Remainders all = Remainders(sums);
  for (int i = 0; i < 32; i += 16)
    all += Remainders((first << (16 - i) >> 16) * (second << (16 - i) >> 16));
  return Register(all);
}

} // namespace

#define __m512i Register
#define _mm512_loadu_si512 load
#define _mm512_set1_epi32 broadcast
#define _mm512_dpbusd_epi32 addBytes
#define _mm512_dpwssd_epi32 addWords

#endif // FRAC_TESTS_RUNTIME_KERNELS_EMULATED_AVX512VNNI_H
