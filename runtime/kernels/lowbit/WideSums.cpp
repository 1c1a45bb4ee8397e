//===- WideSums.cpp - Integer sums beyond 32 bits -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WideSums.h"

#include <algorithm>
#include <cstring>

using namespace frac::runtime;

/// Steps whose sums of any bytes fit 32 bits with sign.
static constexpr int64_t longestSteps = INT32_MAX / (4 * 255 * 128);

/// What the bytes of a plane count, the highest plane first.
static double planeWeight(int64_t plane, int32_t planes) {
  double weight = 1;
  for (int64_t i = plane + 1; i < planes; ++i)
    weight *= 256;
  return weight;
}

WideSums::WideSums(int64_t pixels, int64_t outputs, ScratchLayout &layout)
    : pixels(pixels), outputs(outputs),
      part(layout.add<int32_t>(pixels * outputs)),
      sums(layout.add<double>(pixels * outputs)) {}

void WideSums::clear(std::byte *scratch) const {
  std::fill_n(sums.in(scratch), pixels * outputs, 0.0);
}

void WideSums::add(const DotKernel &kernel, const DotOperands &operands,
                   int32_t planes, double weight, std::byte *scratch) const {
  const int64_t size = operands.rows * operands.pixels * outputs;
  int32_t *target = part.in(scratch);
  double *total = sums.in(scratch);
  for (int64_t step = 0; step < operands.steps; step += longestSteps) {
    DotOperands some = operands;
    some.offsets += step;
    // Parts need not begin where offsets leap.
    some.run = 1;
    some.weights += step * dotStepBytes;
    some.steps = std::min(longestSteps, operands.steps - step);
    std::memset(target, 0, size * sizeof(int32_t));
    kernel.accumulate(some, {target, operands.pixels * outputs, outputs});
    for (int64_t i = 0; i < size; i += dotBlock) {
      const double factor = weight * planeWeight(i / dotBlock % planes, planes);
      for (int64_t o = i; o < i + dotBlock; ++o)
        total[o] += factor * target[o];
    }
  }
}

void WideSums::convert(const DotOperands &operands, int32_t planes,
                       const WideResult &result, std::byte *scratch) const {
  const int64_t padded = outputs / planes;
  for (int64_t row = 0; row < operands.rows; ++row)
    for (int64_t p = 0; p < operands.pixels; ++p) {
      const int64_t pixel = row * operands.pixels + p;
      const double *values = sums.in(scratch) + pixel * outputs;
      const double total = result.totals ? double(result.totals[pixel]) : 0;
      const double *border =
          result.border
              ? result.border +
                    (result.rowClass[row] + result.columnClass[p]) * padded
              : nullptr;
      float *data =
          result.data + row * result.rowStride + p * result.pixelStride;
      for (int64_t o = 0; o < result.outputs; ++o) {
        const int64_t at = o / dotBlock * planes * dotBlock + o % dotBlock;
        double sum = -result.zeros[o] * total;
        for (int32_t plane = 0; plane < planes; ++plane)
          sum += values[at + plane * dotBlock] +
                 planeWeight(plane, planes) *
                     double(result.first[at + plane * dotBlock]);
        double value = result.scales[o] * sum + result.residuals[o] * total;
        if (border)
          value += border[o];
        data[o] = float(value);
      }
    }
}
