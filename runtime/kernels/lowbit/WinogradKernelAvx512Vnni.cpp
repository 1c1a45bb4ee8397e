//===- WinogradKernelAvx512Vnni.cpp - Minimal filtering for AVX-512 VNNI --===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#define FRAC_WIDE_LANES
#include "runtime/kernels/lowbit/WinogradKernels.inc"

#include <immintrin.h>

namespace {

struct VnniPairs {
  static constexpr int rows = 16;

  template <int count>
  [[gnu::always_inline]] static void run(const WinogradProducts &operands,
                                         const int16_t *inputs,
                                         Sums (&sums)[count]) {
    // Constants take no additions of addresses, of which there would be as many
    // as products. They are those of as many channels.
    switch (operands.rowStride) {
    case 16:
      return addPairs(operands, inputs, 16, sums);
    case 32:
      return addPairs(operands, inputs, 32, sums);
    case 64:
      return addPairs(operands, inputs, 64, sums);
    default:
      return addPairs(operands, inputs, operands.rowStride, sums);
    }
  }

private:
  template <int count>
  [[gnu::always_inline]] static void
  addPairs(const WinogradProducts &operands, const int16_t *inputs,
           int64_t rowStride, Sums (&sums)[count]) {
    const int16_t *weights = operands.weights;
    FRAC_UNROLL_TWICE
    for (int64_t pair = 0; pair < operands.pairs; ++pair) {
      const __m512i all = _mm512_loadu_si512(weights);
      FRAC_UNROLL
      for (int r = 0; r < count; ++r)
        sums[r] = (Sums)_mm512_dpwssd_epi32(
            (__m512i)sums[r],
            _mm512_set1_epi32(loadQuad(inputs + r * rowStride)), all);
      inputs += operands.pairStride;
      weights += operands.weightStride;
    }
  }
};

} // namespace

const WinogradKernel frac::runtime::winogradKernelAvx512Vnni =
    winogradKernel<VnniPairs>("avx512_vnni", CpuIsa::Avx512Vnni);
