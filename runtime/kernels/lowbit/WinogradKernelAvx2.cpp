//===- WinogradKernelAvx2.cpp - Minimal filtering for AVX2 ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/Avx2Vectors.h"
#include "runtime/kernels/lowbit/WinogradKernels.inc"

namespace {

struct Avx2Pairs {
  static constexpr int tiles = 6;

  template <int count>
  [[gnu::always_inline]] static void
  run(const int16_t *inputs, int64_t tileStride, const int16_t *weights,
      int64_t pairs, Sums (&sums)[count]) {
    Halves totals[count];
    FRAC_UNROLL
    for (int t = 0; t < count; ++t)
      totals[t] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    FRAC_UNROLL_TWICE
    for (int64_t pair = 0; pair < pairs; ++pair) {
      const int16_t *step = weights + pair * 2 * dotBlock;
      const __m256i low = loadHalf(step), high = loadHalf(step + dotBlock);
      FRAC_UNROLL
      for (int t = 0; t < count; ++t) {
        int32_t both;
        __builtin_memcpy(&both, inputs + t * tileStride + 2 * pair,
                         sizeof(both));
        const __m256i all = _mm256_set1_epi32(both);
        totals[t].low =
            _mm256_add_epi32(totals[t].low, _mm256_madd_epi16(all, low));
        totals[t].high =
            _mm256_add_epi32(totals[t].high, _mm256_madd_epi16(all, high));
      }
    }
    FRAC_UNROLL
    for (int t = 0; t < count; ++t)
      sums[t] = join(totals[t]);
  }
};

} // namespace

const WinogradKernel frac::runtime::winogradKernelAvx2 =
    winogradKernel<Avx2Pairs>("avx2", CpuIsa::Avx2);
