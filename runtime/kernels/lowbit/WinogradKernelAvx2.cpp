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
  static constexpr int rows = 6;

  template <int count>
  [[gnu::always_inline]] static void run(const WinogradProducts &operands,
                                         const int16_t *inputs,
                                         Sums (&sums)[count]) {
    const int64_t rowStride = operands.rowStride;
    const int16_t *weights = operands.weights;
    Halves totals[count];
    // Calls `add(total, product)` for each half of each row.
    auto addPair = [&](auto add) __attribute__((always_inline)) {
      const __m256i low = loadHalf(weights),
                    high = loadHalf(weights + dotBlock);
      FRAC_UNROLL
      for (int r = 0; r < count; ++r) {
        const __m256i all = _mm256_set1_epi32(loadQuad(inputs + r * rowStride));
        totals[r].low = add(totals[r].low, _mm256_madd_epi16(all, low));
        totals[r].high = add(totals[r].high, _mm256_madd_epi16(all, high));
      }
      inputs += operands.pairStride;
      weights += operands.weightStride;
    };
    int64_t pair = 0;
    if (operands.adds) {
      FRAC_UNROLL
      for (int r = 0; r < count; ++r)
        totals[r] = split(sums[r]);
    } else {
      // The sums are zero, and additions take as long as products.
      addPair([](__m256i, __m256i product) { return product; });
      pair = 1;
    }
    FRAC_UNROLL_TWICE
    for (; pair < operands.pairs; ++pair)
      addPair([](__m256i total, __m256i product) {
        return _mm256_add_epi32(total, product);
      });
    FRAC_UNROLL
    for (int r = 0; r < count; ++r)
      sums[r] = join(totals[r]);
  }
};

} // namespace

const WinogradKernel frac::runtime::winogradKernelAvx2 =
    winogradKernel<Avx2Pairs>("avx2", CpuIsa::Avx2);
