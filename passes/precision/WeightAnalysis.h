//===- WeightAnalysis.h - Weights of an inference function ------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_PRECISION_WEIGHTANALYSIS_H
#define FRAC_PASSES_PRECISION_WEIGHTANALYSIS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseSet.h"

namespace frac {

/// Tells the weights of an inference function from its activations: a value is
/// a weight if it is computed from constants, variables and the named arguments
/// alone. An operation without operands makes a constant or loads a variable.
class WeightAnalysis {
public:
  /// `arguments` are numbers of arguments of `function` that hold weights.
  WeightAnalysis(mlir::func::FuncOp function,
                 llvm::ArrayRef<unsigned> arguments);

  bool isWeight(mlir::Value value) const { return weights.contains(value); }

private:
  llvm::DenseSet<mlir::Value> weights;
};

} // namespace frac

#endif // FRAC_PASSES_PRECISION_WEIGHTANALYSIS_H
