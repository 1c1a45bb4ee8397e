//===- PackedWeights.cpp - Weights in the order that inner loops read -----===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/PackedWeights.h"

#include "runtime/core/Threads.h"
#include "runtime/kernels/lowbit/AffineInteger.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace frac::runtime;

/// The largest integer that weights are brought to: both of its bytes, as
/// 256 high + low with signs, fit.
static constexpr int32_t largestRescaled = 127 * 256 + 127;

static bool scalesBelongToInputs(const LowbitConvProblem &problem) {
  return problem.conv.product == ConvProduct::InputGrad &&
         problem.second.scaleDim == 0 && problem.conv.shape.out_channels > 1;
}

PackedWeights::PackedWeights(const LowbitConvProblem &problem,
                             const GatherGeometry &geometry,
                             ScratchLayout &layout)
    : isRescaled(scalesBelongToInputs(problem)), geometry(geometry),
      isInputGrad(problem.conv.product == ConvProduct::InputGrad),
      bits(isRescaled ? 16 : problem.second.bits),
      planeCount(isRescaled ? 2 : problem.second.planes()),
      blocks((geometry.outputs + 15) / 16) {
  for (std::size_t row = 0; row < geometry.rows.phases.size(); ++row) {
    phasePlaces.emplace_back();
    for (std::size_t column = 0; column < geometry.columns.phases.size();
         ++column) {
      phasePlaces.back().push_back(groupBytes);
      groupBytes += blocks * planeCount * blockBytes(row, column);
    }
  }
  const int64_t outputs = geometry.groups * paddedOutputs();
  bytes = layout.add<int8_t>(geometry.groups * groupBytes);
  scaleArray = layout.add<double>(outputs);
  residualArray = layout.add<double>(outputs);
  zeroArray = layout.add<int32_t>(outputs);
  sumArray = layout.add<int64_t>(planeCount * geometry.kernelTaps * outputs);
}

const int8_t *PackedWeights::data(std::byte *scratch, int64_t group,
                                  std::size_t rowPhase,
                                  std::size_t columnPhase) const {
  return bytes.in(scratch) + group * groupBytes +
         phasePlaces[rowPhase][columnPhase];
}

/// The index in the weights' tensor of what the result's channel `output` of a
/// group takes from channel `input`.
int64_t PackedWeights::place(int64_t output, int64_t input, int64_t tap,
                             int64_t group) const {
  if (isInputGrad)
    return ((group * geometry.inputs + input) * geometry.outputs + output) *
               geometry.kernelTaps +
           tap;
  return ((group * geometry.outputs + output) * geometry.inputs + input) *
             geometry.kernelTaps +
         tap;
}

/// Element `i` of a tensor.
static int32_t elementOf(const frac_quantized &tensor, int64_t i) {
  return tensor.bytes == 1 ? static_cast<const uint8_t *>(tensor.data)[i]
                           : static_cast<const uint16_t *>(tensor.data)[i];
}

/// Fills the arrays by output from the tensor's own scales.
void PackedWeights::describe(const frac_quantized &weights,
                             std::byte *scratch) {
  const int32_t center = 1 << (bits - 1);
  for (int64_t group = 0; group < geometry.groups; ++group)
    for (int64_t o = 0; o < geometry.outputs; ++o) {
      const AffineInteger affine = AffineInteger::of(
          weights, isInputGrad ? 0 : group * geometry.outputs + o, bits);
      const int64_t at = group * paddedOutputs() + o;
      scaleArray.in(scratch)[at] = affine.scale;
      residualArray.in(scratch)[at] = affine.residual;
      zeroArray.in(scratch)[at] = affine.zero - center;
      // Two planes hold 128 less than the centered integer.
      if (planeCount == 2)
        zeroArray.in(scratch)[at] -= 128;
      anyOffset |= zeroArray.in(scratch)[at] != 0 || affine.residual != 0;
    }
}

/// Fills the arrays by output so that the largest weight of each becomes the
/// largest integer.
void PackedWeights::rescale(const frac_quantized &weights, std::byte *scratch) {
  for (int64_t group = 0; group < geometry.groups; ++group)
    for (int64_t o = 0; o < geometry.outputs; ++o) {
      double largest = 0;
      for (int64_t i = 0; i < geometry.inputs; ++i) {
        const int64_t channel = group * geometry.inputs + i;
        const double scale = weights.scale[channel];
        const double zero = weights.zero[channel];
        for (int64_t tap = 0; tap < geometry.kernelTaps; ++tap)
          largest = std::max(
              largest,
              std::abs(scale * elementOf(weights, place(o, i, tap, group)) +
                       zero));
      }
      scaleArray.in(scratch)[group * paddedOutputs() + o] =
          largest / largestRescaled;
    }
}

/// Packs everything that one channel of the result is the sum of.
void PackedWeights::packOutput(const frac_quantized &weights,
                               std::byte *scratch, int64_t group,
                               int64_t output) const {
  const int64_t outputs = geometry.groups * paddedOutputs();
  const int64_t at = group * paddedOutputs() + output;
  const int32_t center = 1 << (bits - 1);
  const double inverse = isRescaled && scaleArray.in(scratch)[at] > 0
                             ? 1 / scaleArray.in(scratch)[at]
                             : 0;
  for (std::size_t row = 0; row < geometry.rows.phases.size(); ++row)
    for (std::size_t column = 0; column < geometry.columns.phases.size();
         ++column) {
      const int64_t stride = blockBytes(row, column);
      int8_t *target = bytes.in(scratch) + group * groupBytes +
                       phasePlaces[row][column] +
                       output / 16 * planeCount * stride + output % 16 * 4;
      for (const GatherAxis::Tap &rowTap : geometry.rows.phases[row].taps)
        for (const GatherAxis::Tap &columnTap :
             geometry.columns.phases[column].taps) {
          const int64_t tap =
              rowTap.kernel * geometry.kernelWidth + columnTap.kernel;
          int64_t highSum = 0, lowSum = 0;
          for (int64_t i = 0; i < geometry.inputs; ++i) {
            const int32_t q = elementOf(weights, place(output, i, tap, group));
            int8_t *byte = target + i / 4 * 64 + i % 4;
            if (planeCount == 1) {
              *byte = int8_t(q - center);
              lowSum += *byte;
              continue;
            }
            int32_t value = q - center - 128;
            if (isRescaled) {
              const int64_t channel = group * geometry.inputs + i;
              value = int32_t(std::nearbyint(
                  (double(weights.scale[channel]) * q + weights.zero[channel]) *
                  inverse));
            }
            const int8_t low = int8_t(value & 0xff);
            byte[stride] = low;
            *byte = int8_t((value - low) / 256);
            lowSum += low;
            highSum += *byte;
          }
          int64_t *sums = sumArray.in(scratch) + tap * outputs + at;
          if (planeCount == 2) {
            sums[0] = highSum;
            sums[geometry.kernelTaps * outputs] = lowSum;
          } else {
            sums[0] = lowSum;
          }
          target += quads() * 64;
        }
    }
}

void PackedWeights::pack(const frac_quantized &weights, std::byte *scratch,
                         int32_t threads) {
  const int64_t outputs = geometry.groups * paddedOutputs();
  std::memset(scaleArray.in(scratch), 0, outputs * sizeof(double));
  std::memset(residualArray.in(scratch), 0, outputs * sizeof(double));
  std::memset(zeroArray.in(scratch), 0, outputs * sizeof(int32_t));
  std::memset(sumArray.in(scratch), 0,
              planeCount * geometry.kernelTaps * outputs * sizeof(int64_t));
  anyOffset = false;
  if (isRescaled)
    rescale(weights, scratch);
  else
    describe(weights, scratch);
  const int64_t ofOutput = geometry.inputs * geometry.kernelTaps;
  const int64_t grain =
      std::max<int64_t>(1, 8192 / std::max<int64_t>(ofOutput, 1));
  if (geometry.outputs % 16 || geometry.inputs % 4)
    std::memset(bytes.in(scratch), 0, geometry.groups * groupBytes);
  parallelRanges(threads, geometry.groups * geometry.outputs, grain,
                 [&](int64_t begin, int64_t end) {
                   for (int64_t i = begin; i < end; ++i)
                     packOutput(weights, scratch, i / geometry.outputs,
                                i % geometry.outputs);
                 });
}
