//===- DotKernelPortable.cpp - Inner loops for any processor --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/DotKernels.inc"

namespace {

struct Portable {
  static constexpr int pixels = 1, pixelsOfOne = 2, pixelsOfThree = 1;

  template <int pixels, int blocks>
  [[gnu::always_inline]] static void
  run(const uint8_t *inputs, const DotOperands &operands, const int8_t *weights,
      Sums (&sums)[pixels][blocks]) {
    int32_t totals[pixels][blocks][dotBlock];
    __builtin_memcpy(totals, sums, sizeof(totals));
    for (int64_t s = 0; s < operands.steps; ++s)
      for (int p = 0; p < pixels; ++p) {
        const uint8_t *quad =
            inputs + operands.offsets[s] + p * operands.pixelStride;
        for (int b = 0; b < blocks; ++b) {
          const int8_t *step =
              weights + b * operands.blockStride + s * dotStepBytes;
          for (int o = 0; o < dotBlock; ++o)
            totals[p][b][o] +=
                quad[0] * step[4 * o] + quad[1] * step[4 * o + 1] +
                quad[2] * step[4 * o + 2] + quad[3] * step[4 * o + 3];
        }
      }
    __builtin_memcpy(sums, totals, sizeof(totals));
  }
};

} // namespace

const DotKernel frac::runtime::dotKernelPortable =
    dotKernel<Portable>("portable", CpuIsa::Sse41, 0);
