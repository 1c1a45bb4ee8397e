//===- IntegerMath.h - Divisions that round up ------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_COST_INTEGERMATH_H
#define FRAC_RUNTIME_COST_INTEGERMATH_H

#include <cstdint>

namespace frac {

/// value / divisor, rounded up; both positive, or value 0.
inline int64_t ceilDiv(int64_t value, int64_t divisor) {
  return value / divisor + (value % divisor != 0);
}

/// The smallest multiple of `unit` that is not below `value`.
inline int64_t roundUp(int64_t value, int64_t unit) {
  return ceilDiv(value, unit) * unit;
}

/// a * b, or 0 where that is no integer: an extent that every model refuses.
inline int64_t multiplyOrZero(int64_t a, int64_t b) {
  int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? 0 : result;
}

} // namespace frac

#endif // FRAC_RUNTIME_COST_INTEGERMATH_H
