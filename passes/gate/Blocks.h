//===- Blocks.h - The blocks of a model -------------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_GATE_BLOCKS_H
#define FRAC_PASSES_GATE_BLOCKS_H

#include "dialects/interfaces/ContractionOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace frac {

/// What one gate decides on.
enum class GateGranularity {
  /// A residual block; outside of those a contraction with its normalization
  /// and activation.
  Block,
  /// A contraction.
  Layer
};

/// A part of a model with one entry and one exit.
struct GatedBlock {
  /// The node that ends it.
  std::string name;
  /// What it computes from; a gate looks at its samples.
  mlir::Value entry;
  /// What it computes.
  mlir::Value exit;
  /// Whether it ends in the addition of what goes around its contractions.
  bool isResidual = false;
  /// Whether a sample may skip it, which then has its entry for the addition:
  /// a residual block that adds its entry itself, whose contractions a gate
  /// chooses all, and that takes each sample on its own but for what
  /// TrainingModeOpInterface tells.
  bool canSkip = false;
  /// Of a residual block: the addition's result, and the operations from the
  /// entry to it, in order.
  mlir::Value sum;
  std::vector<mlir::Operation *> operations;
  /// Its contractions whose widths a gate may choose, in order: all but
  /// depthwise ones.
  std::vector<ContractionOpInterface> contractions;
  /// Multiply-accumulates of those for a sample, and of depthwise ones in it
  /// and behind it, up to the next block.
  int64_t macs = 0, depthwiseMacs = 0;
};

/// Finds the blocks of `function`, a model of one block, by structure:
///
/// 1. what lies between an addition of two tensors that are computed from one
///    (its immediate dominator in the graph of values that depend on the
///    inputs) and that one, with the activation behind the addition, if
///    nothing else reads from inside and it has a contraction;
/// 2. any other contraction, with what normalizes and activates its result.
///
/// The contractions of `kept` belong to none, nor do those on rows that are not
/// samples one by one (see SampleLayout). Blocks come in the order of their
/// first contractions.
std::vector<GatedBlock>
findGatedBlocks(mlir::func::FuncOp function,
                const llvm::DenseSet<mlir::Operation *> &kept,
                GateGranularity granularity);

} // namespace frac

#endif // FRAC_PASSES_GATE_BLOCKS_H
