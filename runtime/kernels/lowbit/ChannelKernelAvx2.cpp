//===- ChannelKernelAvx2.cpp - Loops with scales for AVX2 -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/ChannelKernels.inc"

#include <immintrin.h>

namespace {

/// The halves of a block's sums.
struct Halves {
  __m256i low, high;
};

[[gnu::always_inline]] inline Sums join(Halves halves) {
  Sums sums;
  __builtin_memcpy(&sums, &halves, sizeof(sums));
  return sums;
}

[[gnu::always_inline]] inline __m256i loadHalf(const void *data) {
  return _mm256_loadu_si256(static_cast<const __m256i *>(data));
}

/// The four bytes at `data` in each place.
[[gnu::always_inline]] inline __m256i broadcastQuad(const void *data) {
  int32_t quad;
  __builtin_memcpy(&quad, data, sizeof(quad));
  return _mm256_set1_epi32(quad);
}

/// Products of bytes are added up in 16 bits for as many steps as fit.
struct ByteSteps {
  using Element = uint8_t;
  static constexpr int pixels = 3;

  /// The sums of `count` steps in 16 bits.
  template <int pixels, int count>
  [[gnu::always_inline]] static void
  addWords(const uint8_t *inputs, const int32_t *offsets, const int8_t *weights,
           int64_t steps, Halves (&words)[pixels]) {
    const int64_t end = count ? count : steps;
    FRAC_UNROLL
    for (int p = 0; p < pixels; ++p)
      words[p] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    auto addStep = [&](int64_t s) __attribute__((always_inline)) {
      const uint8_t *input = inputs + offsets[s];
      const __m256i low = loadHalf(weights + s * dotStepBytes);
      const __m256i high = loadHalf(weights + s * dotStepBytes + 32);
      FRAC_UNROLL
      for (int p = 0; p < pixels; ++p) {
        const __m256i quad = broadcastQuad(input + p);
        words[p].low =
            _mm256_add_epi16(words[p].low, _mm256_maddubs_epi16(quad, low));
        words[p].high =
            _mm256_add_epi16(words[p].high, _mm256_maddubs_epi16(quad, high));
      }
    };
    if constexpr (count != 0) {
      FRAC_UNROLL
      for (int s = 0; s < count; ++s)
        addStep(s);
    } else {
      for (int64_t s = 0; s < end; ++s)
        addStep(s);
    }
  }

  template <int pixels, int steps>
  [[gnu::always_inline]] static void
  run(const Element *inputs, const ChannelOperands &operands,
      const int8_t *weights, const int32_t *first, Sums (&sums)[pixels]) {
    const __m256i ones = _mm256_set1_epi16(1);
    Halves totals[pixels];
    FRAC_UNROLL
    for (int p = 0; p < pixels; ++p)
      totals[p] = {loadHalf(first), loadHalf(first + 8)};
    const int64_t chain = steps ? steps : operands.chain;
    const int64_t all = steps ? steps : operands.steps;
    for (int64_t begin = 0; begin < all; begin += chain) {
      Halves words[pixels];
      addWords<pixels, steps>(inputs, operands.offsets + begin,
                              weights + begin * dotStepBytes,
                              chain < all - begin ? chain : all - begin, words);
      FRAC_UNROLL
      for (int p = 0; p < pixels; ++p) {
        totals[p].low = _mm256_add_epi32(totals[p].low,
                                         _mm256_madd_epi16(words[p].low, ones));
        totals[p].high = _mm256_add_epi32(
            totals[p].high, _mm256_madd_epi16(words[p].high, ones));
      }
    }
    FRAC_UNROLL
    for (int p = 0; p < pixels; ++p)
      sums[p] = join(totals[p]);
  }
};

/// Products of numbers of 16 bits are added up in 32 bits.
struct WordSteps {
  using Element = int16_t;
  static constexpr int pixels = 3;

  template <int pixels, int steps>
  [[gnu::always_inline]] static void
  run(const Element *inputs, const ChannelOperands &operands,
      const int8_t *weights, const int32_t *, Sums (&sums)[pixels]) {
    Halves totals[pixels];
    FRAC_UNROLL
    for (int p = 0; p < pixels; ++p)
      totals[p] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    auto addStep = [&](int64_t s) __attribute__((always_inline)) {
      const Element *input = inputs + operands.offsets[s];
      const __m256i low = loadHalf(weights + s * dotStepBytes);
      const __m256i high = loadHalf(weights + s * dotStepBytes + 32);
      FRAC_UNROLL
      for (int p = 0; p < pixels; ++p) {
        const __m256i pair = broadcastQuad(input + p);
        totals[p].low =
            _mm256_add_epi32(totals[p].low, _mm256_madd_epi16(pair, low));
        totals[p].high =
            _mm256_add_epi32(totals[p].high, _mm256_madd_epi16(pair, high));
      }
    };
    if constexpr (steps != 0) {
      FRAC_UNROLL
      for (int s = 0; s < steps; ++s)
        addStep(s);
    } else {
      for (int64_t s = 0; s < operands.steps; ++s)
        addStep(s);
    }
    FRAC_UNROLL
    for (int p = 0; p < pixels; ++p)
      sums[p] = join(totals[p]);
  }
};

} // namespace

const ChannelKernel frac::runtime::channelKernelAvx2 = {
    "avx2", CpuIsa::Avx2, runAllChannels<ByteSteps, 3>,
    runAllChannels<WordSteps, 6>};
