//===- Horowitz.h - Energies of single operations ---------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_COST_HOROWITZ_H
#define FRAC_RUNTIME_COST_HOROWITZ_H

#include "runtime/cost/ContractionShape.h"

namespace frac::horowitz {

// Picojoules at 45 nm and 0.9 V (Horowitz: Computing's energy problem, ISSCC
// 2014).
constexpr double integerAdd = 0.1;
/// Of two integers of 8 bits; others by the product of their widths.
constexpr double integerMultiply = 0.2;
constexpr double floatAdd = 0.9;
constexpr double floatMultiply = 3.7;
/// Of a memory of 8 KB: 10 pJ for 64 bits.
constexpr double sramPerBit = 0.156;
/// The lower end: 1.3 nJ for 64 bits.
constexpr double dramPerBit = 20.3;

/// Picojoules of one multiply-accumulate into 32 bits. Two operands of
/// `floatOperandBits` are multiplied in float.
double multiplyAccumulate(OperandBits bits);

/// Nanojoules of products and of the bits that they move.
double energy(double macs, OperandBits bits, double sramBits, double dramBits);

} // namespace frac::horowitz

#endif // FRAC_RUNTIME_COST_HOROWITZ_H
