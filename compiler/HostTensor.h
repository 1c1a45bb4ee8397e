//===- HostTensor.h - A tensor in host memory -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The form in which tensors go in and out of a program that is run inside the
/// compiler (`fracc run`, `fracc test-onnx`). Depends on the C++ library alone.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_HOSTTENSOR_H
#define FRAC_COMPILER_HOSTTENSOR_H

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace frac {

/// Type of the elements of a tensor in host memory.
enum class HostType { Float32, Float64, Int32, Int64, Bool };

/// Bytes that one element takes; a Bool takes one, 0 or 1.
inline size_t getByteWidth(HostType type) {
  switch (type) {
  case HostType::Float64:
  case HostType::Int64:
    return 8;
  case HostType::Float32:
  case HostType::Int32:
    return 4;
  case HostType::Bool:
    return 1;
  }
  return 0;
}

/// An array of numbers that owns its memory: row-major, without gaps, elements
/// in the machine's byte order. A scalar has an empty shape and one element.
struct HostTensor {
  HostType type = HostType::Float32;
  std::vector<int64_t> shape;
  std::vector<char> bytes;

  HostTensor() = default;

  /// A tensor of zeros.
  HostTensor(HostType type, std::vector<int64_t> shape)
      : type(type), shape(std::move(shape)) {
    bytes.resize(getNumElements() * getByteWidth(type));
  }

  /// Product of the extents.
  int64_t getNumElements() const {
    int64_t elements = 1;
    for (int64_t extent : shape)
      elements *= extent;
    return elements;
  }

  /// The elements, as type T, whose width must be that of the element type.
  template <typename T>
  T *data() {
    return reinterpret_cast<T *>(bytes.data());
  }
  template <typename T>
  const T *data() const {
    return reinterpret_cast<const T *>(bytes.data());
  }
};

} // namespace frac

#endif // FRAC_COMPILER_HOSTTENSOR_H
