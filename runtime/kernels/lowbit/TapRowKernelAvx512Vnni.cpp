//===- TapRowKernelAvx512Vnni.cpp - Rows of taps for AVX-512 VNNI ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/TapRowKernels.inc"

#include <immintrin.h>

namespace {

struct VnniTapRows {
  [[gnu::always_inline]] static Sums add(Sums sums, int32_t quad,
                                         StepBytes weights) {
    return (Sums)_mm512_dpbusd_epi32((__m512i)sums, _mm512_set1_epi32(quad),
                                     (__m512i)weights);
  }
  [[gnu::always_inline]] static Sums add(Sums sums, StepBytes bytes,
                                         int32_t weights) {
    return (Sums)_mm512_dpbusd_epi32((__m512i)sums, (__m512i)bytes,
                                     _mm512_set1_epi32(weights));
  }
  [[gnu::always_inline]] static StepBytes turn(Sums pixels) {
    // Channels in fours, then each.
    const __m512i fours = _mm512_permutexvar_epi32(
        _mm512_loadu_si512(tapRowQuadOrder), (__m512i)pixels);
    return (StepBytes)_mm512_shuffle_epi8(
        fours,
        _mm512_set4_epi32(0x0f0b0703, 0x0e0a0602, 0x0d090501, 0x0c080400));
  }
};

} // namespace

const TapRowKernel frac::runtime::tapRowKernelAvx512Vnni =
    tapRowKernel<VnniTapRows>("avx512_vnni", CpuIsa::Avx512Vnni);
