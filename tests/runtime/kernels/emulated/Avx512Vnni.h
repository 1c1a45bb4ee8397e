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

/// Numbers of 32 bits in the order that `order` says.
[[maybe_unused]] inline Register permute(Register order, Register numbers) {
  Register result;
  for (int i = 0; i < 16; ++i)
    result[i] = numbers[order[i] & 15];
  return result;
}

/// Bytes in the order that the bytes of `order`, none of them negative, say, in
/// each 16.
[[maybe_unused]] inline Register shuffleBytes(Register bytes, Register order) {
  Register result = {};
  for (int i = 0; i < 64; ++i) {
    const int from = i / 16 * 16 + (order[i / 4] >> i % 4 * 8 & 15);
    result[i / 4] |= (bytes[from / 4] >> from % 4 * 8 & 255) << i % 4 * 8;
  }
  return result;
}

/// Four numbers four times, the last argument first.
[[maybe_unused]] inline Register repeat(int d, int c, int b, int a) {
  return Register{a, b, c, d, a, b, c, d, a, b, c, d, a, b, c, d};
}

} // namespace

#define __m512i Register
#define _mm512_loadu_si512 load
#define _mm512_set1_epi32 broadcast
#define _mm512_set4_epi32 repeat
#define _mm512_permutexvar_epi32 permute
#define _mm512_shuffle_epi8 shuffleBytes
#define _mm512_dpbusd_epi32 addBytes
#define _mm512_dpwssd_epi32 addWords

#endif // FRAC_TESTS_RUNTIME_KERNELS_EMULATED_AVX512VNNI_H
