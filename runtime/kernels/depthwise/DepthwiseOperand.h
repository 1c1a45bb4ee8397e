//===- DepthwiseOperand.h - Operands of depthwise convolutions ------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_DEPTHWISE_DEPTHWISEOPERAND_H
#define FRAC_RUNTIME_KERNELS_DEPTHWISE_DEPTHWISEOPERAND_H

#include "runtime/frac_runtime.h"
#include "runtime/kernels/depthwise/DepthwiseRows.h"

#include <cstdint>

namespace frac::runtime {

/// A tensor that the loops see as floats: one of floats, or one of integers,
/// whose real numbers are made where they are read. An integer less its zero
/// point is a float without rounding, so products of unscaled integers are
/// summed exactly up to 2^24.
class DepthwiseOperand {
public:
  DepthwiseOperand(const float *data) : floats(data) {}
  DepthwiseOperand(const frac_quantized &tensor) : tensor(&tensor) {}

  /// Reads `count` elements from element `first` on; all of them belong to
  /// index `index` of the first dimension.
  void read(const DepthwiseLoopSet &loops, int64_t index, int64_t first,
            int64_t count, float *target) const;

  /// As `read`, but floats are not copied: where the elements are, which is
  /// `buffer` if they had to be made.
  const float *view(const DepthwiseLoopSet &loops, int64_t index, int64_t first,
                    int64_t count, float *buffer) const {
    if (floats)
      return floats + first;
    read(loops, index, first, count, buffer);
    return buffer;
  }

private:
  const float *floats = nullptr;
  const frac_quantized *tensor = nullptr;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_DEPTHWISE_DEPTHWISEOPERAND_H
