//===- SkipChoice.h - Samples that skip a block -----------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_GATE_SKIPCHOICE_H
#define FRAC_PASSES_GATE_SKIPCHOICE_H

#include "passes/gate/Blocks.h"
#include "passes/gate/GateCost.h"

namespace frac {

/// What follows from the choice of a gate that may skip its block
/// (docs/gates.md). Tensors have an entry or a row for each sample.
struct SkipChoice {
  /// 1 for those that run the block, else 0; without gradients.
  mlir::Value runs;
  /// 1 for those that the block is computed for: those that run it, and those
  /// that train the gate unless its choice is forced.
  mlir::Value evaluated;
  /// Those whose range the block's activations have: the ones that run, or if
  /// there are none the evaluated ones.
  mlir::Value ranged;
  /// `runs`, with the gradient of the choice where the block is computed.
  mlir::Value share;
  /// The choice among the candidates that run: what was chosen, or where that
  /// skips the block the best of the others. Its gradient is that of the share
  /// of the running candidates that each has.
  mlir::Value width;
  /// `width` for those that are evaluated and do not run, else 0.
  mlir::Value besides;
};

/// Builds it from the `scores` and the `choice` of a gate. `forced` is a
/// tensor<f32>; `skips` are the candidates of 0 bits.
SkipChoice buildSkipChoice(AdjointBuilder &b, const GateNumbers &numbers,
                           mlir::Value scores, mlir::Value choice,
                           mlir::Value forced, llvm::ArrayRef<int64_t> skips);

/// `forced`, but -1 if that is one of `candidates`.
mlir::Value allowForced(AdjointBuilder &b, mlir::Value forced,
                        llvm::ArrayRef<int64_t> candidates);

/// Lets samples that skip `block` have its entry, activated as its sum is, for
/// its exit: share exit + (1 - share) activation(entry). Returns the new exit,
/// which all that read the old one now read.
mlir::Value mergeSkipped(const GatedBlock &block, mlir::Value share);

} // namespace frac

#endif // FRAC_PASSES_GATE_SKIPCHOICE_H
