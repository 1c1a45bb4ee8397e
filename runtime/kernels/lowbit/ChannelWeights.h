//===- ChannelWeights.h - Weights with a scale for each channel -----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_CHANNELWEIGHTS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_CHANNELWEIGHTS_H

#include "runtime/kernels/ScratchLayout.h"
#include "runtime/kernels/lowbit/GatherGeometry.h"
#include "runtime/kernels/lowbit/LowbitProblem.h"

#include <cstdint>
#include <vector>

namespace frac::runtime {

/// How the weights of a gradient by the input lie in scratch memory for the
/// loops of ChannelKernels.h, and how they get there. The sums run over
/// channels c whose weights stand for scales[c] (w - zero) + residual.
///
/// Bytes hold w, or w less half of the largest number if they have a sign,
/// numbers of 16 bits w - zero.
/// Outputs are padded to whole blocks, group after group; what pads is 0.
class ChannelWeights {
public:
  /// One phase of the result.
  struct Phase {
    const GatherAxis *row;
    const GatherAxis *column;
    /// Of the taps' first row and column, and the taps of a row by their place.
    int64_t firstColumn;
    std::vector<int64_t> columnTaps;
    /// Steps of bytes and of numbers of 16 bits.
    int64_t byteSteps, wordSteps;
    /// Places in a group's packed weights and sums.
    int64_t bytePlace, wordPlace, sumPlace;
  };

  /// Steps of bytes that some taps of a row take.
  static int64_t byteSteps(int64_t taps);

  /// Whether the taps of each row lie side by side, and few enough steps hold
  /// them for these loops to pay.
  static bool fits(const GatherGeometry &geometry);

  /// What is packed.
  struct Formats {
    bool hasBytes, hasWords;
    /// Whether the bytes have a sign.
    bool areSigned;
  };

  /// Takes places in `layout`; the geometry outlives this.
  ChannelWeights(const LowbitConvProblem &problem,
                 const GatherGeometry &geometry, const Formats &formats,
                 ScratchLayout &layout);

  /// Packs the weights.
  void pack(const frac_quantized &weights, std::byte *scratch,
            int32_t threads) const;

  const std::vector<Phase> &phases() const { return allPhases; }
  int64_t blocks() const { return blockCount; }
  int64_t paddedOutputs() const { return blockCount * 16; }

  const int8_t *bytes(std::byte *scratch, const Phase &phase,
                      int64_t group) const {
    return byteArray.in(scratch) + group * groupBytes + phase.bytePlace;
  }
  const int8_t *words(std::byte *scratch, const Phase &phase,
                      int64_t group) const {
    return wordArray.in(scratch) + group * groupWordBytes + phase.wordPlace;
  }
  /// Bytes between the blocks of a phase.
  int64_t blockStride(const Phase &phase, bool ofBytes) const {
    return geometry.inputs * (ofBytes ? phase.byteSteps : phase.wordSteps) * 64;
  }

  /// By channel of a group.
  const float *scales(std::byte *scratch, int64_t group) const {
    return scaleArray.in(scratch) + group * geometry.inputs;
  }

  /// What one counts for in the weights of a channel beside the packed numbers.
  const float *offsets(std::byte *scratch, int64_t group, bool ofBytes) const {
    return (ofBytes ? byteOffsets : wordOffsets).in(scratch) +
           group * geometry.inputs;
  }

  /// Whether there are sums of the packed bytes: if these have a sign.
  bool hasByteSums() const { return formats.hasBytes && formats.areSigned; }
  /// Sums of the packed bytes over a phase's taps: (block, channel, output).
  const int32_t *byteSums(std::byte *scratch, const Phase &phase,
                          int64_t group) const {
    return byteSumArray.in(scratch) + group * groupSums + phase.sumPlace;
  }
  int64_t sumsOfPhase() const { return paddedOutputs() * geometry.inputs; }

  /// Sums over channels of what the weights of a tap stand for, by output.
  const double *tapSums(std::byte *scratch, int64_t group, int64_t tap) const {
    return tapSumArray.in(scratch) +
           (group * geometry.kernelTaps + tap) * paddedOutputs();
  }

private:
  template <typename Element>
  void packChannels(const frac_quantized &weights, std::byte *scratch,
                    int64_t group, int64_t block) const;

  /// What is taken off weights in bytes.
  int32_t byteOffset() const { return formats.areSigned ? 1 << (bits - 1) : 0; }

  const GatherGeometry &geometry;
  const int32_t bits;
  const int64_t blockCount;
  std::vector<Phase> allPhases;
  int64_t groupBytes = 0, groupWordBytes = 0, groupSums = 0;
  const Formats formats;
  ScratchArray<int8_t> byteArray, wordArray;
  ScratchArray<float> scaleArray, byteOffsets, wordOffsets;
  ScratchArray<int32_t> byteSumArray;
  ScratchArray<double> tapSumArray;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_CHANNELWEIGHTS_H
