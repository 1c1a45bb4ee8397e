//===- WeightDigits.h - Weights of three bytes as two digits ----*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTDIGITS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTDIGITS_H

#include <cstdint>

namespace frac::runtime {

/// A rescaled weight, three bytes with sign in PackedWeights, for loops that
/// multiply numbers of 16 bits: high * base + low.
struct WeightDigits {
  int16_t high, low;

  /// Those of the weight whose bytes, the highest first, are `stride` apart.
  static WeightDigits of(const int8_t *bytes, int64_t stride, int32_t base) {
    const int32_t number =
        (bytes[0] * 256 + bytes[stride]) * 256 + bytes[2 * stride];
    const int32_t high = (number + (number < 0 ? -base : base) / 2) / base;
    return {int16_t(high), int16_t(number - high * base)};
  }
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTDIGITS_H
