//===- ChannelPlane.h - Padded copies of images by channel ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_CHANNELPLANE_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_CHANNELPLANE_H

#include "runtime/kernels/lowbit/PlaneRegion.h"

#include <cstdint>

namespace frac::runtime {

/// A padded copy of some rows and channels of one image: (channels, rows,
/// columns).
struct ChannelPlane : PlaneRegion {
  int64_t channelSize() const { return rows * columns; }

  /// Writes the numbers, which fit a byte.
  void write(uint8_t *plane) const;
  /// Writes the numbers less `zero`, which fit 8 or 16 bits with sign.
  void write(int8_t *plane) const;
  void write(int16_t *plane) const;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_CHANNELPLANE_H
