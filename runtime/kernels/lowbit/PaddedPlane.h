//===- PaddedPlane.h - Padded copies of images in bytes -------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_PADDEDPLANE_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_PADDEDPLANE_H

#include "runtime/frac_runtime.h"
#include "runtime/kernels/lowbit/PlaneRegion.h"

#include <cstdint>

namespace frac::runtime {

/// A padded copy of some rows and channels of one image: (rows, columns,
/// channels rounded up to a multiple of 4), in bytes. What lies outside the
/// image is `zero` in all channels; channels that are only there for rounding
/// are 0. Numbers of more than 8 bits take two planes, high bytes first.
struct PlaneCopy : PlaneRegion {
  /// Bytes of a pixel of the plane.
  int64_t pixelBytes() const { return (channels + 3) / 4 * 4; }
  int64_t planeBytes() const { return rows * columns * pixelBytes(); }

  /// Writes one plane, of the bits from `shift` on.
  void write(int32_t shift, uint8_t *plane) const;
};

/// sums[i] = the sum of the `pixelBytes` bytes of pixel i; `pixelBytes` is a
/// multiple of 4.
void sumPixels(const uint8_t *plane, int64_t pixels, int64_t pixelBytes,
               int32_t *sums);

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_PADDEDPLANE_H
