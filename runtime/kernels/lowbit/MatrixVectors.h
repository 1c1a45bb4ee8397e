//===- MatrixVectors.h - Rows of a matrix operand as bytes ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_MATRIXVECTORS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_MATRIXVECTORS_H

#include "runtime/kernels/lowbit/LowbitProblem.h"

#include <cstdint>
#include <vector>

namespace frac::runtime {

/// One operand of a matrix product as a list of vectors along the index that is
/// summed over: rows of the first matrix or columns of the second. An element x
/// of vector v is scale[v] (n - zero[v]) + residual[v] with an integer n.
class MatrixVectors {
public:
  /// What a vector's real numbers follow from.
  struct Terms {
    double scale = 0;
    int64_t zero = 0;
    double residual = 0;
    /// The sum of its integers.
    int64_t sum = 0;
  };

  /// `vectors` vectors of `length` elements; `isStored` if vectors are the rows
  /// of the stored matrix.
  MatrixVectors(const OperandForm &form, int64_t vectors, int64_t length,
                bool isStored);

  /// The number of byte planes that integers take.
  int32_t planes() const { return bits > 8 ? 2 : 1; }
  /// The width of the integers.
  int32_t width() const { return bits; }

  /// Reads vector `vector` of matrix `matrix` into `integers`, which are
  /// from 0 to 2^width - 1, and its terms.
  Terms read(const frac_quantized &tensor, int64_t matrix, int64_t vector,
             int32_t *integers) const;

  const int64_t vectors, length;

private:
  /// Whether scales belong to the index that is summed over.
  bool isRescaled() const { return form.scaleDim >= 0 && form.scaleDim != own; }
  /// Whether a row of the stored matrix stands for zeros.
  bool isLeftOut(const frac_quantized &tensor, int64_t row) const;
  Terms rescale(const frac_quantized &tensor, int32_t *integers) const;

  const OperandForm form;
  const bool isStored;
  /// The stored dimension that vectors are counted along.
  const int32_t own;
  const int32_t bits;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_MATRIXVECTORS_H
