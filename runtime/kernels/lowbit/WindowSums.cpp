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

namespace {

/// Pixels of one channel or more; strides are in elements.
template <typename Element>
struct Rectangle {
  const Element *elements;
  int64_t rows, rowStride;
  int64_t pixels, pixelStride;
  int64_t channels;
};

} // namespace

/// Adds to each channel's sum its pixels in a rectangle, for up to a block of
/// channels.
template <typename Element, typename Sum>
static void addRectangle(const DotKernel &kernel,
                         const Rectangle<Element> &rectangle, Sum *sums) {
  if constexpr (sizeof(Element) == 1 && sizeof(Sum) == 4) {
    if (rectangle.channels == dotBlock) {
      kernel.addBytes({rectangle.elements, rectangle.rows, rectangle.rowStride,
                       rectangle.pixels, rectangle.pixelStride},
                      sums);
      return;
    }
  }
  for (int64_t row = 0; row < rectangle.rows; ++row)
    for (int64_t x = 0; x < rectangle.pixels; ++x)
      for (int64_t c = 0; c < rectangle.channels; ++c)
        sums[c] += rectangle.elements[row * rectangle.rowStride +
                                      x * rectangle.pixelStride + c];
}

namespace {

/// Sorts rows by the ranges that they belong to.
struct RowKinds {
  RowKinds(int64_t firstRow, int64_t endRow,
           const std::vector<PixelRange> &ranges) {
    kindOf.reserve(endRow - firstRow);
    // As many as the ends of ranges can make.
    kinds.reserve(2 * ranges.size() + 1);
    for (int64_t row = firstRow; row < endRow; ++row) {
      uint64_t members = 0;
      for (std::size_t i = 0; i < ranges.size(); ++i)
        members |= uint64_t(ranges[i].contains(row)) << i;
      auto found = std::find(kinds.begin(), kinds.end(), members);
      kindOf.push_back(found - kinds.begin());
      if (found == kinds.end())
        kinds.push_back(members);
    }
  }

  /// Of each row from the first on.
  std::vector<int64_t> kindOf;
  /// The ranges of each kind, a bit each; may be none.
  std::vector<uint64_t> kinds;
};

} // namespace

/// `Sum` holds the sum of all pixels.
template <typename Element, typename Sum>
void WindowSums::addElements(const DotKernel &kernel,
                             const ImageChannels &images, int64_t firstRow,
                             int64_t endRow,
                             const std::vector<PixelRange> &rows,
                             int64_t *sums) const {
  const RowKinds rowKinds(firstRow, endRow, rows);
  const int64_t channels = images.channels;
  const int64_t segmentCount = int64_t(segments.size());
  // (kind of row, segment, channel): each pixel is in one of these rectangles.
  std::vector<Sum> parts(rowKinds.kinds.size() * segmentCount * channels);
  const int64_t rowStride = images.rowPixels * images.pixelStride;
  for (int64_t n = 0; n < images.count; ++n) {
    const Element *image =
        static_cast<const Element *>(images.data) + n * images.imageStride;
    for (int64_t row = firstRow, end = row; row < endRow; row = end) {
      // Neighbouring rows of the same kind go together.
      const int64_t kind = rowKinds.kindOf[row - firstRow];
      while (end < endRow && rowKinds.kindOf[end - firstRow] == kind)
        ++end;
      if (!rowKinds.kinds[kind])
        continue;
      for (int64_t i = 0; i < segmentCount; ++i) {
        const PixelRange &columns = segments[i].columns;
        const Element *first =
            image + row * rowStride + columns.first * images.pixelStride;
        for (int64_t c = 0; c < channels; c += dotBlock)
          addRectangle<Element>(kernel,
                                {first + c, end - row, rowStride, columns.count,
                                 columns.step * images.pixelStride,
                                 std::min(dotBlock, channels - c)},
                                parts.data() +
                                    (kind * segmentCount + i) * channels + c);
      }
    }
  }
  const Sum *part = parts.data();
  for (uint64_t members : rowKinds.kinds)
    for (const Segment &segment : segments) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!(members >> i & 1))
          continue;
        for (int64_t range : segment.ranges) {
          int64_t *target =
              sums + (int64_t(i) * columnRanges + range) * channels;
          for (int64_t c = 0; c < channels; ++c)
            target[c] += part[c];
        }
      }
      part += channels;
    }
}

void WindowSums::add(const DotKernel &kernel, const ImageChannels &images,
                     int64_t firstRow, int64_t endRow,
                     const std::vector<PixelRange> &rows, int64_t *sums) const {
  if (firstRow >= endRow)
    return;
  const int64_t pixels = images.count * (endRow - firstRow) * images.rowPixels;
  if (images.bytes == 2)
    addElements<uint16_t, int64_t>(kernel, images, firstRow, endRow, rows,
                                   sums);
  else if (pixels > INT32_MAX / 255)
    addElements<uint8_t, int64_t>(kernel, images, firstRow, endRow, rows, sums);
  else
    addElements<uint8_t, int32_t>(kernel, images, firstRow, endRow, rows, sums);
}
