//===- DotKernelAvx512Vnni.cpp - Inner loops for AVX-512 VNNI -------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/DotKernels.inc"

#include <immintrin.h>

namespace {

/// Products of bytes are added to 32 bits at once.
struct Vnni {
  static constexpr int pixels = 8, pixelsOfOne = 12, pixelsOfThree = 8;

  template <int pixels, int blocks>
  [[gnu::always_inline]] static void
  run(const uint8_t *inputs, const DotOperands &operands, const int8_t *weights,
      Sums (&sums)[pixels][blocks]) {
    const int64_t stride = operands.pixelStride;
    for (int64_t s = 0; s < operands.steps; ++s) {
      const uint8_t *input = inputs + operands.offsets[s];
      __m512i vectors[blocks];
      FRAC_UNROLL
      for (int b = 0; b < blocks; ++b)
        vectors[b] = _mm512_loadu_si512(weights + b * operands.blockStride +
                                        s * dotStepBytes);
      FRAC_UNROLL
      for (int p = 0; p < pixels; ++p) {
        const __m512i quad = _mm512_set1_epi32(loadQuad(input + p * stride));
        FRAC_UNROLL
        for (int b = 0; b < blocks; ++b)
          sums[p][b] =
              (Sums)_mm512_dpbusd_epi32((__m512i)sums[p][b], quad, vectors[b]);
      }
    }
  }
};

} // namespace

const DotKernel frac::runtime::dotKernelAvx512Vnni =
    dotKernel<Vnni>("avx512_vnni", CpuIsa::Avx512Vnni, 0);
