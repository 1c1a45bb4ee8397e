//===- DotKernelAvx2.cpp - Inner loops for AVX2 ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/Avx2Vectors.h"
#include "runtime/kernels/lowbit/DotKernels.inc"

namespace {

/// Products of bytes are added up in 16 bits for as many steps as fit.
struct Avx2Chain {
  static constexpr int pixels = 2, pixelsOfOne = 4, pixelsOfThree = 1;

  /// Adds `count` steps that follow one another in the inputs too.
  template <int count, int pixels, int blocks>
  [[gnu::always_inline]] static void
  addSteps(const uint8_t *input, const DotOperands &operands,
           const int8_t *weights, Halves (&words)[pixels][blocks]) {
    FRAC_UNROLL
    for (int s = 0; s < count; ++s) {
      __m256i quads[pixels];
      FRAC_UNROLL
      for (int p = 0; p < pixels; ++p)
        quads[p] = _mm256_set1_epi32(
            loadQuad(input + p * operands.pixelStride + 4 * s));
      FRAC_UNROLL
      for (int b = 0; b < blocks; ++b) {
        const int8_t *step =
            weights + b * operands.blockStride + s * dotStepBytes;
        const __m256i low = loadHalf(step), high = loadHalf(step + 32);
        FRAC_UNROLL
        for (int p = 0; p < pixels; ++p) {
          Halves &sum = words[p][b];
          sum.low =
              _mm256_add_epi16(sum.low, _mm256_maddubs_epi16(quads[p], low));
          sum.high =
              _mm256_add_epi16(sum.high, _mm256_maddubs_epi16(quads[p], high));
        }
      }
    }
  }

  /// Adds the sums of `count` steps, one or two, in 16 bits to those in 32.
  template <int count, int pixels, int blocks>
  [[gnu::always_inline]] static void
  addFew(const uint8_t *inputs, const DotOperands &operands,
         const int32_t *offsets, const int8_t *weights,
         Halves (&totals)[pixels][blocks]) {
    FRAC_UNROLL
    for (int p = 0; p < pixels; ++p) {
      __m256i quads[count];
      FRAC_UNROLL
      for (int s = 0; s < count; ++s)
        quads[s] = _mm256_set1_epi32(
            loadQuad(inputs + offsets[s] + p * operands.pixelStride));
      FRAC_UNROLL
      for (int b = 0; b < blocks; ++b) {
        const int8_t *step = weights + b * operands.blockStride;
        Halves words = {_mm256_maddubs_epi16(quads[0], loadHalf(step)),
                        _mm256_maddubs_epi16(quads[0], loadHalf(step + 32))};
        if constexpr (count == 2) {
          step += dotStepBytes;
          words.low = _mm256_add_epi16(
              words.low, _mm256_maddubs_epi16(quads[1], loadHalf(step)));
          words.high = _mm256_add_epi16(
              words.high, _mm256_maddubs_epi16(quads[1], loadHalf(step + 32)));
        }
        addWords(totals[p][b], words);
      }
    }
  }

  /// Where 16 bits hold the sums of `chain` steps, which are few.
  template <int chain, int pixels, int blocks>
  [[gnu::always_inline]] static void
  runFew(const uint8_t *inputs, const DotOperands &operands,
         const int8_t *weights, Sums (&sums)[pixels][blocks]) {
    Halves totals[pixels][blocks];
    for (int p = 0; p < pixels; ++p)
      for (int b = 0; b < blocks; ++b)
        totals[p][b] = split(sums[p][b]);
    int64_t s = 0;
    for (; s + chain <= operands.steps; s += chain)
      addFew<chain>(inputs, operands, operands.offsets + s,
                    weights + s * dotStepBytes, totals);
    for (; s < operands.steps; ++s)
      addFew<1>(inputs, operands, operands.offsets + s,
                weights + s * dotStepBytes, totals);
    for (int p = 0; p < pixels; ++p)
      for (int b = 0; b < blocks; ++b)
        sums[p][b] = join(totals[p][b]);
  }

  template <int pixels, int blocks>
  [[gnu::always_inline]] static void
  run(const uint8_t *inputs, const DotOperands &operands, const int8_t *weights,
      Sums (&sums)[pixels][blocks]) {
    if (operands.chain == 1)
      return runFew<1>(inputs, operands, weights, sums);
    if (operands.chain < 4)
      return runFew<2>(inputs, operands, weights, sums);
    const bool inTwos = operands.run % 2 == 0;
    const int64_t chain = inTwos ? operands.chain / 2 * 2 : operands.chain;
    for (int64_t begin = 0; begin < operands.steps; begin += chain) {
      const int64_t end =
          begin + chain < operands.steps ? begin + chain : operands.steps;
      Halves words[pixels][blocks] = {};
      int64_t s = begin;
      if (inTwos)
        for (; s + 2 <= end; s += 2)
          addSteps<2>(inputs + operands.offsets[s], operands,
                      weights + s * dotStepBytes, words);
      for (; s < end; ++s)
        addSteps<1>(inputs + operands.offsets[s], operands,
                    weights + s * dotStepBytes, words);
      for (int p = 0; p < pixels; ++p)
        for (int b = 0; b < blocks; ++b) {
          Halves sum = split(sums[p][b]);
          addWords(sum, words[p][b]);
          sums[p][b] = join(sum);
        }
    }
  }
};

/// Weights of eight outputs in numbers of 16 bits: for channels 0 and 2, and
/// for channels 1 and 3.
struct WordPair {
  __m256i even, odd;
};

/// Bytes, which are widened before they are multiplied: right for any.
struct ByteWeights {
  static constexpr bool hasZero = false;
  static constexpr int64_t stepBytes = dotStepBytes;
  static WordPair load(const int8_t *step, int half) {
    const __m256i both = loadHalf(step + half * 32);
    return {_mm256_srai_epi16(_mm256_slli_epi16(both, 8), 8),
            _mm256_srai_epi16(both, 8)};
  }
};

/// Digits (see DotKernel::convertDigits).
struct DigitWeights {
  static constexpr bool hasZero = true;
  static constexpr int64_t stepBytes = 2 * dotStepBytes;
  static WordPair load(const int8_t *step, int half) {
    return {loadHalf(step + half * 32),
            loadHalf(step + half * 32 + dotStepBytes)};
  }
};

/// Everything is multiplied in 16 bits.
template <typename Weights>
struct Avx2Words {
  static constexpr int pixels = 2, pixelsOfOne = 4, pixelsOfThree = 2;

  template <int pixels, int blocks>
  [[gnu::always_inline]] static void
  run(const uint8_t *inputs, const DotOperands &operands, const int8_t *weights,
      Sums (&sums)[pixels][blocks]) {
    const __m256i lowBytes = _mm256_set1_epi16(0xff);
    const __m256i zero = _mm256_set1_epi16(int16_t(operands.zero));
    Halves totals[pixels][blocks];
    for (int p = 0; p < pixels; ++p)
      for (int b = 0; b < blocks; ++b)
        totals[p][b] = split(sums[p][b]);
    for (int64_t s = 0; s < operands.steps; ++s) {
      const uint8_t *input = inputs + operands.offsets[s];
      WordPair quads[pixels];
      for (int p = 0; p < pixels; ++p) {
        const __m256i quad =
            _mm256_set1_epi32(loadQuad(input + p * operands.pixelStride));
        quads[p] = {_mm256_and_si256(quad, lowBytes),
                    _mm256_srli_epi16(quad, 8)};
        if constexpr (Weights::hasZero)
          quads[p] = {_mm256_sub_epi16(quads[p].even, zero),
                      _mm256_sub_epi16(quads[p].odd, zero)};
      }
      for (int b = 0; b < blocks; ++b)
        for (int half = 0; half < 2; ++half) {
          const WordPair pair = Weights::load(
              weights + b * operands.blockStride + s * Weights::stepBytes,
              half);
          for (int p = 0; p < pixels; ++p) {
            __m256i &total = half ? totals[p][b].high : totals[p][b].low;
            total = _mm256_add_epi32(
                total,
                _mm256_add_epi32(_mm256_madd_epi16(quads[p].even, pair.even),
                                 _mm256_madd_epi16(quads[p].odd, pair.odd)));
          }
        }
    }
    for (int p = 0; p < pixels; ++p)
      for (int b = 0; b < blocks; ++b)
        sums[p][b] = join(totals[p][b]);
  }
};

} // namespace

const DotKernel frac::runtime::dotKernelAvx2Chain =
    dotKernel<Avx2Chain>("avx2", CpuIsa::Avx2, 1);

const DotKernel frac::runtime::dotKernelAvx2 =
    dotKernel<Avx2Words<ByteWeights>, Avx2Words<DigitWeights>>(
        "avx2 in 16 bits", CpuIsa::Avx2, 0);
