//===- PackedWeights.h - Weights in the order that inner loops read -------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_PACKEDWEIGHTS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_PACKEDWEIGHTS_H

#include "runtime/kernels/ScratchLayout.h"
#include "runtime/kernels/lowbit/GatherGeometry.h"
#include "runtime/kernels/lowbit/LowbitProblem.h"

#include <cstdint>
#include <vector>

namespace frac::runtime {

/// How the weights of a gathered product lie in scratch memory, and how they
/// get there. Everything by output is padded to whole blocks, group after
/// group.
///
/// A weight w of the result's channel o stands for
/// scales[o] (w - zeros[o]) + residuals[o], with w between -2^(bits-1) and
/// 2^(bits-1). Planes of bytes with sign, in neighbouring blocks, hold it in
/// base 256, the highest first.
class PackedWeights {
public:
  /// Whether scales belong to the other side of the product: to the output
  /// channels in an input gradient.
  static bool rescales(const LowbitConvProblem &problem);

  /// The largest integer that rescaled weights can be brought to: three bytes
  /// with signs hold it, and it is known as well as a float is.
  static constexpr int32_t mostRescaled = 127 * 65536 + 127 * 256 + 127;

  /// Takes places in `layout` for the weights of `problem`, whose geometry
  /// outlives this. If they are rescaled, the largest of each result's channel
  /// becomes `largestRescaled`.
  PackedWeights(const LowbitConvProblem &problem,
                const GatherGeometry &geometry, ScratchLayout &layout,
                int32_t largestRescaled = mostRescaled);

  /// Packs the weights. Scales of the other side go into the integers.
  void pack(const frac_quantized &weights, std::byte *scratch, int32_t threads);

  int32_t planes() const { return planeCount; }
  /// The largest magnitude of one plane's byte.
  int32_t largestByte() const { return planeCount > 1 ? 128 : 1 << (bits - 1); }
  /// The largest magnitude of w - zero.
  int64_t largest() const { return (int64_t(1) << bits) - 1; }
  int64_t paddedOutputs() const { return blocks * 16; }
  int64_t quads() const { return (geometry.inputs + 3) / 4; }

  /// Number of steps of a phase.
  int64_t steps(std::size_t rowPhase, std::size_t columnPhase) const {
    return int64_t(geometry.rows.phases[rowPhase].taps.size() *
                   geometry.columns.phases[columnPhase].taps.size()) *
           quads();
  }

  /// Bytes of all groups, phases, blocks and planes.
  int64_t size() const { return geometry.groups * groupBytes; }

  /// Bytes between blocks of a phase; the planes' blocks alternate.
  int64_t blockBytes(std::size_t rowPhase, std::size_t columnPhase) const {
    return steps(rowPhase, columnPhase) * 64;
  }

  /// The first block of a group and phase.
  const int8_t *data(std::byte *scratch, int64_t group, std::size_t rowPhase,
                     std::size_t columnPhase) const;

  /// Numbers by output, after `pack`.
  const double *scales(std::byte *scratch) const {
    return scaleArray.in(scratch);
  }
  const double *residuals(std::byte *scratch) const {
    return residualArray.in(scratch);
  }
  const int32_t *zeros(std::byte *scratch) const {
    return zeroArray.in(scratch);
  }

  /// Sums over the inputs of a group: (plane, kernel tap, output).
  const int64_t *sums(std::byte *scratch, int32_t plane, int64_t tap) const {
    return sumArray.in(scratch) + (plane * geometry.kernelTaps + tap) *
                                      geometry.groups * paddedOutputs();
  }

  /// Whether some zero or residual is not 0, after `pack`.
  bool hasOffsets() const { return anyOffset; }

  /// What `rescales` says of the problem.
  const bool isRescaled;

private:
  void describe(const frac_quantized &weights, std::byte *scratch);
  template <typename Element>
  void rescale(const frac_quantized &weights, std::byte *scratch, int64_t group,
               int64_t output) const;
  template <typename Element>
  void packOutput(const frac_quantized &weights, std::byte *scratch,
                  int64_t group, int64_t output) const;
  void packAll(const frac_quantized &weights, std::byte *scratch, int64_t begin,
               int64_t end) const;
  int64_t firstOf(int64_t group, int64_t output) const;
  int64_t inputStride() const;

  const GatherGeometry &geometry;
  const bool isInputGrad;
  const int32_t bits, largestRescaled;
  const int32_t planeCount;
  const int64_t blocks;
  /// Where the weights of a tap begin in a group's data, in bytes, and the
  /// distance of blocks there.
  struct TapPlace {
    int64_t first, planeStride;
  };
  /// By kernel tap; negative where no phase has it, as with a stride that is
  /// larger than the result.
  std::vector<TapPlace> tapPlaces;
  bool hasAllTaps = true;
  /// Place of each phase's data in a group's, in bytes: [row][column].
  std::vector<std::vector<int64_t>> phasePlaces;
  int64_t groupBytes = 0;
  bool anyOffset = false;
  ScratchArray<int8_t> bytes;
  ScratchArray<double> scaleArray, residualArray;
  ScratchArray<int32_t> zeroArray;
  ScratchArray<int64_t> sumArray;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_PACKEDWEIGHTS_H
