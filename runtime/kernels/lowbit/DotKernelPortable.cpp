//===- DotKernelPortable.cpp - Inner loops for any processor --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/DotKernels.inc"

namespace {

/// Where a step has the weight for channel `c` of output `o`.
constexpr int64_t placeOf(int8_t, int o, int c) { return 4 * o + c; }
constexpr int64_t placeOf(int16_t, int o, int c) {
  return c % 2 * 2 * dotBlock + 2 * o + c / 2;
}

/// `Weight` is a byte or a digit.
template <typename Weight>
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
        int32_t q[4];
        for (int c = 0; c < 4; ++c)
          q[c] = quad[c] - operands.zero;
        for (int b = 0; b < blocks; ++b) {
          Weight step[4 * dotBlock];
          __builtin_memcpy(step,
                           weights + b * operands.blockStride +
                               s * int64_t(sizeof(step)),
                           sizeof(step));
          for (int o = 0; o < dotBlock; ++o)
            for (int c = 0; c < 4; ++c)
              totals[p][b][o] += q[c] * step[placeOf(Weight(), o, c)];
        }
      }
    __builtin_memcpy(sums, totals, sizeof(totals));
  }
};

} // namespace

const DotKernel frac::runtime::dotKernelPortable =
    dotKernel<Portable<int8_t>, Portable<int16_t>>("portable", CpuIsa::Sse41,
                                                   0);
