//===- RowPairKernels.h - Two rows of 3x3 convolutions ----------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// Minimal filtering F(2, 3) (Winograd; Lavin and Gray, "Fast Algorithms for
/// Convolutional Neural Networks", 2015, section 4.1) along the columns of an
/// image, in bytes: two neighbouring rows y of a 3x3 convolution with stride 1
/// read four rows x and take four products of rows instead of six:
///
///   2 y[0] = m[1] + m[2] + m[0]     m[0] = (x[0] - x[2]) 2 w[0]
///   2 y[1] = m[1] - m[2] + m[3]     m[1] = (x[1] + x[2]) (w[0] + w[1] + w[2])
///                                   m[2] = (x[2] - x[1]) (w[0] - w[1] + w[2])
///                                   m[3] = (x[1] - x[3]) (-2 w[2])
///
/// where a product is the sum over the three taps of a row and all channels.
/// The factors stay bytes where inputs have at most 7 bits and weights at most
/// 6, so that instructions for products of bytes do all of it: differences of
/// inputs are taken 128 higher, which the sums of the weights undo. Everything
/// is exact.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_ROWPAIRKERNELS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_ROWPAIRKERNELS_H

#include "runtime/kernels/lowbit/DotKernels.h"

#include <cstdint>

namespace frac::runtime {

/// Rows that a pair of rows is made of, and so many products; taps of a row.
constexpr int64_t rowPairReach = 4, rowPairTaps = 3;

/// The most bits of inputs and weights.
constexpr int32_t rowPairInputBits = 7, rowPairWeightBits = 6;

/// What differences of inputs are higher by.
constexpr int32_t rowPairOffset = 128;

/// How factors lie in memory: those of inputs as rows (strip of channels,
/// pixel, channel), one for each product of a pair, those of weights as (block
/// of outputs, products 1 and 2 and then 0 and 3, quad of channels, product,
/// tap, output, channel of the quad).
struct RowPairLayout {
  /// The channels are a multiple of 16, the pixels those of a padded plane.
  int64_t channels, pixels;

  /// Channels of a strip. As few different numbers as can be: loops are made
  /// for each.
  int64_t stripChannels() const {
    return channels % 64 == 0 ? 64 : channels % 32 == 0 ? 32 : 16;
  }
  int64_t strips() const { return channels / stripChannels(); }
  int64_t quads() const { return channels / 4; }

  /// In bytes.
  int64_t rowBytes() const { return pixels * channels; }
  int64_t pairBytes() const { return rowPairReach * rowBytes(); }
  int64_t blockBytes() const {
    return rowPairReach * quads() * rowPairTaps * dotStepBytes;
  }
};

/// Four neighbouring rows of pixels.
struct RowPairInputs {
  const uint8_t *rows[rowPairReach];
  /// Bytes between pixels.
  int64_t stride;
  int64_t count;
};

/// Pixels whose first or last tap of each row is padding.
enum class RowPairEdge { None, Left, Right };
constexpr int64_t rowPairEdges = 3;

/// The factors of the products of some pairs of rows.
struct RowPairOperands {
  RowPairLayout layout;
  /// (pair, product); those of products 0, 2 and 3 are `rowPairOffset` higher.
  const uint8_t *mixed;
  /// Of the result: the last pair may have a single row.
  int64_t rows, pixels;
  const int8_t *weights;
  int64_t blocks;
  /// What is added to products 1 and 2: (edge, block, product, output).
  const int32_t *first;
  /// Whether the first and the last pixel of a row may leave out that tap, for
  /// which they begin with the numbers of their edge.
  bool skipsPadding;
};

/// Loops for one instruction set.
struct RowPairKernel {
  const char *name;
  CpuIsa isa;
  /// Writes the factors of a pair for pixels from `pixel` on.
  void (*mix)(const RowPairInputs &inputs, int64_t pixel,
              const RowPairLayout &layout, uint8_t *mixed);
  /// sums[i] = the sum of the bytes of pixel i, of which `count` lie `stride`
  /// bytes apart. The channels are a multiple of 16.
  void (*sum)(const uint8_t *pixels, int64_t stride, int64_t count,
              int64_t channels, int32_t *sums);
  /// Writes the elements of the result for sums that are 2 y, whose `first` is
  /// that of the operands and whose `planes` are 1.
  void (*convert)(const RowPairOperands &operands, const DotResult &result);
};

/// The loops that this processor and FRAC_MAX_CPU_ISA allow; null if there are
/// none. Throws as `cpuIsaCap` does.
const RowPairKernel *chooseRowPairKernel();

extern const RowPairKernel rowPairKernelAvx512Vnni;

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_ROWPAIRKERNELS_H
