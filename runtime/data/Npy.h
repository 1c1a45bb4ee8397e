//===- Npy.h - NumPy arrays -------------------------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_DATA_NPY_H
#define FRAC_RUNTIME_DATA_NPY_H

#include "runtime/data/Dataset.h"

#include <cstdint>
#include <string>
#include <vector>

namespace frac {

/// What the header of an .npy array says (format versions 1 to 3, see
/// numpy.lib.format).
struct NpyHeader {
  ElementType type = ElementType::U8;
  std::vector<int64_t> shape;
  /// Where the elements begin, and how many bytes they take.
  uint64_t dataOffset = 0;
  uint64_t dataBytes = 0;
};

/// The most bytes that a header may take; longer ones are refused.
constexpr uint64_t maxNpyHeaderBytes = 65536 + 12;

/// Parses the header at the beginning of `bytes` (an array's first bytes, up to
/// `maxNpyHeaderBytes` of them). `subject` names the array in errors.
NpyHeader parseNpyHeader(const std::string &subject,
                         const std::vector<unsigned char> &bytes);

/// The header of an array, in format version 1, padded as NumPy pads it.
std::vector<unsigned char> makeNpyHeader(ElementType type,
                                         const std::vector<int64_t> &shape);

} // namespace frac

#endif // FRAC_RUNTIME_DATA_NPY_H
