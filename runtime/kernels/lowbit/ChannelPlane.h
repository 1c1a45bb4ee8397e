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

  /// Writes the numbers, which fit a byte, or if elements have a sign the
  /// numbers less `zero`, which fit them. For uint8_t, int8_t and int16_t.
  template <typename Element>
  void write(Element *plane) const;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_CHANNELPLANE_H
