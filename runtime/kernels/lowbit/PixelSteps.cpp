//===- PixelSteps.cpp - Pixels in the order that inner loops read ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/PixelSteps.h"

#include "runtime/kernels/lowbit/DotKernels.h"

#include <algorithm>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

using namespace frac::runtime;

//===----------------------------------------------------------------------===//
// Rows of channels
//===----------------------------------------------------------------------===//

template <typename Element>
static void transposeSome(const Element *pixels, int64_t pixelStride,
                          int64_t count, int64_t channels, int32_t shift,
                          uint8_t *rows, int64_t channelStride) {
  for (int64_t x = 0; x < count; ++x)
    for (int64_t c = 0; c < channels; ++c)
      rows[c * channelStride + x] =
          uint8_t(pixels[x * pixelStride + c] >> shift);
}

#if defined(__SSE2__)
/// 8 pixels of 16 channels.
static void transposeBlock(const uint8_t *pixels, int64_t pixelStride,
                           uint8_t *rows, int64_t channelStride) {
  __m128i v[8], t[8];
  for (int x = 0; x < 8; ++x)
    v[x] = _mm_loadu_si128(
        reinterpret_cast<const __m128i *>(pixels + x * pixelStride));
  // Pairs, then fours, then eights of pixels.
  for (int64_t i = 0; i < 4; ++i) {
    t[i] = _mm_unpacklo_epi8(v[2 * i], v[2 * i + 1]);
    t[i + 4] = _mm_unpackhi_epi8(v[2 * i], v[2 * i + 1]);
  }
  for (int64_t half = 0; half < 8; half += 4)
    for (int64_t i = 0; i < 2; ++i) {
      v[half + i] = _mm_unpacklo_epi16(t[half + 2 * i], t[half + 2 * i + 1]);
      v[half + i + 2] =
          _mm_unpackhi_epi16(t[half + 2 * i], t[half + 2 * i + 1]);
    }
  for (int64_t quarter = 0; quarter < 8; quarter += 2) {
    const __m128i low = _mm_unpacklo_epi32(v[quarter], v[quarter + 1]);
    const __m128i high = _mm_unpackhi_epi32(v[quarter], v[quarter + 1]);
    uint8_t *row = rows + quarter * 2 * channelStride;
    const __m128i pairs[4] = {low, _mm_unpackhi_epi64(low, low), high,
                              _mm_unpackhi_epi64(high, high)};
    for (int i = 0; i < 4; ++i)
      _mm_storel_epi64(reinterpret_cast<__m128i *>(row + i * channelStride),
                       pairs[i]);
  }
}
#endif

void frac::runtime::transposePixels(const void *pixels, int32_t bytes,
                                    int64_t pixelStride, int64_t count,
                                    int64_t channels, int32_t shift,
                                    uint8_t *rows, int64_t channelStride) {
  if (bytes == 2) {
    transposeSome(static_cast<const uint16_t *>(pixels), pixelStride, count,
                  channels, shift, rows, channelStride);
    return;
  }
  const uint8_t *data = static_cast<const uint8_t *>(pixels);
  int64_t c = 0;
#if defined(__SSE2__)
  if (shift == 0)
    for (; c + 16 <= channels; c += 16) {
      int64_t x = 0;
      for (; x + 8 <= count; x += 8)
        transposeBlock(data + x * pixelStride + c, pixelStride,
                       rows + c * channelStride + x, channelStride);
      transposeSome(data + x * pixelStride + c, pixelStride, count - x, 16, 0,
                    rows + c * channelStride + x, channelStride);
    }
#endif
  transposeSome(data + c, pixelStride, count, channels - c, shift,
                rows + c * channelStride, channelStride);
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

template <typename Element>
static void writeSteps(const ErrorRow &row, int64_t firstPixel, int64_t block,
                       int8_t *steps, int64_t planeStride) {
  const Element *pixels = static_cast<const Element *>(row.pixels);
  const int64_t firstChannel = block * dotBlock;
  const int64_t channels = std::min(dotBlock, row.channels - firstChannel);
  for (int64_t x = firstPixel; x < row.count; x += 4, steps += dotStepBytes) {
    std::memset(steps, 0, dotStepBytes);
    if (row.planes == 2)
      std::memset(steps + planeStride, 0, dotStepBytes);
    for (int64_t i = 0; i < std::min<int64_t>(4, row.count - x); ++i)
      for (int64_t c = 0; c < channels; ++c) {
        const int32_t value =
            pixels[(x + i) * row.pixelStride + firstChannel + c] - row.center;
        int8_t *byte = steps + c * 4 + i;
        if (row.planes == 1) {
          *byte = int8_t(value);
          continue;
        }
        const int8_t low = int8_t(value & 0xff);
        byte[planeStride] = low;
        *byte = int8_t((value - low) / 256);
      }
  }
}

void ErrorRow::write(decltype(DotKernel::packSteps) packSteps, int64_t block,
                     int8_t *steps, int64_t planeStride) const {
  if (bytes == 2) {
    writeSteps<uint16_t>(*this, 0, block, steps, planeStride);
    return;
  }
  int64_t whole = 0;
  if (planes == 1 && (block + 1) * dotBlock <= channels) {
    whole = count / 4;
    packSteps(static_cast<const uint8_t *>(pixels) + block * dotBlock, whole,
              pixelStride, uint8_t(center), steps);
  }
  writeSteps<uint8_t>(*this, whole * 4, block, steps + whole * dotStepBytes,
                      planeStride);
}
