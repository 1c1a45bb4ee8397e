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

/// Sums modulo 2^32.
typedef uint32_t Remainders __attribute__((vector_size(64)));

struct PortablePairs {
  static constexpr int rows = 1;

  template <int count>
  static void run(const WinogradProducts &operands, const int16_t *inputs,
                  Sums (&sums)[count]) {
    Remainders total = Remainders(sums[0]);
    for (int64_t pair = 0; pair < operands.pairs; ++pair) {
      // The low half of each number is the first of the pair.
      const Sums both = Sums(loadVector<PairWords>(
          operands.weights + pair * operands.weightStride));
      const int16_t *two = inputs + pair * operands.pairStride;
      total += Remainders(int32_t(two[0]) * (both << 16 >> 16)) +
               Remainders(int32_t(two[1]) * (both >> 16));
    }
    sums[0] = Sums(total);
  }
};

} // namespace

const WinogradKernel frac::runtime::winogradKernelPortable =
    winogradKernel<PortablePairs>("portable", CpuIsa::Sse41);
