//===- PixelSteps.h - Pixels in the order that inner loops read -----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// The gradient by the weights is a sum over pixels, so that four neighbouring
/// pixels of a row take the place that four channels have in other products.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_PIXELSTEPS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_PIXELSTEPS_H

#include "runtime/kernels/lowbit/DotKernels.h"

#include <cstdint>

namespace frac::runtime {

/// Turns a row of `count` pixels, of `bytes` bytes an element, into a row of
/// bytes for each channel: channels[c][x] = the bits from `shift` on of channel
/// c of pixel x. Pixels are `pixelStride` elements apart, rows of channels
/// `channelStride` bytes.
void transposePixels(const void *pixels, int32_t bytes, int64_t pixelStride,
                     int64_t count, int64_t channels, int32_t shift,
                     uint8_t *rows, int64_t channelStride);

/// How a row of errors becomes weights of inner loops.
struct ErrorRow {
  /// `count` pixels, `pixelStride` elements of `bytes` bytes apart.
  const void *pixels;
  int32_t bytes;
  int64_t pixelStride;
  int64_t count;
  int64_t channels;
  /// What is taken off each integer.
  int32_t center;
  /// 1, or 2 for integers that are 256 high + low after that.
  int32_t planes;

  /// Writes block `block` of 16 channels, (step, channel, 4 pixels), with
  /// DotKernel::packSteps or what does the same; two planes take two blocks,
  /// `planeStride` bytes apart, high bytes first. Pixels behind the last and
  /// channels behind the last are zero.
  void write(decltype(DotKernel::packSteps) packSteps, int64_t block,
             int8_t *steps, int64_t planeStride) const;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_PIXELSTEPS_H
