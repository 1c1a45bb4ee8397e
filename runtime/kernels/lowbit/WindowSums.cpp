//===- WindowSums.cpp - Sums over the pixels that taps meet ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WindowSums.h"

#include <algorithm>
#include <set>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

using namespace frac::runtime;

WindowSums::WindowSums(std::vector<PixelRange> columns)
    : columnRanges(int64_t(columns.size())) {
  // Ranges that start at the same remainder share pixels.
  std::set<int64_t> remainders;
  for (const PixelRange &range : columns)
    remainders.insert(range.first % range.step);
  for (int64_t remainder : remainders) {
    std::set<int64_t> bounds;
    int64_t step = 1;
    for (const PixelRange &range : columns) {
      step = range.step;
      if (range.first % step != remainder || range.count <= 0)
        continue;
      bounds.insert(range.first);
      bounds.insert(range.first + range.count * step);
    }
    for (auto bound = bounds.begin(); bound != bounds.end(); ++bound) {
      auto next = std::next(bound);
      if (next == bounds.end())
        break;
      Segment segment = {{*bound, (*next - *bound) / step, step}, {}};
      for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].contains(*bound))
          segment.ranges.push_back(int64_t(i));
      if (!segment.ranges.empty())
        segments.push_back(std::move(segment));
    }
  }
}

/// Most channels that `sumSegment` takes at once.
static constexpr int64_t channelBlock = 16;

/// sums[c] = the sum of channel c over `count` pixels that are `stride`
/// elements apart, for up to `channelBlock` channels.
template <typename Element>
static void sumSegment(const Element *pixels, int64_t count, int64_t stride,
                       int64_t channels, int64_t *sums) {
  std::fill_n(sums, channels, 0);
#if defined(__SSE2__)
  if constexpr (sizeof(Element) == 1) {
    if (channels == channelBlock) {
      // 16 bits hold the sum of 257 bytes.
      for (int64_t begin = 0; begin < count; begin += 256) {
        const int64_t end = std::min<int64_t>(begin + 256, count);
        const __m128i zero = _mm_setzero_si128();
        __m128i low = zero, high = zero;
        for (int64_t x = begin; x < end; ++x) {
          const __m128i bytes = _mm_loadu_si128(
              reinterpret_cast<const __m128i *>(pixels + x * stride));
          low = _mm_add_epi16(low, _mm_unpacklo_epi8(bytes, zero));
          high = _mm_add_epi16(high, _mm_unpackhi_epi8(bytes, zero));
        }
        uint16_t words[channelBlock];
        _mm_storeu_si128(reinterpret_cast<__m128i *>(words), low);
        _mm_storeu_si128(reinterpret_cast<__m128i *>(words + 8), high);
        for (int64_t c = 0; c < channelBlock; ++c)
          sums[c] += words[c];
      }
      return;
    }
  }
#endif
  for (int64_t x = 0; x < count; ++x)
    for (int64_t c = 0; c < channels; ++c)
      sums[c] += pixels[x * stride + c];
}

void WindowSums::add(const void *image, int32_t bytes, int64_t rowPixels,
                     int64_t pixelStride, int64_t channels, int64_t firstRow,
                     int64_t endRow, const std::vector<PixelRange> &rows,
                     int64_t *sums) const {
  for (int64_t row = firstRow; row < endRow; ++row) {
    const bool isRead =
        std::any_of(rows.begin(), rows.end(), [&](const PixelRange &range) {
          return range.contains(row);
        });
    if (!isRead)
      continue;
    for (const Segment &segment : segments)
      for (int64_t c = 0; c < channels; c += channelBlock) {
        const int64_t some = std::min(channelBlock, channels - c);
        const int64_t at =
            (row * rowPixels + segment.columns.first) * pixelStride + c;
        const int64_t stride = segment.columns.step * pixelStride;
        int64_t ofSegment[channelBlock];
        if (bytes == 1)
          sumSegment(static_cast<const uint8_t *>(image) + at,
                     segment.columns.count, stride, some, ofSegment);
        else
          sumSegment(static_cast<const uint16_t *>(image) + at,
                     segment.columns.count, stride, some, ofSegment);
        for (std::size_t i = 0; i < rows.size(); ++i) {
          if (!rows[i].contains(row))
            continue;
          for (int64_t range : segment.ranges) {
            int64_t *target =
                sums + (int64_t(i) * columnRanges + range) * channels + c;
            for (int64_t j = 0; j < some; ++j)
              target[j] += ofSegment[j];
          }
        }
      }
  }
}
