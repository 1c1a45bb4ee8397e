//===- Fixtures.h - Small datasets in files ---------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_TESTS_RUNTIME_DATA_FIXTURES_H
#define FRAC_TESTS_RUNTIME_DATA_FIXTURES_H

#include "runtime/data/Dataset.h"

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace frac::test {

/// An idx file: rank, big-endian dimensions, bytes.
inline std::vector<unsigned char>
idxBytes(const std::vector<uint32_t> &dims,
         const std::vector<unsigned char> &values) {
  std::vector<unsigned char> out = {0, 0, 8,
                                    static_cast<unsigned char>(dims.size())};
  for (uint32_t dim : dims)
    for (int shift : {24, 16, 8, 0})
      out.push_back(static_cast<unsigned char>(dim >> shift));
  out.insert(out.end(), values.begin(), values.end());
  return out;
}

/// 0, 1, 2, ... modulo 251.
inline std::vector<unsigned char> ramp(size_t count) {
  std::vector<unsigned char> out(count);
  for (size_t i = 0; i < count; ++i)
    out[i] = static_cast<unsigned char>(i % 251);
  return out;
}

/// A classifier of images.
inline DataSpec imageSpec(std::vector<int64_t> shape, int64_t classes = 10) {
  DataSpec spec;
  InputSpec input;
  input.name = "x";
  input.shape = std::move(shape);
  spec.inputs.push_back(input);
  spec.target.name = "target";
  spec.target.type = ElementType::I64;
  spec.classes = classes;
  return spec;
}

inline std::vector<int64_t> labelsOf(const Split &split) {
  const auto *begin =
      reinterpret_cast<const int64_t *>(split.target.bytes.data());
  return {begin, begin + split.count};
}

} // namespace frac::test

#endif // FRAC_TESTS_RUNTIME_DATA_FIXTURES_H
