//===- WeightGradItems.h - Samples of equal scales together -----*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADITEMS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADITEMS_H

#include "runtime/kernels/lowbit/AffineInteger.h"
#include "runtime/kernels/lowbit/LowbitPlan.h"
#include "runtime/kernels/lowbit/LowbitProblem.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace frac::runtime {

/// What the operands of an item stand for.
struct WeightGradKind {
  AffineInteger activation, error;

  bool operator==(const WeightGradKind &other) const;
};

/// A sample, or a byte of one's errors.
struct WeightGradItem {
  int64_t sample;
  /// The first bit of the byte.
  int32_t shift;
  /// The place among the kinds.
  std::size_t kind;
};

/// The samples of a gradient by weights in the order of their kinds: integer
/// sums of neighbours of one kind go together.
class WeightGradItems {
public:
  /// Lists those of a call. With `bytewise` a sample whose errors have more
  /// than 8 bits makes two items, its high bytes and its low ones.
  void list(const LowbitArguments &arguments, const LowbitConvProblem &problem,
            bool bytewise);

  int64_t size() const { return int64_t(items.size()); }
  const WeightGradItem &operator[](int64_t i) const { return items[i]; }
  const WeightGradKind &kind(std::size_t place) const { return kinds[place]; }

private:
  std::size_t placeOf(const WeightGradKind &kind);

  std::vector<WeightGradKind> kinds;
  std::vector<WeightGradItem> items;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADITEMS_H
