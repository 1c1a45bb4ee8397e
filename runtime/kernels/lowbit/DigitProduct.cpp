//===- DigitProduct.cpp - Sums with weights of two digits -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/DigitProduct.h"

#include "runtime/kernels/lowbit/WeightBlocks.h"
#include "runtime/kernels/lowbit/WeightDigits.h"

#include <algorithm>
#include <cstring>

using namespace frac::runtime;

/// Planes of bytes that a block of weights has, and of digits.
static constexpr int64_t bytePlanes = 3, digitPlanes = 2;

/// Of digits, whose magnitude is at most `largestDigit` in weights of 24 bits.
static constexpr int32_t digitBase = 4096, largestDigit = digitBase / 2 + 1;

bool DigitProduct::fits(const GatherGeometry &geometry,
                        const PackedWeights &packed, const DotKernel &kernel) {
  return packed.isRescaled && kernel.convertDigits &&
         geometry.kernelTaps * geometry.inputs <
             INT32_MAX / UINT8_MAX / largestDigit;
}

DigitProduct::DigitProduct(const GatherGeometry &geometry,
                           const PackedWeights &packed, const DotKernel &kernel,
                           ScratchLayout &shared)
    : geometry(geometry), packed(packed), kernel(kernel),
      digits(shared.add<int8_t>(packed.size() / bytePlanes * digitPlanes *
                                int64_t(sizeof(int16_t)))) {}

/// Where the digits are of what bytes stand for.
int8_t *DigitProduct::digitsOf(const int8_t *bytes, std::byte *shared) const {
  const int64_t place = bytes - packed.data(shared, 0, 0, 0);
  return digits.in(shared) +
         place / bytePlanes * digitPlanes * int64_t(sizeof(int16_t));
}

void DigitProduct::packBlock(std::byte *shared, int64_t group,
                             int64_t block) const {
  for (std::size_t row = 0; row < geometry.rows.phases.size(); ++row)
    for (std::size_t column = 0; column < geometry.columns.phases.size();
         ++column) {
      const int64_t planeStride = packed.blockBytes(row, column);
      const int8_t *bytes = packed.data(shared, group, row, column) +
                            block * bytePlanes * planeStride;
      int8_t *target = digitsOf(bytes, shared);
      for (int64_t step = 0; step < packed.steps(row, column); ++step) {
        int16_t high[dotStepBytes], low[dotStepBytes];
        for (int64_t i = 0; i < dotStepBytes; ++i) {
          const WeightDigits both = WeightDigits::of(
              bytes + step * dotStepBytes + i, planeStride, digitBase);
          // Channels 0 and 2 of all outputs, then 1 and 3.
          const int64_t at = i % 2 * (dotStepBytes / 2) + i / 4 * 2 + i % 4 / 2;
          high[at] = both.high, low[at] = both.low;
        }
        std::memcpy(target + step * sizeof(high), high, sizeof(high));
        std::memcpy(target + planeStride * int64_t(sizeof(int16_t)) +
                        step * sizeof(low),
                    low, sizeof(low));
      }
    }
}

void DigitProduct::pack(std::byte *shared, int32_t threads) const {
  forEachWeightBlock(
      threads, geometry.groups, packed.paddedOutputs() / dotBlock,
      geometry.kernelTaps * geometry.inputs * dotBlock, 65536,
      [&](int64_t group, int64_t block) { packBlock(shared, group, block); });
}

void DigitProduct::convert(DotOperands operands, int32_t zero, DotResult result,
                           std::byte *shared) const {
  operands.weights = digitsOf(operands.weights, shared);
  operands.blockStride *= int64_t(sizeof(int16_t));
  operands.blocks = operands.blocks / bytePlanes * digitPlanes;
  operands.zero = zero;
  result.planes = digitPlanes;
  result.base = digitBase;
  result.first = nullptr;
  kernel.convertDigits(operands, result);
}
