//===- Avx2Vectors.h - Vectors of inner loops for AVX2 --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// For the files that are compiled for AVX2, as DotVectors.h.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_AVX2VECTORS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_AVX2VECTORS_H

#include "runtime/kernels/lowbit/DotVectors.h"

#include <immintrin.h>

namespace {

/// The halves of a block's sums.
struct Halves {
  __m256i low, high;
};

[[gnu::always_inline]] inline Halves split(Sums sums) {
  Halves halves;
  __builtin_memcpy(&halves, &sums, sizeof(sums));
  return halves;
}

[[gnu::always_inline]] inline Sums join(Halves halves) {
  Sums sums;
  __builtin_memcpy(&sums, &halves, sizeof(sums));
  return sums;
}

[[gnu::always_inline]] inline __m256i loadHalf(const void *data) {
  return _mm256_loadu_si256(static_cast<const __m256i *>(data));
}

/// Adds sums in 16 bits, two of each output, to those in 32 bits.
[[gnu::always_inline]] inline void addWords(Halves &sums, Halves words) {
  const __m256i ones = _mm256_set1_epi16(1);
  sums.low = _mm256_add_epi32(sums.low, _mm256_madd_epi16(words.low, ones));
  sums.high = _mm256_add_epi32(sums.high, _mm256_madd_epi16(words.high, ones));
}

} // namespace

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_AVX2VECTORS_H
