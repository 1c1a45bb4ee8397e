//===- Limits.h - Sizes that kernels accept -------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LIMITS_H
#define FRAC_RUNTIME_KERNELS_LIMITS_H

#include <cstdint>

namespace frac::runtime {

/// The largest extent of one dimension: oneDNN's kernels hold extents as int.
constexpr int64_t maxExtent = INT32_MAX;

/// The largest number of floats in one tensor: 4 TiB, far from overflow of any
/// offset in bytes.
constexpr int64_t maxElements = int64_t(1) << 40;

/// The number of elements of a tensor, computed without overflow.
class ExtentProduct {
public:
  ExtentProduct &multiply(int64_t extent) {
    if (extent == 0)
      anyZero = true;
    else if (extent < 0 || extent > maxExtent ||
             elements > maxElements / extent)
      inRange = false;
    else
      elements *= extent;
    return *this;
  }

  /// Whether every extent is in range and so is their product, with a zero
  /// among them counted as a one.
  bool valid() const { return inRange; }

  /// The product; only if `valid`.
  int64_t size() const { return anyZero ? 0 : elements; }

private:
  int64_t elements = 1;
  bool inRange = true;
  bool anyZero = false;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LIMITS_H
