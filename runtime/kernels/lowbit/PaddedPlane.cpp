//===- PaddedPlane.cpp - Padded copies of images in bytes -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/PaddedPlane.h"

#include <algorithm>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

using namespace frac::runtime;

/// Copies pixels whose channels lie `stride` elements apart in the image.
template <typename Element>
static void copyPixels(const Element *source, int64_t stride, int64_t pixels,
                       int64_t channels, int64_t pixelBytes, int32_t shift,
                       uint8_t *target) {
  if (stride == channels && channels == pixelBytes) {
    if (sizeof(Element) == 1 && shift == 0)
      std::memcpy(target, source, pixels * channels);
    else
      for (int64_t i = 0; i < pixels * channels; ++i)
        target[i] = uint8_t(source[i] >> shift);
    return;
  }
  for (int64_t x = 0; x < pixels; ++x) {
    for (int64_t c = 0; c < channels; ++c)
      target[c] = uint8_t(source[c] >> shift);
    for (int64_t c = channels; c < pixelBytes; ++c)
      target[c] = 0;
    source += stride;
    target += pixelBytes;
  }
}

/// Fills pixels with padding.
static void padPixels(int64_t pixels, int64_t channels, int64_t pixelBytes,
                      uint8_t zero, uint8_t *target) {
  if (zero == 0 || channels == pixelBytes) {
    std::memset(target, zero, pixels * pixelBytes);
    return;
  }
  for (int64_t x = 0; x < pixels; ++x, target += pixelBytes) {
    std::memset(target, zero, channels);
    std::memset(target + channels, 0, pixelBytes - channels);
  }
}

void PlaneCopy::write(int32_t shift, uint8_t *plane) const {
  const int64_t pixel = pixelBytes();
  const uint8_t padding = uint8_t(zero >> shift);
  const int64_t left = leftColumns(), inside = insideColumns();
  const int64_t right = columns - left - inside;
  for (int64_t row = 0; row < rows; ++row) {
    if (!isInside(row)) {
      padPixels(columns, channels, pixel, padding, plane);
      plane += columns * pixel;
      continue;
    }
    padPixels(left, channels, pixel, padding, plane);
    plane += left * pixel;
    const int64_t source = firstElement(row);
    if (bytes == 1)
      copyPixels(static_cast<const uint8_t *>(image) + source, imageChannels,
                 inside, channels, pixel, shift, plane);
    else
      copyPixels(static_cast<const uint16_t *>(image) + source, imageChannels,
                 inside, channels, pixel, shift, plane);
    plane += inside * pixel;
    padPixels(right, channels, pixel, padding, plane);
    plane += right * pixel;
  }
}

#if defined(__SSE2__)

/// The sums of the low and of the high 8 bytes, in two of the four parts.
[[gnu::always_inline]] static inline __m128i sumBytes(const uint8_t *pixel,
                                                      int64_t pixelBytes) {
  const __m128i zero = _mm_setzero_si128();
  __m128i sum = zero;
  int64_t c = 0;
  for (; c + 16 <= pixelBytes; c += 16)
    sum = _mm_add_epi32(
        sum, _mm_sad_epu8(
                 _mm_loadu_si128(reinterpret_cast<const __m128i *>(pixel + c)),
                 zero));
  for (; c < pixelBytes; c += 4) {
    int32_t quad;
    std::memcpy(&quad, pixel + c, sizeof(quad));
    sum = _mm_add_epi32(sum, _mm_sad_epu8(_mm_cvtsi32_si128(quad), zero));
  }
  return sum;
}

/// As `sumPixels`; a constant number of bytes takes no loop.
[[gnu::always_inline]] static inline void sumEachPixel(const uint8_t *plane,
                                                       int64_t pixels,
                                                       int64_t pixelBytes,
                                                       int32_t *sums) {
  int64_t i = 0;
  auto evens = [](__m128i low, __m128i high) {
    return _mm_castps_si128(_mm_shuffle_ps(_mm_castsi128_ps(low),
                                           _mm_castsi128_ps(high),
                                           _MM_SHUFFLE(2, 0, 2, 0)));
  };
  auto odds = [](__m128i low, __m128i high) {
    return _mm_castps_si128(_mm_shuffle_ps(_mm_castsi128_ps(low),
                                           _mm_castsi128_ps(high),
                                           _MM_SHUFFLE(3, 1, 3, 1)));
  };
  for (; i + 4 <= pixels; i += 4) {
    const uint8_t *pixel = plane + i * pixelBytes;
    const __m128i low = evens(sumBytes(pixel, pixelBytes),
                              sumBytes(pixel + pixelBytes, pixelBytes));
    const __m128i high = evens(sumBytes(pixel + 2 * pixelBytes, pixelBytes),
                               sumBytes(pixel + 3 * pixelBytes, pixelBytes));
    _mm_storeu_si128(reinterpret_cast<__m128i *>(sums + i),
                     _mm_add_epi32(evens(low, high), odds(low, high)));
  }
  for (; i < pixels; ++i) {
    const __m128i sum = sumBytes(plane + i * pixelBytes, pixelBytes);
    sums[i] = _mm_cvtsi128_si32(_mm_add_epi32(sum, _mm_srli_si128(sum, 8)));
  }
}

void frac::runtime::sumPixels(const uint8_t *plane, int64_t pixels,
                              int64_t pixelBytes, int32_t *sums) {
  if (pixelBytes == 16)
    sumEachPixel(plane, pixels, 16, sums);
  else
    sumEachPixel(plane, pixels, pixelBytes, sums);
}

#else

void frac::runtime::sumPixels(const uint8_t *plane, int64_t pixels,
                              int64_t pixelBytes, int32_t *sums) {
  for (int64_t i = 0; i < pixels; ++i) {
    sums[i] = 0;
    for (int64_t c = 0; c < pixelBytes; ++c)
      sums[i] += plane[i * pixelBytes + c];
  }
}

#endif
