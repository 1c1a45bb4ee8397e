//===- WinogradKernelPortable.cpp - Minimal filtering anywhere ------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WinogradKernels.inc"

namespace {

/// 16 pairs of numbers.
typedef int16_t PairWords __attribute__((vector_size(64)));

struct PortablePairs {
  static constexpr int tiles = 1;

  template <int count>
  static void run(const int16_t *inputs, int64_t, const int16_t *weights,
                  int64_t pairs, Sums (&sums)[count]) {
    Sums sum = {};
    for (int64_t pair = 0; pair < pairs; ++pair) {
      // The low half of each number is the first channel's weight.
      const Sums both =
          Sums(loadVector<PairWords>(weights + pair * 2 * dotBlock));
      sum += int32_t(inputs[2 * pair]) * (both << 16 >> 16) +
             int32_t(inputs[2 * pair + 1]) * (both >> 16);
    }
    sums[0] = sum;
  }
};

} // namespace

const WinogradKernel frac::runtime::winogradKernelPortable =
    winogradKernel<PortablePairs>("portable", CpuIsa::Sse41);
