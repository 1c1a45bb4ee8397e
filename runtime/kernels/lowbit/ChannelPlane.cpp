//===- ChannelPlane.cpp - Padded copies of images by channel --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/ChannelPlane.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

using namespace frac::runtime;

/// Pixels and channels that are transposed at once.
static constexpr int64_t side = 16;

/// As many numbers in a row.
template <typename Element>
struct RowOf;
template <>
struct RowOf<uint8_t> {
  typedef uint8_t Type __attribute__((vector_size(side)));
};
template <>
struct RowOf<int8_t> {
  typedef int8_t Type __attribute__((vector_size(side)));
};
template <>
struct RowOf<uint16_t> {
  typedef uint16_t Type __attribute__((vector_size(side * 2)));
};
template <>
struct RowOf<int16_t> {
  typedef int16_t Type __attribute__((vector_size(side * 2)));
};
template <typename Element>
using Row = typename RowOf<Element>::Type;

/// Exchanges rows and columns. Rows that lie half of all apart are interleaved
/// as often as that takes every number to its place.
template <typename Element>
static void transpose(Row<Element> (&rows)[side]) {
  for (int64_t distance = 1; distance < side; distance *= 2) {
    Row<Element> next[side];
    for (int64_t i = 0; i < side / 2; ++i) {
      const Row<Element> a = rows[i], b = rows[i + side / 2];
      next[2 * i] = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4,
                                            20, 5, 21, 6, 22, 7, 23);
      next[2 * i + 1] = __builtin_shufflevector(
          a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    std::copy(next, next + side, rows);
  }
}

/// Writes `pixels` pixels of `channels` channels, channel by channel,
/// `targetStride` elements apart.
template <typename Source, typename Target>
static void transposePixels(const Source *source, int64_t sourceStride,
                            int64_t pixels, int64_t channels, int32_t offset,
                            Target *target, int64_t targetStride) {
  int64_t x = 0;
  for (; x + side <= pixels; x += side) {
    int64_t c = 0;
    for (; c + side <= channels; c += side) {
      Row<Source> rows[side];
      for (int64_t i = 0; i < side; ++i)
        std::memcpy(&rows[i], source + (x + i) * sourceStride + c,
                    sizeof(rows[i]));
      transpose<Source>(rows);
      for (int64_t i = 0; i < side; ++i) {
        const Row<Target> row =
            __builtin_convertvector(rows[i], Row<Target>) - Target(offset);
        std::memcpy(target + (c + i) * targetStride + x, &row, sizeof(row));
      }
    }
    for (; c < channels; ++c)
      for (int64_t i = x; i < x + side; ++i)
        target[c * targetStride + i] =
            Target(source[i * sourceStride + c] - offset);
  }
  for (; x < pixels; ++x)
    for (int64_t c = 0; c < channels; ++c)
      target[c * targetStride + x] =
          Target(source[x * sourceStride + c] - offset);
}

/// Writes a plane of numbers less `offset`.
template <typename Source, typename Target>
static void writePlane(const ChannelPlane &plane, int32_t offset,
                       Target *target) {
  const Target padding = Target(plane.zero - offset);
  const int64_t left = plane.leftColumns(), inside = plane.insideColumns();
  // Column by column: a row has few that lie outside, often one on each side.
  for (int64_t x = 0; x < plane.columns; ++x)
    if (x < left || x >= left + inside)
      for (int64_t i = 0; i < plane.channels * plane.rows; ++i)
        target[i * plane.columns + x] = padding;
  for (int64_t row = 0; row < plane.rows; ++row) {
    Target *first = target + row * plane.columns + left;
    if (plane.isInside(row))
      transposePixels(static_cast<const Source *>(plane.image) +
                          plane.firstElement(row),
                      plane.imageChannels, inside, plane.channels, offset,
                      first, plane.channelSize());
    else
      for (int64_t c = 0; c < plane.channels; ++c)
        std::fill_n(first + c * plane.channelSize(), inside, padding);
  }
}

template <typename Element>
void ChannelPlane::write(Element *plane) const {
  const int32_t offset = std::is_unsigned_v<Element> ? 0 : zero;
  if (bytes == 1)
    writePlane<uint8_t>(*this, offset, plane);
  else
    writePlane<uint16_t>(*this, offset, plane);
}

template void ChannelPlane::write(uint8_t *) const;
template void ChannelPlane::write(int8_t *) const;
template void ChannelPlane::write(int16_t *) const;
