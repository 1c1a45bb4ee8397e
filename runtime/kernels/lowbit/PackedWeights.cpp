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
#include "runtime/kernels/lowbit/DotKernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

using namespace frac::runtime;

bool PackedWeights::rescales(const LowbitConvProblem &problem) {
  return problem.conv.product == ConvProduct::InputGrad &&
         problem.second.scaleDim == 0 && problem.conv.shape.out_channels > 1;
}

PackedWeights::PackedWeights(const LowbitConvProblem &problem,
                             const GatherGeometry &geometry,
                             ScratchLayout &layout, int32_t largestRescaled)
    : isRescaled(rescales(problem)), geometry(geometry),
      isInputGrad(problem.conv.product == ConvProduct::InputGrad),
      bits(isRescaled ? 24 : problem.second.bits),
      largestRescaled(largestRescaled),
      planeCount(isRescaled ? 3 : problem.second.planes()),
      blocks((geometry.outputs + 15) / 16),
      tapPlaces(geometry.kernelTaps, {-1, 0}) {
  for (std::size_t row = 0; row < geometry.rows.phases.size(); ++row) {
    phasePlaces.emplace_back();
    for (std::size_t column = 0; column < geometry.columns.phases.size();
         ++column) {
      phasePlaces.back().push_back(groupBytes);
      int64_t place = groupBytes;
      for (const GatherAxis::Tap &rowTap : geometry.rows.phases[row].taps)
        for (const GatherAxis::Tap &columnTap :
             geometry.columns.phases[column].taps) {
          tapPlaces[rowTap.kernel * geometry.kernelWidth + columnTap.kernel] = {
              place, blockBytes(row, column)};
          place += quads() * dotStepBytes;
        }
      groupBytes += blocks * planeCount * blockBytes(row, column);
    }
  }
  for (const TapPlace &place : tapPlaces)
    hasAllTaps &= place.first >= 0;
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
  // std::minmax_element takes branches, of which few are foreseen.
  Element least = integers[0], most = integers[0];
  for (int64_t i = 1; i < count; ++i) {
    least = std::min(least, integers[i]);
    most = std::max(most, integers[i]);
  }
  return std::max(std::abs(scale * least + zero),
                  std::abs(scale * most + zero));
}

/// Sets the scale so that the largest weight of an output becomes
/// `largestRescaled`.
template <typename Element>
void PackedWeights::rescale(const frac_quantized &weights, std::byte *scratch,
                            int64_t group, int64_t output) const {
  const Element *integers =
      static_cast<const Element *>(weights.data) + firstOf(group, output);
  double largest = 0;
  for (int64_t i = 0; i < geometry.inputs; ++i) {
    const int64_t channel = group * geometry.inputs + i;
    largest = std::max(largest, largestMagnitude(integers + i * inputStride(),
                                                 geometry.kernelTaps,
                                                 weights.scale[channel],
                                                 weights.zero[channel]));
  }
  scaleArray.in(scratch)[group * paddedOutputs() + output] =
      largest / largestRescaled;
}

/// Writes a plane of the weights of one tap and output, less `offset`, and
/// returns their sum. Inputs are `stride` elements apart in `integers`, fours
/// of them a step in `target`.
template <typename Element>
static int64_t packPlane(const Element *integers, int64_t stride, int64_t count,
                         int32_t offset, int8_t *target) {
  int64_t sum = 0, i = 0;
  for (; i + 4 <= count; i += 4, integers += 4 * stride) {
    const int32_t four[4] = {integers[0], integers[stride],
                             integers[2 * stride], integers[3 * stride]};
    uint32_t quad = 0;
    for (int j = 0; j < 4; ++j)
      quad |= uint32_t(uint8_t(four[j] - offset)) << 8 * j;
    std::memcpy(target + i * dotBlock, &quad, sizeof(quad));
    sum += four[0] + four[1] + four[2] + four[3];
  }
  for (; i < count; ++i, integers += stride) {
    target[i / 4 * dotStepBytes + i % 4] = int8_t(*integers - offset);
    sum += *integers;
  }
  return sum - count * offset;
}

/// Taps that `packTaps` takes at once.
static constexpr int64_t tapsAtOnce = 8;

#if defined(__SSE2__)

/// Does the same for eight neighbouring taps, whose weights go to `targets`,
/// and of inputs in fours.
static void packTaps(const uint8_t *integers, int64_t stride, int64_t count,
                     int32_t offset, int8_t *const (&targets)[tapsAtOnce],
                     int64_t (&sums)[tapsAtOnce]) {
  const __m128i none = _mm_setzero_si128();
  const __m128i offsets = _mm_set1_epi8(char(offset));
  auto load = [&](int64_t input) {
    return _mm_loadl_epi64(
        reinterpret_cast<const __m128i *>(integers + input * stride));
  };
  // 16 bits hold the sums of 256 bytes.
  constexpr int64_t few = 256;
  for (int64_t i = 0; i < count;) {
    __m128i some = none;
    for (const int64_t end = std::min(count, i + few); i < end; i += 4) {
      const __m128i w[4] = {load(i), load(i + 1), load(i + 2), load(i + 3)};
      for (const __m128i &bytes : w)
        some = _mm_add_epi16(some, _mm_unpacklo_epi8(bytes, none));
      const __m128i first = _mm_unpacklo_epi8(w[0], w[1]);
      const __m128i second = _mm_unpacklo_epi8(w[2], w[3]);
      int32_t quads[tapsAtOnce];
      for (int64_t half = 0; half < 2; ++half) {
        const __m128i four = half ? _mm_unpackhi_epi16(first, second)
                                  : _mm_unpacklo_epi16(first, second);
        _mm_storeu_si128(reinterpret_cast<__m128i *>(quads + 4 * half),
                         _mm_sub_epi8(four, offsets));
      }
      for (int64_t tap = 0; tap < tapsAtOnce; ++tap)
        std::memcpy(targets[tap] + i * dotBlock, &quads[tap], 4);
    }
    uint16_t ofTaps[tapsAtOnce];
    _mm_storeu_si128(reinterpret_cast<__m128i *>(ofTaps), some);
    for (int64_t tap = 0; tap < tapsAtOnce; ++tap)
      sums[tap] += ofTaps[tap];
  }
  for (int64_t &sum : sums)
    sum -= count * offset;
}

#endif

/// The sums of up to three planes.
using PlaneSums = std::array<int64_t, 3>;

/// The same for `planes` planes, `planeStride` bytes apart, of what `integerOf`
/// makes of each input's number and integer. Returns the planes' sums.
template <int planes, typename Element, typename IntegerOf>
static PlaneSums packPlanes(const Element *integers, int64_t stride,
                            int64_t count, const IntegerOf &integerOf,
                            int8_t *target, int64_t planeStride) {
  PlaneSums sums = {};
  for (int64_t i = 0; i < count; ++i, integers += stride) {
    int32_t value = integerOf(i, *integers);
    int8_t *byte = target + i / 4 * dotStepBytes + i % 4;
    for (int plane = planes - 1; plane >= 0; --plane) {
      const int8_t digit = int8_t(value & 0xff);
      byte[plane * planeStride] = digit;
      sums[plane] += digit;
      value = (value - digit) / 256;
    }
  }
  return sums;
}

/// Packs everything that one channel of the result is the sum of.
template <typename Element>
void PackedWeights::packOutput(const frac_quantized &weights,
                               std::byte *scratch, int64_t group,
                               int64_t output) const {
  if (isRescaled)
    rescale<Element>(weights, scratch, group, output);
  const int64_t inputs = geometry.inputs, stride = inputStride();
  const int64_t outputs = geometry.groups * paddedOutputs();
  const int64_t at = group * paddedOutputs() + output;
  const int32_t offset = (1 << (bits - 1)) + (planeCount == 2 ? 128 : 0);
  const double scale = scaleArray.in(scratch)[at];
  const double inverse = scale > 0 ? 1 / scale : 0;
  const float *ownScales = weights.scale + group * inputs;
  const float *ownZeros = weights.zero + group * inputs;
  const Element *integers =
      static_cast<const Element *>(weights.data) + firstOf(group, output);

  // Packs one tap and returns the sums of its planes.
  auto packTap = [&](int64_t tap, int8_t *target,
                     int64_t planeStride) -> PlaneSums {
    const Element *ofTap = integers + tap;
    if (planeCount == 1)
      return {packPlane(ofTap, stride, inputs, offset, target), 0, 0};
    if (!isRescaled)
      return packPlanes<2>(
          ofTap, stride, inputs, [=](int64_t, int32_t q) { return q - offset; },
          target, planeStride);
    return packPlanes<3>(
        ofTap, stride, inputs,
        [=](int64_t i, int32_t q) {
          return roundToInteger((double(ownScales[i]) * q + ownZeros[i]) *
                                inverse);
        },
        target, planeStride);
  };

  int8_t *const ofGroup = bytes.in(scratch) + group * groupBytes;
  const int64_t block = output / dotBlock, lane = output % dotBlock * 4;
  auto targetOf = [&](const TapPlace &place) {
    return ofGroup + place.first + block * planeCount * place.planeStride +
           lane;
  };
  int64_t tap = 0;
#if defined(__SSE2__)
  if constexpr (sizeof(Element) == 1)
    if (planeCount == 1 && inputs % 4 == 0 && hasAllTaps)
      for (; tap + tapsAtOnce <= geometry.kernelTaps; tap += tapsAtOnce) {
        int8_t *targets[tapsAtOnce];
        for (int64_t i = 0; i < tapsAtOnce; ++i)
          targets[i] = targetOf(tapPlaces[tap + i]);
        int64_t tapSums[tapsAtOnce] = {};
        packTaps(integers + tap, stride, inputs, offset, targets, tapSums);
        for (int64_t i = 0; i < tapsAtOnce; ++i)
          sumArray.in(scratch)[(tap + i) * outputs + at] = tapSums[i];
      }
#endif
  for (; tap < geometry.kernelTaps; ++tap) {
    const TapPlace &place = tapPlaces[tap];
    if (place.first < 0)
      continue;
    const PlaneSums tapSums = packTap(tap, targetOf(place), place.planeStride);
    int64_t *sums = sumArray.in(scratch) + tap * outputs + at;
    for (int32_t plane = 0; plane < planeCount; ++plane)
      sums[plane * geometry.kernelTaps * outputs] = tapSums[plane];
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
  if (!isRescaled)
    describe(weights, scratch);
  if (geometry.outputs % 16 || geometry.inputs % 4)
    std::memset(bytes.in(scratch), 0, geometry.groups * groupBytes);
  // Waking threads takes as long as rescaling some thousand weights, and
  // getting at what another one has packed as long as packing it.
  const int64_t least = isRescaled ? 12288 : 65536;
  const int64_t ofOutput =
      std::max<int64_t>(geometry.inputs * geometry.kernelTaps, 1);
  parallelRanges(threads, geometry.groups * geometry.outputs,
                 std::max<int64_t>(1, least / ofOutput),
                 [&](int64_t begin, int64_t end) {
                   packAll(weights, scratch, begin, end);
                 });
}
