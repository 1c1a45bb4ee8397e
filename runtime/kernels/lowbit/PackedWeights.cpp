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

/// The largest integer that weights are brought to: three bytes with signs hold
/// it, and it is known as well as a float is.
static constexpr int32_t largestRescaled = 127 * 65536 + 127 * 256 + 127;

static bool scalesBelongToInputs(const LowbitConvProblem &problem) {
  return problem.conv.product == ConvProduct::InputGrad &&
         problem.second.scaleDim == 0 && problem.conv.shape.out_channels > 1;
}

PackedWeights::PackedWeights(const LowbitConvProblem &problem,
                             const GatherGeometry &geometry,
                             ScratchLayout &layout)
    : isRescaled(scalesBelongToInputs(problem)), geometry(geometry),
      isInputGrad(problem.conv.product == ConvProduct::InputGrad),
      bits(isRescaled ? 24 : problem.second.bits),
      planeCount(isRescaled ? 3 : problem.second.planes()),
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

/// The index in the weights' tensor of the first tap of what the result's
/// channel `output` of a group takes from the group's first input.
int64_t PackedWeights::firstOf(int64_t group, int64_t output) const {
  const int64_t pair =
      isInputGrad ? group * geometry.inputs * geometry.outputs + output
                  : (group * geometry.outputs + output) * geometry.inputs;
  return pair * geometry.kernelTaps;
}

/// The distance in there from one input to the next.
int64_t PackedWeights::inputStride() const {
  return (isInputGrad ? geometry.outputs : 1) * geometry.kernelTaps;
}

/// The nearest integer, to even between two; `value` is small.
static int32_t roundToInteger(double value) {
  // Twice the rounding of a double whose last bit is 1.
  constexpr double shift = 6755399441055744.0;
  return int32_t((value + shift) - shift);
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

/// The largest magnitude of what `count` integers stand for.
template <typename Element>
static double largestMagnitude(const Element *integers, int64_t count,
                               double scale, double zero) {
  const auto [least, most] = std::minmax_element(integers, integers + count);
  return std::max(std::abs(scale * *least + zero),
                  std::abs(scale * *most + zero));
}

/// Sets scales so that the largest weight of each output becomes the largest
/// integer.
void PackedWeights::rescale(const frac_quantized &weights, std::byte *scratch) {
  for (int64_t group = 0; group < geometry.groups; ++group)
    for (int64_t o = 0; o < geometry.outputs; ++o) {
      double largest = 0;
      for (int64_t i = 0; i < geometry.inputs; ++i) {
        const int64_t channel = group * geometry.inputs + i;
        const int64_t first = firstOf(group, o) + i * inputStride();
        const double scale = weights.scale[channel];
        const double zero = weights.zero[channel];
        largest = std::max(
            largest,
            weights.bytes == 1
                ? largestMagnitude(static_cast<const uint8_t *>(weights.data) +
                                       first,
                                   geometry.kernelTaps, scale, zero)
                : largestMagnitude(static_cast<const uint16_t *>(weights.data) +
                                       first,
                                   geometry.kernelTaps, scale, zero));
      }
      scaleArray.in(scratch)[group * paddedOutputs() + o] =
          largest / largestRescaled;
    }
}

/// Packs everything that one channel of the result is the sum of.
template <typename Element>
void PackedWeights::packOutput(const frac_quantized &weights,
                               std::byte *scratch, int64_t group,
                               int64_t output) const {
  const int64_t outputs = geometry.groups * paddedOutputs();
  const int64_t at = group * paddedOutputs() + output;
  const int32_t offset = (1 << (bits - 1)) + (planeCount == 2 ? 128 : 0);
  const double scale = scaleArray.in(scratch)[at];
  const double inverse = isRescaled && scale > 0 ? 1 / scale : 0;
  const Element *integers =
      static_cast<const Element *>(weights.data) + firstOf(group, output);
  for (std::size_t row = 0; row < geometry.rows.phases.size(); ++row)
    for (std::size_t column = 0; column < geometry.columns.phases.size();
         ++column) {
      const int64_t planeStride = blockBytes(row, column);
      int8_t *target = bytes.in(scratch) + group * groupBytes +
                       phasePlaces[row][column] +
                       output / 16 * planeCount * planeStride + output % 16 * 4;
      for (const GatherAxis::Tap &rowTap : geometry.rows.phases[row].taps)
        for (const GatherAxis::Tap &columnTap :
             geometry.columns.phases[column].taps) {
          const int64_t tap =
              rowTap.kernel * geometry.kernelWidth + columnTap.kernel;
          const Element *integer = integers + tap;
          int64_t tapSums[3] = {};
          for (int64_t i = 0; i < geometry.inputs;
               ++i, integer += inputStride()) {
            int8_t *byte = target + i / 4 * 64 + i % 4;
            int32_t value = *integer - offset;
            if (isRescaled) {
              const int64_t channel = group * geometry.inputs + i;
              value =
                  roundToInteger((double(weights.scale[channel]) * *integer +
                                  weights.zero[channel]) *
                                 inverse);
            }
            for (int32_t plane = planeCount - 1; plane >= 0; --plane) {
              const int8_t digit = int8_t(value & 0xff);
              byte[plane * planeStride] = digit;
              tapSums[plane] += digit;
              value = (value - digit) / 256;
            }
          }
          int64_t *sums = sumArray.in(scratch) + tap * outputs + at;
          for (int32_t plane = 0; plane < planeCount; ++plane)
            sums[plane * geometry.kernelTaps * outputs] = tapSums[plane];
          target += quads() * 64;
        }
    }
}

/// Packs some of the outputs of all groups.
void PackedWeights::packAll(const frac_quantized &weights, std::byte *scratch,
                            int64_t begin, int64_t end) const {
  for (int64_t i = begin; i < end; ++i)
    if (weights.bytes == 1)
      packOutput<uint8_t>(weights, scratch, i / geometry.outputs,
                          i % geometry.outputs);
    else
      packOutput<uint16_t>(weights, scratch, i / geometry.outputs,
                           i % geometry.outputs);
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
  if (geometry.outputs % 16 || geometry.inputs % 4)
    std::memset(bytes.in(scratch), 0, geometry.groups * groupBytes);
  // Waking threads takes as long as packing some thousand weights.
  const int64_t ofOutput =
      std::max<int64_t>(geometry.inputs * geometry.kernelTaps, 1);
  parallelRanges(threads, geometry.groups * geometry.outputs,
                 std::max<int64_t>(1, 12288 / ofOutput),
                 [&](int64_t begin, int64_t end) {
                   packAll(weights, scratch, begin, end);
                 });
}
