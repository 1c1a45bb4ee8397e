//===- CounterKey.h - Keys of random numbers --------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_LOWERING_COUNTERKEY_H
#define FRAC_PASSES_LOWERING_COUNTERKEY_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

namespace frac {

/// Arithmetic on 64-bit words without sign.
struct Words64 {
  /// 2^64 divided by the golden ratio, the step of SplitMix64.
  static constexpr uint64_t step = 0x9e3779b97f4a7c15u;

  mlir::OpBuilder &b;
  mlir::Location loc;

  mlir::Value word(uint64_t value) const;
  mlir::Value add(mlir::Value x, mlir::Value y) const;
  mlir::Value mul(mlir::Value x, uint64_t factor) const;
  mlir::Value xorShift(mlir::Value x, uint64_t bits) const;
  /// The output function of SplitMix64 (Steele, Lea and Flood 2014): a
  /// bijection in which every bit of the result depends on all of `x`.
  mlir::Value mix(mlir::Value x) const;
};

/// A key of 64 bits from `counter`, a tensor of two i64 (seed and iteration),
/// and the number of a stream.
mlir::Value createCounterKey(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::Value counter, uint64_t stream);

} // namespace frac

#endif // FRAC_PASSES_LOWERING_COUNTERKEY_H
