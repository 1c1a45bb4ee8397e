//===- GatherGeometry.h - Convolutions as sums over taps ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_GATHERGEOMETRY_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_GATHERGEOMETRY_H

#include "runtime/kernels/ConvProblem.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace frac::runtime {

/// One dimension of a phase (below): the elements `first`, `first +
/// resultStep`, ... of the result, `count` of them. Element number j is a sum
/// over the operand's elements `j step + offset` of the padded plane, one for
/// each tap.
struct GatherAxis {
  struct Tap {
    /// Index along the kernel.
    int64_t kernel;
    int64_t offset;
  };

  int64_t first;
  int64_t count;
  std::vector<Tap> taps;
  /// For each j the class of elements that has the same taps inside the operand
  /// rather than in its padding.
  std::vector<int32_t> classOf;
  /// Of each class, the taps that are inside, by their place in `taps`.
  std::vector<std::vector<bool>> inside;
};

/// All phases along one dimension. The forward product has one. The gradient by
/// the input has as many as the stride: elements whose distance is the stride
/// share the taps that reach them.
struct GatherDimension {
  /// Of the operand, and of the padded plane that the phases read.
  int64_t extent;
  int64_t planeExtent;
  /// Place of the operand's first element in the plane.
  int64_t padBegin;
  int64_t step;
  int64_t resultExtent;
  int64_t resultStep;
  std::vector<GatherAxis> phases;

  /// Number of elements of the largest phase.
  int64_t mostCount() const { return phases[0].count; }

  /// Whether the elements are sums over three neighbours.
  bool hasThreeTaps() const;
};

/// The forward product or the gradient by the input of a convolution of two
/// dimensions: every element of the result gathers what it is the sum of.
struct GatherGeometry {
  int64_t groups;
  /// Channels of a group that sums run over, and of the result.
  int64_t inputs, outputs;
  int64_t kernelWidth;
  int64_t kernelTaps;
  GatherDimension rows, columns;

  /// Null if the convolution has three dimensions.
  static std::optional<GatherGeometry> of(const ConvProblem &problem);
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_GATHERGEOMETRY_H
