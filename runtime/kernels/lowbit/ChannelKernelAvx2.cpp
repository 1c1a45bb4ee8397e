//===- ChannelKernelAvx2.cpp - Loops with scales for AVX2 -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/Avx2Vectors.h"
#include "runtime/kernels/lowbit/ChannelKernels.inc"

#include <type_traits>

namespace {

/// sum + the products of neighbouring bytes, added up in twos in 16 bits.
[[gnu::always_inline]] inline __m256i
addProducts(__m256i sum, uint8_t, __m256i inputs, __m256i weights) {
  return _mm256_add_epi16(sum, _mm256_maddubs_epi16(inputs, weights));
}

/// The same of inputs that have the sign.
[[gnu::always_inline]] inline __m256i
addProducts(__m256i sum, int8_t, __m256i inputs, __m256i weights) {
  return _mm256_add_epi16(sum, _mm256_maddubs_epi16(weights, inputs));
}

/// The same of numbers of 16 bits, in 32 bits.
[[gnu::always_inline]] inline __m256i
addProducts(__m256i sum, int16_t, __m256i inputs, __m256i weights) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(inputs, weights));
}

/// The sums of steps: of `count`, or of `steps` if that is 0.
template <int count, typename Element, int pixels>
[[gnu::always_inline]] inline void
sumSteps(const Element *inputs, const int32_t *offsets, const int8_t *weights,
         int64_t steps, Halves (&sums)[pixels]) {
  FRAC_UNROLL
  for (int p = 0; p < pixels; ++p)
    sums[p] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
  auto addStep = [&](int64_t s) __attribute__((always_inline)) {
    const Element *input = inputs + offsets[s];
    const __m256i low = loadHalf(weights + s * dotStepBytes);
    const __m256i high = loadHalf(weights + s * dotStepBytes + 32);
    FRAC_UNROLL
    for (int p = 0; p < pixels; ++p) {
      int32_t quad;
      __builtin_memcpy(&quad, input + p, sizeof(quad));
      const __m256i all = _mm256_set1_epi32(quad);
      sums[p].low = addProducts(sums[p].low, Element(), all, low);
      sums[p].high = addProducts(sums[p].high, Element(), all, high);
    }
  };
  if constexpr (count != 0) {
    FRAC_UNROLL
    for (int s = 0; s < count; ++s)
      addStep(s);
  } else {
    for (int64_t s = 0; s < steps; ++s)
      addStep(s);
  }
}

/// Products of bytes are added up in 16 bits for as many steps as fit.
template <typename Input>
struct ByteSteps {
  using Element = Input;
  static constexpr int pixels = 3;

  template <int pixels, int steps>
  [[gnu::always_inline]] static void
  run(const Element *inputs, const ChannelOperands &operands,
      const int8_t *weights, const int32_t *first, Sums (&sums)[pixels]) {
    Halves totals[pixels];
    FRAC_UNROLL
    for (int p = 0; p < pixels; ++p) {
      if constexpr (std::is_signed_v<Element>)
        totals[p] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
      else
        totals[p] = {loadHalf(first), loadHalf(first + 8)};
    }
    const int64_t chain = steps ? steps : operands.chain;
    const int64_t all = steps ? steps : operands.steps;
    for (int64_t begin = 0; begin < all; begin += chain) {
      Halves words[pixels];
      sumSteps<steps>(inputs, operands.offsets + begin,
                      weights + begin * dotStepBytes,
                      chain < all - begin ? chain : all - begin, words);
      FRAC_UNROLL
      for (int p = 0; p < pixels; ++p)
        addWords(totals[p], words[p]);
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
    sumSteps<steps>(inputs, operands.offsets, weights, operands.steps, totals);
    FRAC_UNROLL
    for (int p = 0; p < pixels; ++p)
      sums[p] = join(totals[p]);
  }
};

} // namespace

const ChannelKernel frac::runtime::channelKernelAvx2 = {
    "avx2",
    CpuIsa::Avx2,
    channelLoops<ByteSteps<uint8_t>, 3>,
    channelLoops<ByteSteps<int8_t>, 3>,
    channelLoops<WordSteps, 6>,
    addTaps<float>};
