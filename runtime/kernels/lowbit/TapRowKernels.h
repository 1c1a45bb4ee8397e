//===- TapRowKernels.h - Three rows of taps at once -------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// Gradients by the weights of kernels with three rows, in bytes. Activations
/// are packed once for each column of the kernel, such that a step of four
/// pixels holds what the column's taps read for four neighbouring pixels of the
/// output, and a vector of errors is multiplied with those of the three rows
/// that read it before the next one is loaded.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_TAPROWKERNELS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_TAPROWKERNELS_H

#include "runtime/kernels/lowbit/DotKernels.h"

#include <cstdint>

namespace frac::runtime {

/// The numbers of quads (pixel, quad) of four pixels of 16 channels, in the
/// order (quad, pixel). Defined where no compiler of inner loops sees them:
/// clang would make six instructions of this order and the next, of bytes.
extern const int32_t tapRowQuadOrder[16];

/// Rows of taps.
constexpr int64_t tapRows = 3;

/// Rows of a padded plane, (row, pixel, channel), from the first pixel on that
/// a column of the kernel reads.
struct TapRowPixels {
  const uint8_t *plane;
  /// In bytes: from one row to the next, and from one pixel to the one that the
  /// column's tap reads for the next pixel of the output.
  int64_t rowStride, pixelStride;
  /// Of the output, and how many of the plane's are between two of them and
  /// between those of two taps.
  int64_t outputRows, rowStep, tapStep;
  /// Of a row. Pixels that the output has not in the last one have a byte 0 in
  /// `lastOnes`, the others 1.
  int64_t steps;
  int32_t lastOnes;
  /// Blocks of 16 channels.
  int64_t blocks;

  /// Of the plane.
  int64_t rows() const {
    return (outputRows - 1) * rowStep + (tapRows - 1) * tapStep + 1;
  }
};

/// What the sums are taken of: for channel c, tap t and output o
///
///   sums[t][c][o] += sum over images, rows r, steps s and pixels i of
///       inputs[image][r rowStep + t tapStep][s][c][i] *
///       errors[o / 16][image][r][s][o % 16][i]
///
/// for the 16 channels of a block.
struct TapRowOperands {
  const uint8_t *inputs;
  /// Between images, rows of the output and taps, in rows of inputs.
  int64_t imageRows, rowStep, tapStep;
  int64_t images, rows, steps;
  const int8_t *errors;
  int64_t blocks;
  int32_t *sums;
  /// Numbers from one tap and channel to the next.
  int64_t tapStride, channelStride;
};

/// Loops for one instruction set.
struct TapRowKernel {
  const char *name;
  CpuIsa isa;
  /// Writes (block, row, step, channel, pixel), blocks `blockStride` bytes
  /// apart, and the sums of each row, (row, channel). Adds those of the rows
  /// that each tap reads to `sums`, (tap, channel).
  void (*pack)(const TapRowPixels &pixels, uint8_t *steps, int64_t blockStride,
               int32_t *rowSums, int32_t *sums);
  /// See DotKernel.
  void (*packSteps)(const uint8_t *pixels, int64_t count, int64_t stride,
                    uint8_t offset, int8_t *steps);
  /// Adds the sums.
  void (*accumulate)(const TapRowOperands &operands);
};

/// The loops that this processor and FRAC_MAX_CPU_ISA allow; null if there are
/// none. Throws as `cpuIsaCap` does.
const TapRowKernel *chooseTapRowKernel();

extern const TapRowKernel tapRowKernelAvx512Vnni;

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_TAPROWKERNELS_H
