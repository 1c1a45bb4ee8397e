//===- Extent.h - Extents that are linear in the batch -------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The extent of a dimension, and the value of an integer computed from
/// extents, as a function of the one dynamic size: that of the batch.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_EXTENT_H
#define FRAC_FRONTENDS_ONNX_EXTENT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <optional>
#include <string>

namespace frac::frontend {

/// The number scale * n + offset, where n is the size of the batch.
struct Extent {
  int64_t scale = 0;
  int64_t offset = 0;

  Extent() = default;
  Extent(int64_t value) : offset(value) {}
  Extent(int64_t scale, int64_t offset) : scale(scale), offset(offset) {}

  /// Whether it does not depend on the size of the batch.
  bool isStatic() const { return scale == 0; }
  /// Whether it is `value` for every size of the batch.
  bool is(int64_t value) const { return scale == 0 && offset == value; }

  bool operator==(const Extent &other) const {
    return scale == other.scale && offset == other.offset;
  }
  bool operator!=(const Extent &other) const { return !(*this == other); }

  /// For messages: `12`, `n`, `2n`, `2n + 1`.
  std::string str() const;
};

/// The extents of a tensor.
using Shape = llvm::SmallVector<Extent, 4>;

/// Exact arithmetic. The result is empty where it is no extent: a product of
/// two dynamic ones, a division with a remainder, an overflow.
std::optional<Extent> add(Extent a, Extent b);
std::optional<Extent> subtract(Extent a, Extent b);
std::optional<Extent> multiply(Extent a, Extent b);
std::optional<Extent> divideExactly(Extent a, Extent b);

/// Number of elements of a tensor; empty where it is no extent.
std::optional<Extent> getNumElements(llvm::ArrayRef<Extent> shape);

/// For messages: `[n, 3, 32, 32]`.
std::string toString(llvm::ArrayRef<Extent> shape);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_EXTENT_H
