//===- ChannelWeights.cpp - Weights with a scale for each channel ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/ChannelWeights.h"

#include "runtime/kernels/lowbit/AffineInteger.h"
#include "runtime/kernels/lowbit/DotKernels.h"
#include "runtime/kernels/lowbit/WeightBlocks.h"

#include <algorithm>
#include <cstring>

using namespace frac::runtime;

/// Inputs of a step of bytes, and of numbers of 16 bits.
static constexpr int64_t byteWidth = 4, wordWidth = 2;

/// The taps along an axis by their places, from the least on, or none if there
/// are gaps: numbers of kernel columns.
static std::vector<int64_t> tapsByPlace(const GatherAxis &axis,
                                        int64_t &first) {
  first = 0;
  if (axis.taps.empty())
    return {};
  auto less = [](const GatherAxis::Tap &a, const GatherAxis::Tap &b) {
    return a.offset < b.offset;
  };
  std::vector<GatherAxis::Tap> taps = axis.taps;
  std::sort(taps.begin(), taps.end(), less);
  first = taps.front().offset;
  std::vector<int64_t> kernels;
  for (const GatherAxis::Tap &tap : taps) {
    if (tap.offset != first + int64_t(kernels.size()))
      return {};
    kernels.push_back(tap.kernel);
  }
  return kernels;
}

static int64_t stepsOf(int64_t taps, int64_t width) {
  return (taps + width - 1) / width;
}

int64_t ChannelWeights::byteSteps(int64_t taps) {
  return stepsOf(taps, byteWidth);
}

bool ChannelWeights::fits(const GatherGeometry &geometry) {
  int64_t padded = 0;
  for (const GatherAxis &row : geometry.rows.phases)
    for (const GatherAxis &column : geometry.columns.phases) {
      int64_t first;
      const int64_t taps = int64_t(tapsByPlace(column, first).size());
      if (taps != int64_t(column.taps.size()))
        return false;
      padded += int64_t(row.taps.size()) * byteSteps(taps) * byteWidth;
    }
  // With more, products of whole pixels with weights of three bytes are fewer.
  // A channel's sums fit 32 bits.
  return padded <= 2 * geometry.kernelTaps && geometry.kernelTaps <= 256;
}

ChannelWeights::ChannelWeights(const LowbitConvProblem &problem,
                               const GatherGeometry &geometry,
                               const Formats &formats, ScratchLayout &layout)
    : geometry(geometry), bits(problem.second.bits),
      blockCount((geometry.outputs + 15) / 16), formats(formats) {
  for (const GatherAxis &row : geometry.rows.phases)
    for (const GatherAxis &column : geometry.columns.phases) {
      Phase phase = {&row, &column, 0, {}, 0, 0, 0, 0, 0};
      phase.columnTaps = tapsByPlace(column, phase.firstColumn);
      const int64_t taps = int64_t(phase.columnTaps.size());
      phase.byteSteps = int64_t(row.taps.size()) * byteSteps(taps);
      phase.wordSteps = int64_t(row.taps.size()) * stepsOf(taps, wordWidth);
      phase.bytePlace = groupBytes;
      phase.wordPlace = groupWordBytes;
      phase.sumPlace = groupSums;
      groupBytes += blockCount * blockStride(phase, true);
      groupWordBytes += blockCount * blockStride(phase, false);
      groupSums += sumsOfPhase();
      allPhases.push_back(std::move(phase));
    }
  const int64_t groups = geometry.groups;
  byteArray = layout.add<int8_t>(formats.hasBytes ? groups * groupBytes : 0);
  wordArray =
      layout.add<int8_t>(formats.hasWords ? groups * groupWordBytes : 0);
  scaleArray = layout.add<float>(groups * geometry.inputs);
  byteOffsets = layout.add<float>(groups * geometry.inputs);
  wordOffsets = layout.add<float>(groups * geometry.inputs);
  byteSumArray = layout.add<int32_t>(hasByteSums() ? groups * groupSums : 0);
  tapSumArray =
      layout.add<double>(groups * geometry.kernelTaps * paddedOutputs());
}

/// Packs the weights of one channel and `count` outputs for the taps of a
/// phase, less `offset`, as steps of `Number`. Writes their sums too, by
/// output, if `sums` is not null.
template <typename Number, typename Element>
static void packTaps(const ChannelWeights::Phase &phase,
                     const Element *integers, const GatherGeometry &geometry,
                     int64_t count, int32_t offset, int8_t *target,
                     int32_t *sums) {
  constexpr int64_t size = sizeof(Number), width = byteWidth / size;
  const int64_t columns = int64_t(phase.columnTaps.size());
  const int64_t rowSteps = stepsOf(columns, width);
  std::memset(target, 0,
              phase.row->taps.size() * rowSteps * uint64_t(dotStepBytes));
  if (sums)
    std::fill_n(sums, dotBlock, 0);
  for (const GatherAxis::Tap &row : phase.row->taps) {
    for (int64_t i = 0; i < columns; ++i) {
      const Element *ofTap =
          integers + row.kernel * geometry.kernelWidth + phase.columnTaps[i];
      int8_t *place = target + i / width * dotStepBytes + i % width * size;
      for (int64_t o = 0; o < count; ++o, place += byteWidth) {
        const int32_t difference = ofTap[o * geometry.kernelTaps] - offset;
        const Number number = Number(difference);
        std::memcpy(place, &number, size);
        if (sums)
          sums[o] += difference;
      }
    }
    target += rowSteps * dotStepBytes;
  }
}

/// Packs a block of outputs of all channels of a group.
template <typename Element>
void ChannelWeights::packChannels(const frac_quantized &weights,
                                  std::byte *scratch, int64_t group,
                                  int64_t block) const {
  const int64_t inputs = geometry.inputs, taps = geometry.kernelTaps;
  const int64_t begin = block * dotBlock;
  const int64_t count = std::min(dotBlock, geometry.outputs - begin);
  double *sums = tapSumArray.in(scratch) + group * taps * paddedOutputs();
  for (int64_t tap = 0; tap < taps; ++tap)
    std::fill_n(sums + tap * paddedOutputs() + begin, dotBlock, 0.0);
  for (int64_t c = 0; c < inputs; ++c) {
    const int64_t channel = group * inputs + c;
    const AffineInteger affine = AffineInteger::of(weights, channel, bits);
    const Element *integers = static_cast<const Element *>(weights.data) +
                              (channel * geometry.outputs + begin) * taps;
    for (int64_t o = 0; o < count; ++o)
      for (int64_t tap = 0; tap < taps; ++tap)
        sums[tap * paddedOutputs() + begin + o] +=
            affine.scale * (integers[o * taps + tap] - affine.zero) +
            affine.residual;
    for (const Phase &phase : allPhases) {
      if (formats.hasBytes)
        packTaps<int8_t>(
            phase, integers, geometry, count, byteOffset(),
            byteArray.in(scratch) + group * groupBytes + phase.bytePlace +
                block * blockStride(phase, true) +
                c * phase.byteSteps * dotStepBytes,
            hasByteSums() ? byteSumArray.in(scratch) + group * groupSums +
                                phase.sumPlace + (block * inputs + c) * dotBlock
                          : nullptr);
      if (formats.hasWords)
        packTaps<int16_t>(phase, integers, geometry, count, affine.zero,
                          wordArray.in(scratch) + group * groupWordBytes +
                              phase.wordPlace +
                              block * blockStride(phase, false) +
                              c * phase.wordSteps * dotStepBytes,
                          nullptr);
    }
  }
}

void ChannelWeights::pack(const frac_quantized &weights, std::byte *scratch,
                          int32_t threads) const {
  for (int64_t c = 0; c < geometry.groups * geometry.inputs; ++c) {
    const AffineInteger affine = AffineInteger::of(weights, c, bits);
    scaleArray.in(scratch)[c] = float(affine.scale);
    wordOffsets.in(scratch)[c] = float(affine.residual);
    byteOffsets.in(scratch)[c] =
        float(affine.residual + affine.scale * (byteOffset() - affine.zero));
  }
  forEachWeightBlock(threads, geometry.groups, blockCount,
                     geometry.inputs * geometry.kernelTaps * dotBlock, 12288,
                     [&](int64_t group, int64_t block) {
                       if (weights.bytes == 1)
                         packChannels<uint8_t>(weights, scratch, group, block);
                       else
                         packChannels<uint16_t>(weights, scratch, group, block);
                     });
}
