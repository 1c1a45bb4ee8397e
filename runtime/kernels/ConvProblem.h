//===- ConvProblem.h - One convolution product and its geometry -----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_CONVPROBLEM_H
#define FRAC_RUNTIME_KERNELS_CONVPROBLEM_H

#include "runtime/frac_runtime.h"

#include <cstdint>
#include <string>

namespace frac::runtime {

/// The three contractions over the tensors of one convolution. The operands of
/// each, in the order of the C interface:
///   Forward:    src, weights -> dst
///   InputGrad:  diff_dst, weights -> diff_src
///   WeightGrad: src, diff_dst -> diff_weights
enum class ConvProduct : int64_t { Forward, InputGrad, WeightGrad };

/// Everything a kernel is chosen by. Holds no padding and no unused entry that
/// could differ, so that equality and hashes work on its bytes.
struct ConvProblem {
  ConvProduct product;
  int64_t batch;
  frac_conv_shape shape;

  /// Entries of `shape` beyond its rank are set to those of a dimension of
  /// extent 1.
  ConvProblem(ConvProduct product, const frac_conv_shape &shape, int64_t batch);

  /// The reason why no kernel can compute this, or an empty string. The checks
  /// guarantee that no size computed from the shape overflows.
  std::string invalidReason() const;

  /// Numbers of elements.
  int64_t sourceSize() const;
  int64_t weightsSize() const;
  int64_t destinationSize() const;

  /// Number of elements of the result of the product.
  int64_t resultSize() const;

  /// Whether a sum of the product has no terms, so that the result is zero.
  bool hasEmptySums() const;

  /// Multiply-accumulates, counted as if padding took part.
  double macs() const;

  /// Number of pixels of the kernel's extent, holes of dilation included.
  int64_t kernelReach(int dimension) const {
    return (shape.kernel[dimension] - 1) * shape.dilation[dimension] + 1;
  }

  /// The padding at the end that the last window really reaches; negative if it
  /// ends inside the input. The declared padding may be larger.
  int64_t reachedPadEnd(int dimension) const {
    return (shape.output[dimension] - 1) * shape.stride[dimension] +
           kernelReach(dimension) - shape.input[dimension] -
           shape.pad_begin[dimension];
  }

  const char *productName() const;

  /// For people: channels, extents, kernel, and what is not the default.
  std::string text() const;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_CONVPROBLEM_H
