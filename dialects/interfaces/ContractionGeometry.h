//===- ContractionGeometry.h - The shape of a contraction -------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_INTERFACES_CONTRACTIONGEOMETRY_H
#define FRAC_INTERFACES_CONTRACTIONGEOMETRY_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>

namespace frac {

/// The extents of a product of matrices, or of one of the three products of a
/// convolution. A dynamic extent is `ShapedType::kDynamic`.
struct ContractionGeometry {
  enum class Form {
    /// (rows, inner) times (inner, columns).
    Matrices,
    /// An image by a kernel.
    Convolution,
    /// The gradient of that image: the error by the kernel.
    InputGradient,
    /// The gradient of that kernel: the image by the error.
    WeightGradient,
  };
  Form form = Form::Matrices;

  /// Samples; of matrices the rows of the left one.
  int64_t batch = 1;
  /// Of the convolution's image, of all groups; of matrices what is summed
  /// over.
  int64_t inChannels = 1;
  /// Of the convolution's result, of all groups; of matrices the columns of the
  /// right one.
  int64_t outChannels = 1;
  /// Groups of the convolution; of stacks of matrices how many there are.
  int64_t groups = 1;
  /// Of the convolution, whichever product this is, one entry for each spatial
  /// dimension; empty for matrices.
  llvm::SmallVector<int64_t, 3> kernel, output, strides, dilations;
};

} // namespace frac

#endif // FRAC_INTERFACES_CONTRACTIONGEOMETRY_H
