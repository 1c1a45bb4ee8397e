//===- DepthwiseOperand.cpp - Operands of depthwise convolutions ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/depthwise/DepthwiseOperand.h"

#include "runtime/kernels/lowbit/AffineInteger.h"

#include <algorithm>
#include <cstring>

using namespace frac::runtime;

void DepthwiseOperand::read(const DepthwiseLoopSet &loops, int64_t index,
                            int64_t first, int64_t count, float *target) const {
  if (floats) {
    std::memcpy(target, floats + first, count * sizeof(float));
    return;
  }
  if (tensor->scale_dim == 0 && tensor->bits_dim == 0 &&
      tensor->bits[index] == 0) {
    std::fill_n(target, count, 0.0f);
    return;
  }
  const AffineInteger affine =
      AffineInteger::of(*tensor, index, 8 * tensor->bytes);
  const DepthwiseAffine map = {float(affine.scale), float(affine.zero),
                               float(affine.residual)};
  if (tensor->bytes == 1)
    loops.widenBytes(static_cast<const uint8_t *>(tensor->data) + first, count,
                     map, target);
  else
    loops.widenWords(static_cast<const uint16_t *>(tensor->data) + first, count,
                     map, target);
}
