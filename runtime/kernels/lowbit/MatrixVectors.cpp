//===- MatrixVectors.cpp - Rows of a matrix operand as bytes --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/MatrixVectors.h"

#include "runtime/kernels/lowbit/AffineInteger.h"

#include <algorithm>
#include <cmath>

using namespace frac::runtime;

MatrixVectors::MatrixVectors(const OperandForm &form, int64_t vectors,
                             int64_t length, bool isStored)
    : vectors(vectors), length(length), form(form), isStored(isStored),
      own(isStored ? 0 : 1), bits(isRescaled() ? 16 : form.bits) {}

template <typename Element>
static void copyVector(const Element *elements, int64_t stride, int64_t length,
                       int32_t *integers) {
  for (int64_t i = 0; i < length; ++i)
    integers[i] = elements[i * stride];
}

MatrixVectors::Terms MatrixVectors::read(const frac_quantized &tensor,
                                         int64_t matrix, int64_t vector,
                                         int32_t *integers) const {
  if (isStored && isLeftOut(tensor, vector)) {
    std::fill_n(integers, length, 0);
    return {};
  }
  const int64_t first =
      matrix * vectors * length + (isStored ? vector * length : vector);
  const int64_t stride = isStored ? 1 : vectors;
  if (form.bytes == 1)
    copyVector(static_cast<const uint8_t *>(tensor.data) + first, stride,
               length, integers);
  else
    copyVector(static_cast<const uint16_t *>(tensor.data) + first, stride,
               length, integers);
  Terms terms;
  if (isRescaled()) {
    terms = rescale(tensor, integers);
  } else {
    const AffineInteger affine = AffineInteger::of(tensor, vector, form.bits);
    terms = {affine.scale, affine.zero, affine.residual, 0};
  }
  for (int64_t i = 0; i < length; ++i)
    terms.sum += integers[i];
  return terms;
}

bool MatrixVectors::isLeftOut(const frac_quantized &tensor, int64_t row) const {
  return form.scaleDim == 0 && form.bitsDim == 0 && tensor.bits[row] == 0;
}

/// Brings the integers to one scale.
MatrixVectors::Terms MatrixVectors::rescale(const frac_quantized &tensor,
                                            int32_t *integers) const {
  double largest = 0;
  auto real = [&](int64_t i) {
    return isLeftOut(tensor, i)
               ? 0
               : double(tensor.scale[i]) * integers[i] + tensor.zero[i];
  };
  for (int64_t i = 0; i < length; ++i)
    largest = std::max(largest, std::abs(real(i)));
  constexpr int64_t center = 1 << 15, most = center - 1;
  const double inverse = largest > 0 ? most / largest : 0;
  for (int64_t i = 0; i < length; ++i)
    integers[i] = int32_t(std::nearbyint(real(i) * inverse) + center);
  return {largest / most, center, 0, 0};
}
