//===- RowPairKernelAvx512Vnni.cpp - Pairs of rows for AVX-512 VNNI -------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/RowPairKernels.inc"

#include <immintrin.h>

namespace {

struct VnniPairs {
  static constexpr int pixels = 6, pixelsOfOne = 12;

  [[gnu::always_inline]] static Sums addFours(Sums sums, Sums bytes) {
    return (Sums)_mm512_dpbusd_epi32((__m512i)sums, (__m512i)bytes,
                                     _mm512_set1_epi32(0x01010101));
  }

  /// A pixel's quad is loaded once for all taps that read it.
  template <int stride, RowPairEdge edge, int pixels, int blocks>
  [[gnu::always_inline]] static void
  addQuad(const uint8_t *inputs, const int8_t *weights, int64_t blockStride,
          Sums (&sums)[pixels][blocks]) {
    constexpr int padding = edge == RowPairEdge::Left    ? 0
                            : edge == RowPairEdge::Right ? pixels + 1
                                                         : -1;
    __m512i ofTaps[rowPairTaps][blocks];
    FRAC_UNROLL
    for (int tap = 0; tap < rowPairTaps; ++tap)
      FRAC_UNROLL
    for (int b = 0; b < blocks; ++b)
      ofTaps[tap][b] =
          _mm512_loadu_si512(weights + b * blockStride + tap * dotStepBytes);
    FRAC_UNROLL
    for (int p = 0; p < pixels + rowPairTaps - 1; ++p) {
      if (p == padding)
        continue;
      const __m512i quad = _mm512_set1_epi32(loadQuad(inputs + stride * p));
      FRAC_UNROLL
      for (int tap = 0; tap < rowPairTaps; ++tap) {
        if (p < tap || p - tap >= pixels)
          continue;
        FRAC_UNROLL
        for (int b = 0; b < blocks; ++b)
          sums[p - tap][b] = (Sums)_mm512_dpbusd_epi32(
              (__m512i)sums[p - tap][b], quad, ofTaps[tap][b]);
      }
    }
  }
};

} // namespace

const RowPairKernel frac::runtime::rowPairKernelAvx512Vnni =
    rowPairKernel<VnniPairs>("avx512_vnni", CpuIsa::Avx512Vnni);
