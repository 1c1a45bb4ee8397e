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

/// Weights are numbers of 16 bits.
struct PortableDigits {
  static constexpr int pixels = 1, pixelsOfOne = 1, pixelsOfThree = 1;

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
        int32_t q[4];
        for (int i = 0; i < 4; ++i)
          q[i] = quad[i] - operands.zero;
        for (int b = 0; b < blocks; ++b) {
          int16_t step[4 * dotBlock];
          __builtin_memcpy(step,
                           weights + b * operands.blockStride +
                               s * int64_t(sizeof(step)),
                           sizeof(step));
          for (int o = 0; o < dotBlock; ++o)
            totals[p][b][o] += q[0] * step[2 * o] + q[2] * step[2 * o + 1] +
                               q[1] * step[2 * (dotBlock + o)] +
                               q[3] * step[2 * (dotBlock + o) + 1];
        }
      }
    __builtin_memcpy(sums, totals, sizeof(totals));
  }
};

} // namespace

const DotKernel frac::runtime::dotKernelPortable =
    dotKernel<Portable, PortableDigits>("portable", CpuIsa::Sse41, 0);
