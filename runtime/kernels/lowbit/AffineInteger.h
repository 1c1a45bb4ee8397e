//===- AffineInteger.h - Scale and zero point in integers -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_AFFINEINTEGER_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_AFFINEINTEGER_H

#include "runtime/frac_runtime.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace frac::runtime {

/// x = scale q + zero, written as scale (q - zero) + residual with an integer
/// zero that is one of the values of q. Sums over q - zero are then of the size
/// of the sums over x: nothing is lost by cancellation when they become floats.
struct AffineInteger {
  double scale;
  int32_t zero;
  /// At most half of the scale if the range of x contains zero.
  double residual;

  AffineInteger(double scale, double realZero, int32_t bits) : scale(scale) {
    const double largest = double((int64_t(1) << bits) - 1);
    const double place = scale == 0 ? 0 : std::nearbyint(-realZero / scale);
    // Not a number becomes 0.
    zero = place > 0 ? int32_t(std::min(place, largest)) : 0;
    residual = realZero + scale * zero;
  }

  /// What the byte of q from bit `shift` on, 0 or 8, stands for: the two of an
  /// integer of 16 bits add up to its x.
  AffineInteger byte(int32_t shift) const {
    AffineInteger part = *this;
    part.zero = zero >> shift & 0xff;
    if (shift != 0) {
      part.scale = scale * 256;
      part.residual = 0;
    }
    return part;
  }

  /// That of index `i` of the dimension the scales belong to, with widths up to
  /// `bits`.
  static AffineInteger of(const frac_quantized &tensor, int64_t i,
                          int32_t bits) {
    const int64_t at = tensor.scale_dim < 0 ? 0 : i;
    return AffineInteger(tensor.scale[at], tensor.zero[at], bits);
  }
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_AFFINEINTEGER_H
