//===- ChannelKernels.h - Inner loops with a scale for each channel -------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// In a gradient by the input the sums run over the channels that the weights'
/// scales belong to. These loops add up the taps of one channel in integers,
/// exactly, and the channels in floats.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_CHANNELKERNELS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_CHANNELKERNELS_H

#include "runtime/kernels/lowbit/DotKernels.h"
#include "runtime/kernels/lowbit/KernelList.h"

#include <cstdint>

namespace frac::runtime {

/// What the sums are taken of. For row r, neighbour p and output o of a block
/// of 16, with `width` elements in each of a channel's steps,
///
///   sum(r, p, o) = sum over c < channels of scales[c] (first[c][o] +
///       sum over s < steps, j < width of
///           inputs[c channelStride + r rowStride + p + offsets[s] + j] *
///           weights[c][s][o][j])
///
/// where what a scale multiplies fits 32 bits. Strides and offsets are in
/// elements of the inputs: bytes, four in a step, or numbers of 16 bits with
/// sign, two in a step. Of bytes either the weights or the inputs have a sign.
/// A step of a block's weights takes 64 bytes.
struct ChannelOperands {
  const void *inputs;
  int64_t channelStride, rowStride;
  int64_t channels, rows, pixels;
  const int32_t *offsets;
  int64_t steps;
  const void *weights;
  /// Bytes between blocks of weights.
  int64_t blockStride;
  int64_t blocks;
  /// Of bytes: as DotOperands::chain; at least 1.
  int64_t chain;
  /// By block, channel and output; of inputs in bytes without sign only.
  const int32_t *first;
  const float *scales;
};

/// How sums become the elements of a result:
///
///   result = scale (sum(r, p, o) + totals[r pixels + p]) +
///            border[(rowClass[r] + columnClass[p]) * 16 blocks + o]
///
/// Null `totals` or `border` leaves a term out.
struct ChannelResult {
  float *data;
  /// In elements.
  int64_t rowStride, pixelStride;
  /// Number of elements to write of each pixel.
  int64_t outputs;
  float scale;
  const float *totals;
  const float *border;
  const int32_t *rowClass;
  const int32_t *columnClass;
};

/// What the offsets of all channels' weights are multiplied with: of element i
/// of a plane, less `offset`,
///
///   result[i] = sum over c < channels of
///                   factors[c] (plane[c channelSize + i] - offset)
///
/// Whole blocks of 16 are read and written, also the last one.
struct ChannelFactors {
  const void *plane;
  int64_t channelSize, channels;
  int32_t offset;
  const float *factors;
};

/// Loops over inputs of one type.
struct ChannelLoops {
  void (*run)(const ChannelOperands &operands, const ChannelResult &result);
  void (*addFactors)(const ChannelFactors &factors, float *result);
};

/// Loops for one instruction set.
struct ChannelKernel {
  const char *name;
  CpuIsa isa;
  /// Inputs in bytes without sign, with sign, and in 16 bits with sign.
  ChannelLoops bytes, signedBytes, words;
  /// Writes the sums, (rows, pixels).
  void (*addTaps)(const TapSums<float> &taps, float *result);
};

/// Those that are compiled in.
KernelList<ChannelKernel> channelKernels();

/// The preferred kernel that this processor and FRAC_MAX_CPU_ISA allow; null
/// where products of whole pixels take three bytes of weights in less time
/// (with AVX-512 VNNI). Throws as `cpuIsaCap` does.
const ChannelKernel *chooseChannelKernel();

extern const ChannelKernel channelKernelPortable;
extern const ChannelKernel channelKernelAvx2;

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_CHANNELKERNELS_H
