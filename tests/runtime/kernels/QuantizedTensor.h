//===- QuantizedTensor.h - Random quantized tensors -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_TESTS_RUNTIME_KERNELS_QUANTIZEDTENSOR_H
#define FRAC_TESTS_RUNTIME_KERNELS_QUANTIZEDTENSOR_H

#include "NaiveContractions.h"

#include "runtime/frac_runtime.h"

#include <cstdint>
#include <vector>

namespace frac::test {

/// Where the range of the real numbers lies that integers stand for.
enum class Range {
  /// Begins at zero: behind a ReLU.
  Positive,
  /// Around zero, which need not be one of the numbers.
  Around,
  /// Away from zero.
  Away,
  /// Integers around zero: sums of their products are exact.
  Integers,
};

/// How a tensor is to be made.
struct TensorForm {
  /// The largest width, and the number of widths below it that samples mix.
  int bits;
  int mixed = 0;
  Range range = Range::Around;
  /// As in frac_quantized.
  int scaleDim = -1;
  /// Of one element; 0 takes what the width needs.
  int bytes = 0;
  /// Each sample whose number leaves the remainder 1 when divided by this is
  /// left out; 0: none. With `mixed`.
  int leftOut = 0;
};

/// A quantized tensor with the memory it lies in, and its real numbers.
class QuantizedTensor {
public:
  /// `rows` is the extent of dimension 0, `columns` that of all others together
  /// (of a matrix: dimension 1). The contents depend on `seed` only.
  QuantizedTensor(int64_t rows, int64_t columns, const TensorForm &form,
                  uint64_t seed);

  QuantizedTensor(const QuantizedTensor &) = delete;
  QuantizedTensor &operator=(const QuantizedTensor &) = delete;

  /// As the C interface takes it, into this object's memory.
  frac_quantized view() const;

  /// The real numbers.
  const Reals &values() const { return reals; }

  const std::vector<int32_t> &widths() const { return bits; }

private:
  bool isLeftOut(int64_t row) const;

  TensorForm form;
  std::vector<uint8_t> bytes;
  std::vector<uint16_t> words;
  std::vector<float> scales, zeros;
  std::vector<int32_t> bits;
  Reals reals;
};

} // namespace frac::test

#endif // FRAC_TESTS_RUNTIME_KERNELS_QUANTIZEDTENSOR_H
