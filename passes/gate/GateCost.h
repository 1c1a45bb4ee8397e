//===- GateCost.h - What the choices of gates cost --------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_GATE_GATECOST_H
#define FRAC_PASSES_GATE_GATECOST_H

#include "dialects/adjoints/AdjointBuilder.h"
#include "passes/gate/Blocks.h"

namespace frac {

/// Numbers that the runtime gives to every call, taken from the input "gates".
struct GateNumbers {
  GateNumbers(AdjointBuilder &b, mlir::Value gates, int64_t candidates);

  /// tensor<f32> of the place `FRAC_GATE_...`.
  mlir::Value get(AdjointBuilder &b, int64_t place) const;

  /// tensor<Kxf32>.
  mlir::Value costs, forward, backward;
  /// tensor<2xf32>: period and phase.
  mlir::Value sampling;

private:
  mlir::Value gates;
};

struct GateCost {
  /// tensor<f32>.
  mlir::Value penalty;
  /// tensor<LxKxf32>, or tensor<2LxKxf32> where there is `besides`.
  mlir::Value choices;
};

/// Builds the cost of `choices`, one tensor<?xKxf32> a block, as
/// `frac-insert-gates` documents it:
///
///   Cost = sum_n (sum_l F_l sum_k m_lnk c_k + fixed)
///   cp   = 100 mean_n(Cost) / (3 sum_l F_l + fixed)
///   sign = -1 if cp < low, 1 if cp >= high, else inside if cp >= target, else
///          -inside
///
/// where `fixed` are the depthwise products at 8 bits and errors of 16, in the
/// denominator too as published (Fu et al.: FracTrain, 2020). The penalty is
/// sign beta Cost / mean(F); the sign has no gradient. The choices are counted
/// by candidate, and behind them what `besides` lists in the same way, if there
/// is any.
GateCost buildGateCost(AdjointBuilder &b, const GateNumbers &numbers,
                       llvm::ArrayRef<GatedBlock> blocks,
                       llvm::ArrayRef<mlir::Value> choices,
                       llvm::ArrayRef<mlir::Value> besides);

} // namespace frac

#endif // FRAC_PASSES_GATE_GATECOST_H
