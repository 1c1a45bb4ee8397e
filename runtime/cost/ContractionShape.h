//===- ContractionShape.h - The shape of a product --------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_COST_CONTRACTIONSHAPE_H
#define FRAC_RUNTIME_COST_CONTRACTIONSHAPE_H

#include <array>
#include <cstddef>
#include <cstdint>

namespace frac {

/// A convolution or matrix product as an accelerator sees it: the left operand
/// is what streams through (an image, or rows), the right one what it is
/// multiplied by (the kernels, or columns). Spatial pairs are (height, width).
/// A matrix product of R rows, a sum over I and C columns is the convolution of
/// R samples of one pixel with I channels into C channels.
struct ContractionShape {
  std::array<int64_t, 2> kernel = {1, 1};
  std::array<int64_t, 2> output = {1, 1};
  std::array<int64_t, 2> stride = {1, 1};
  std::array<int64_t, 2> dilation = {1, 1};
  /// Of all groups together.
  int64_t inChannels = 1;
  int64_t outChannels = 1;
  int64_t batch = 1;
  /// Independent products that each have their share of both channels.
  int64_t groups = 1;
  /// Whether the image is written out as a matrix of windows first.
  bool im2col = false;

  static ContractionShape convolution(int64_t kernel, int64_t output,
                                      int64_t stride, int64_t inChannels,
                                      int64_t outChannels, int64_t batch,
                                      bool im2col = false);
  static ContractionShape gemm(int64_t rows, int64_t inner, int64_t columns);

  /// Multiply-accumulates. A double, as sizes may be anything.
  double macs() const;

  bool isSquare() const {
    return kernel[0] == kernel[1] && output[0] == output[1] &&
           stride[0] == stride[1] && dilation[0] == dilation[1];
  }
  bool isDilated() const { return dilation[0] != 1 || dilation[1] != 1; }
};

bool operator==(const ContractionShape &a, const ContractionShape &b);

/// Bits of the two operands of a product.
struct OperandBits {
  int left = 8;
  int right = 8;
};

bool operator==(const OperandBits &a, const OperandBits &b);

/// The width that stands for an operand in float.
constexpr int floatOperandBits = 32;

/// A product at widths: what the cost of is remembered.
struct CostKey {
  ContractionShape shape;
  OperandBits bits;
};

bool operator==(const CostKey &a, const CostKey &b);

struct CostKeyHash {
  size_t operator()(const CostKey &key) const;
};

} // namespace frac

#endif // FRAC_RUNTIME_COST_CONTRACTIONSHAPE_H
