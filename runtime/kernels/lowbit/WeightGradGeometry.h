//===- WeightGradGeometry.h - Weight gradients as sums over pixels --------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADGEOMETRY_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADGEOMETRY_H

#include "runtime/kernels/ConvProblem.h"
#include "runtime/kernels/lowbit/WindowSums.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace frac::runtime {

/// How activations lie for the gradient by the weights of a convolution of two
/// dimensions. Element (o, i, tap) sums errors of channel o times activations
/// of channel i over the pixels of the output, which a tap meets at a distance
/// of the stride. The columns of each row of activations are therefore split by
/// their remainder modulo the stride, so that neighbours in the output are
/// neighbours in memory:
///
///   (row, remainder, channel, column / stride)
///
/// with padding. Rows count from the first one in the padding.
struct WeightGradGeometry {
  int64_t groups, inputs, outputs;
  int64_t rows, columns;
  int64_t outputRows, outputColumns;
  int64_t kernelRows, kernelColumns;
  int64_t rowStride, rowDilation, rowPad;
  int64_t columnStride, columnDilation, columnPad;

  /// Remainders that some tap needs, and of each column of the kernel the place
  /// in there and the distance along the row of bytes.
  std::vector<int64_t> remainders;
  std::vector<int64_t> remainderOf, shiftOf;
  /// For each remainder the places in a channel's row of bytes that lie inside
  /// the image.
  std::vector<PixelRange> insideBytes;
  /// Bytes of one channel's row.
  int64_t length;

  /// Of each row or column of the kernel, the output's that lie inside.
  std::vector<PixelRange> insideRows, insideColumns;

  int64_t taps() const { return kernelRows * kernelColumns; }
  /// Groups of four pixels in a row of the output.
  int64_t quads() const { return (outputColumns + 3) / 4; }
  /// Bytes of a row of activations.
  int64_t rowBytes() const {
    return int64_t(remainders.size()) * inputs * length;
  }
  /// Output channels of a group in whole blocks of 16.
  int64_t paddedOutputs() const { return (outputs + 15) / 16 * 16; }
  /// Rows of activations that `count` rows of the output read.
  int64_t planeRows(int64_t count) const {
    return (count - 1) * rowStride + (kernelRows - 1) * rowDilation + 1;
  }

  /// Null if the convolution has three dimensions.
  static std::optional<WeightGradGeometry> of(const frac_conv_shape &shape);
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADGEOMETRY_H
