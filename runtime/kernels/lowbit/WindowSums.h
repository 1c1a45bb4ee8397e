//===- WindowSums.h - Sums over the pixels that taps meet -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WINDOWSUMS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WINDOWSUMS_H

#include "runtime/kernels/lowbit/DotKernels.h"

#include <cstdint>
#include <vector>

namespace frac::runtime {

/// The pixels `first`, `first + step`, ... of a row or column, `count` of them.
struct PixelRange {
  int64_t first, count, step;

  bool contains(int64_t pixel) const {
    return pixel >= first && pixel < first + count * step &&
           (step == 1 || (pixel - first) % step == 0);
  }
};

/// Some channels of images in the layout (image, row, column, channel), from
/// the first one's first row on. Strides are in elements of `bytes` bytes.
struct ImageChannels {
  const void *data;
  int32_t bytes;
  int64_t count, imageStride;
  int64_t rowPixels, pixelStride;
  int64_t channels;
};

/// Sums of each channel of images over rectangles of pixels, one for each
/// combination of a range of rows and one of columns.
class WindowSums {
public:
  /// All ranges of columns have the same step.
  explicit WindowSums(std::vector<PixelRange> columns = {});

  /// The largest number of ranges of rows.
  static constexpr int64_t mostRowRanges = 64;

  /// Adds to `sums`, (row ranges, column ranges, channels), what rows
  /// `firstRow` to `endRow` of some images hold, which may be none.
  void add(const DotKernel &kernel, const ImageChannels &images,
           int64_t firstRow, int64_t endRow,
           const std::vector<PixelRange> &rows, int64_t *sums) const;

private:
  /// Columns between neighbouring beginnings and ends of ranges, and the ranges
  /// they belong to.
  struct Segment {
    PixelRange columns;
    std::vector<int64_t> ranges;
  };

  template <typename Element, typename Sum>
  void addElements(const DotKernel &kernel, const ImageChannels &images,
                   int64_t firstRow, int64_t endRow,
                   const std::vector<PixelRange> &rows, int64_t *sums) const;

  int64_t columnRanges;
  std::vector<Segment> segments;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WINDOWSUMS_H
