//===- QuantizedTensor.cpp - Random quantized tensors ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QuantizedTensor.h"

#include <algorithm>
#include <random>

using namespace frac::test;

QuantizedTensor::QuantizedTensor(int64_t rows, int64_t columns,
                                 const TensorForm &form, uint64_t seed)
    : form(form) {
  if (!this->form.bytes)
    this->form.bytes = form.bits > 8 ? 2 : 1;
  std::mt19937_64 random(seed);
  auto uniform = [&] { return double(random() >> 11) / double(1ll << 53); };

  bits.assign(form.mixed ? rows : 1, form.bits);
  if (form.mixed)
    for (int32_t &width : bits)
      width = std::max<int32_t>(1, form.bits - random() % (form.mixed + 1));
  const int64_t scaleCount = form.scaleDim < 0    ? 1
                             : form.scaleDim == 0 ? rows
                                                  : columns;
  for (int64_t i = 0; i < scaleCount; ++i) {
    const int32_t width =
        form.mixed && form.scaleDim == 0 ? bits[i] : form.bits;
    const double levels = (1 << width) - 1;
    if (form.range == Range::Integers) {
      scales.push_back(1);
      zeros.push_back(float(-int64_t(random() % (1ull << width))));
      continue;
    }
    const double extent = 0.1 + 3 * uniform();
    scales.push_back(float(extent / levels));
    switch (form.range) {
    case Range::Positive:
      zeros.push_back(0);
      break;
    case Range::Away:
      zeros.push_back(float(extent * (uniform() < 0.5 ? 0.7 : -1.9)));
      break;
    default:
      zeros.push_back(float(-extent * (0.3 + 0.4 * uniform())));
    }
  }
  reals.resize(rows * columns);
  if (this->form.bytes == 1)
    bytes.resize(rows * columns);
  else
    words.resize(rows * columns);
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column) {
      const int64_t i = row * columns + column;
      const int32_t width = bits[form.mixed ? row : 0];
      // The extremes are frequent: sums become large.
      const uint64_t largest = (1ull << width) - 1;
      const uint64_t choice = random();
      const uint16_t q = uint16_t(choice % 8 < 2 ? (choice % 8) * largest
                                                 : (choice >> 8) & largest);
      if (this->form.bytes == 1)
        bytes[i] = uint8_t(q);
      else
        words[i] = q;
      const int64_t s = form.scaleDim < 0    ? 0
                        : form.scaleDim == 0 ? row
                                             : column;
      reals[i] = isLeftOut(row) ? 0 : double(scales[s]) * q + zeros[s];
    }
  // Integers that nobody may look at.
  for (int64_t row = 0; row < rows; ++row)
    if (isLeftOut(row))
      bits[row] = 0;
}

bool QuantizedTensor::isLeftOut(int64_t row) const {
  return form.leftOut && row % form.leftOut == 1;
}

frac_quantized QuantizedTensor::view() const {
  frac_quantized tensor = {};
  tensor.data = form.bytes == 1 ? static_cast<const void *>(bytes.data())
                                : static_cast<const void *>(words.data());
  tensor.scale = scales.data();
  tensor.zero = zeros.data();
  tensor.bits = bits.data();
  tensor.bytes = form.bytes;
  tensor.scale_dim = form.scaleDim;
  tensor.bits_dim = form.mixed ? 0 : -1;
  return tensor;
}
