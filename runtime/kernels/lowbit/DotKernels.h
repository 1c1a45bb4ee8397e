//===- DotKernels.h - Inner loops over packed bytes -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// All products of convolutions and matrices come down to one loop: sums of
/// four products of bytes at a time, for some neighbours (pixels, or channels
/// in a gradient by the weights) and blocks of 16 outputs. DotKernels.inc
/// defines it once for each instruction set.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_DOTKERNELS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_DOTKERNELS_H

#include "runtime/kernels/lowbit/KernelList.h"

#include <cstdint>

namespace frac::runtime {

/// Outputs in a block.
constexpr int64_t dotBlock = 16;

/// Bytes of a block's weights in one step: four for each output.
constexpr int64_t dotStepBytes = dotBlock * 4;

/// What the sums are taken of. For row r, neighbour p and output o
///
///   sum(r, p, o) = sum over s < steps, j < 4 of
///       inputs[r rowStride + p pixelStride + offsets[s] + j] *
///       weights[o / 16][s][o % 16][j]
///
/// in 32 bits, modulo 2^32. Strides and offsets are in bytes.
struct DotOperands {
  const uint8_t *inputs;
  int64_t rowStride, pixelStride;
  int64_t rows, pixels;
  const int32_t *offsets;
  int64_t steps;
  const int8_t *weights;
  /// Bytes between blocks of weights.
  int64_t blockStride;
  int64_t blocks;
  /// Number of steps whose sums 16 bits hold, if they begin at a multiple of it
  /// (see `dotChain`).
  int64_t chain;
  /// Number of steps from which on offsets need not follow one another by 4
  /// bytes (see `dotRun`).
  int64_t run = 1;
  /// What is taken off inputs where weights are digits (see
  /// DotKernel::convertDigits).
  int32_t zero = 0;
};

/// Where sums are added to: `data[r rowStride + p pixelStride + o]` for all
/// outputs of all blocks.
struct DotSums {
  int32_t *data;
  int64_t rowStride, pixelStride;
};

/// How sums become the elements of a result:
///
///   i = first[o] + sum(r, p, o) - zeros[o] totals[r pixels + p]
///   result = scales[o] i + residuals[o] totals[r pixels + p] +
///            border[(rowClass[r] + columnClass[p]) * 16 blocks + o]
///
/// The arrays by output are padded to whole blocks; null leaves a term out
/// (`zeros` and `residuals` go with `totals`). With several `planes` (up to 3)
/// as many neighbouring blocks hold the digits of the weights for the same 16
/// outputs, the highest first, i is their sum in base `base`, and only `first`
/// counts outputs as often; there are no totals then. With `adds` the result is
/// added to what is there.
///
/// `realTotals` are the totals once more, in floats, where these hold all sums
/// and products in i exactly; else null.
struct DotResult {
  float *data;
  /// In elements.
  int64_t rowStride, pixelStride;
  /// Number of elements to write of each pixel.
  int64_t outputs;
  int32_t planes;
  const int32_t *first;
  const float *scales;
  const int32_t *totals;
  const int32_t *zeros;
  const float *residuals;
  const float *border;
  const int32_t *rowClass;
  const int32_t *columnClass;
  bool adds = false;
  float base = 256;
  const float *realTotals = nullptr;

  /// The rows from `row` on, each of which has `pixels` pixels.
  DotResult from(int64_t row, int64_t pixels) const {
    DotResult rest = *this;
    rest.data += row * rowStride;
    if (totals)
      rest.totals += row * pixels;
    if (realTotals)
      rest.realTotals += row * pixels;
    if (rowClass)
      rest.rowClass += row;
    return rest;
  }
};

/// Sums over taps of one number for each pixel: element (r, p) of the result is
/// `first` plus the sum over taps t of
/// `numbers[r rowStride + p pixelStride + offsets[t]]`.
template <typename Number>
struct TapSums {
  const Number *numbers;
  int64_t rowStride, pixelStride;
  int64_t rows, pixels;
  const int32_t *offsets;
  int64_t taps;
  Number first;
};

/// Integer sums on their way into real ones: element (r, o) stands for
///
///   scale (sums[r sumStride + o] + rowIntegers[r] + columnIntegers[o]) +
///   rowReals[r] + columnReals[o]
///
/// with integers modulo 2^32. `outputs` is a multiple of a block.
struct DotReals {
  const int32_t *sums;
  int64_t sumStride;
  int64_t rows, outputs;
  float scale;
  const int32_t *rowIntegers;
  const float *rowReals;
  const int32_t *columnIntegers;
  const float *columnReals;
};

/// Some bytes of the pixels of some rows; strides are in bytes.
struct DotRectangle {
  const uint8_t *bytes;
  int64_t rows, rowStride;
  int64_t pixels, pixelStride;
};

/// Loops for one instruction set.
struct DotKernel {
  const char *name;
  CpuIsa isa;
  /// The least `DotOperands::chain` it is exact for.
  int64_t leastChain;
  /// `operands.chain`, or a larger one that holds for the weights at hand with
  /// inputs up to `largest`. Null if chains don't matter.
  int64_t (*fittingChain)(const DotOperands &operands, int64_t largest);
  /// Adds the sums to `sums`.
  void (*accumulate)(const DotOperands &operands, const DotSums &sums);
  /// Writes the elements of the result.
  void (*convert)(const DotOperands &operands, const DotResult &result);
  /// The same for weights that are numbers of 16 bits, a step's for channels 0
  /// and 2 of each output before those for channels 1 and 3, and for inputs
  /// less `zero`; without `first`. Blocks are a multiple of 2. Null if bytes do
  /// as well.
  void (*convertDigits)(const DotOperands &operands, const DotResult &result);
  /// Writes the sums, (rows, pixels).
  void (*addTaps)(const TapSums<int32_t> &taps, int32_t *result);
  /// sums[c] += the sum of byte c of all pixels of a rectangle, for c < 16.
  void (*addBytes)(const DotRectangle &rectangle, int32_t *sums);
  /// Writes `count` steps of 16 channels of four pixels each, which are
  /// `stride` bytes apart: steps[s][c][i] = byte c of pixel 4 s + i, less
  /// `offset`.
  void (*packSteps)(const uint8_t *pixels, int64_t count, int64_t stride,
                    uint8_t offset, int8_t *steps);
  /// Adds the elements to rows of `target` that are `stride` elements apart.
  void (*addReals)(const DotReals &reals, float *target, int64_t stride);

  /// The chain to use for the weights at hand.
  int64_t chainFor(const DotOperands &operands, int64_t largest) const {
    return fittingChain ? fittingChain(operands, largest) : operands.chain;
  }
};

/// The largest number in the bytes of integers of `bits` bits without sign.
constexpr int64_t largestByte(int32_t bits) {
  return bits < 8 ? (1 << bits) - 1 : 255;
}

/// Number of steps whose sums of products fit 16 bits with sign, where inputs
/// are at most `input` and weights at most `weight` in magnitude: both sums of
/// two neighbouring products that instructions take at once. 0 if there is
/// none.
constexpr int64_t dotChain(int64_t input, int64_t weight) {
  return INT16_MAX / (2 * input * weight);
}

/// The largest number such that the offsets of as many steps, from the first
/// on, and of as many after these, ... follow one another by 4 bytes.
int64_t dotRun(const int32_t *offsets, int64_t steps);

/// Those that are compiled in.
KernelList<DotKernel> dotKernels();

/// The preferred kernel that this processor and FRAC_MAX_CPU_ISA allow and that
/// is exact for `chain`. Throws as `cpuIsaCap` does.
const DotKernel &chooseDotKernel(int64_t chain);

extern const DotKernel dotKernelPortable;
extern const DotKernel dotKernelAvx2;
extern const DotKernel dotKernelAvx2Chain;
extern const DotKernel dotKernelAvx512Vnni;

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_DOTKERNELS_H
