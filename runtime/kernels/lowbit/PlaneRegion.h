//===- PlaneRegion.h - A part of an image with padding --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_PLANEREGION_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_PLANEREGION_H

#include <algorithm>
#include <cstdint>

namespace frac::runtime {

/// What a padded copy of some rows and channels of one image is made of. What
/// lies outside the image is `zero`.
struct PlaneRegion {
  /// The image, (imageRows, imageColumns, imageChannels), of `bytes` bytes an
  /// element.
  const void *image;
  int32_t bytes;
  int64_t imageRows, imageColumns, imageChannels;
  /// The channels to copy.
  int64_t firstChannel, channels;
  /// The image's row and column at the plane's first; may be negative.
  int64_t firstRow, firstColumn;
  int64_t rows, columns;
  int32_t zero;

  /// Columns of the plane that lie left of the image, and those inside.
  int64_t leftColumns() const {
    return std::clamp<int64_t>(-firstColumn, 0, columns);
  }
  int64_t insideColumns() const {
    const int64_t left = leftColumns();
    return std::clamp<int64_t>(
        std::min(columns - left, imageColumns - firstColumn - left), 0,
        columns);
  }

  /// Whether row `row` of the plane has columns inside the image.
  bool isInside(int64_t row) const {
    const int64_t y = firstRow + row;
    return y >= 0 && y < imageRows && insideColumns() > 0;
  }

  /// The index in the image of the first element to copy of such a row.
  int64_t firstElement(int64_t row) const {
    return ((firstRow + row) * imageColumns + firstColumn + leftColumns()) *
               imageChannels +
           firstChannel;
  }
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_PLANEREGION_H
