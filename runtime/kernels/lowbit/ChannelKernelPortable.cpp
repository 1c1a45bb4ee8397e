//===- ChannelKernelPortable.cpp - Loops with scales, any processor -------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/ChannelKernels.inc"

namespace {

/// Steps of `width` numbers each.
template <typename Input, typename Weight, int width>
struct PortableSteps {
  using Element = Input;
  static constexpr int pixels = 2;

  template <int pixels, int steps>
  [[gnu::always_inline]] static void
  run(const Element *inputs, const ChannelOperands &operands,
      const int8_t *weights, const int32_t *first, Sums (&sums)[pixels]) {
    for (int p = 0; p < pixels; ++p) {
      int32_t totals[dotBlock] = {};
      if (first)
        __builtin_memcpy(totals, first, sizeof(totals));
      for (int64_t s = 0; s < operands.steps; ++s) {
        const Element *input = inputs + operands.offsets[s] + p;
        Weight step[dotBlock * width];
        __builtin_memcpy(step, weights + s * dotStepBytes, sizeof(step));
        for (int o = 0; o < dotBlock; ++o)
          for (int j = 0; j < width; ++j)
            totals[o] += input[j] * step[o * width + j];
      }
      __builtin_memcpy(&sums[p], totals, sizeof(totals));
    }
  }
};

} // namespace

const ChannelKernel frac::runtime::channelKernelPortable = {
    "portable",
    CpuIsa::Sse41,
    channelLoops<PortableSteps<uint8_t, int8_t, 4>, 3>,
    channelLoops<PortableSteps<int8_t, uint8_t, 4>, 3>,
    channelLoops<PortableSteps<int16_t, int16_t, 2>, 6>,
    addTaps<float>};
