//===- TensorUses.h - Liveness of tensors in one block -------- -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// Where the tensors of a straight-line function are read for the last time,
/// and which variable or output they are meant for. Reshapes count as other
/// names of their operand.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_MEMORY_TENSORUSES_H
#define FRAC_PASSES_MEMORY_TENSORUSES_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Operation.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"
#include <limits>

namespace frac {

/// Whether `op` renames its first operand: expand_shape, collapse_shape, cast.
bool isTensorView(mlir::Operation *op);

/// Whether the initial value of an output of `op` matters: the body reads it,
/// or iterations leave some of it as it is.
bool needsInitialValue(mlir::linalg::GenericOp op, mlir::OpOperand &init);

/// Positions of operations and uses in a block. Built once, before the block
/// is changed; operations inside regions count as their ancestor in the block.
class TensorUses {
public:
  /// Behind every operation: what a function returns or stores is read there.
  static constexpr unsigned endPosition = std::numeric_limits<unsigned>::max();

  explicit TensorUses(mlir::Block &block);

  /// The position of an operation of the block.
  unsigned getPosition(mlir::Operation *op) const {
    return positions.lookup(op);
  }

  /// The last position where `tensor` or a view of it is read; 0 if never.
  unsigned getLastUse(mlir::Value tensor);

  /// What a tensor is meant for.
  struct Target {
    /// The ml_program.global_store or func.return that takes the tensor; null
    /// if there is none.
    mlir::Operation *consumer = nullptr;
    /// The operand of `consumer`.
    unsigned operand = 0;
    /// The views between the tensor and `consumer`, in order of application.
    llvm::SmallVector<mlir::Operation *, 2> views;
  };

  /// Finds the store or return that `tensor` reaches through views and as the
  /// initial value of loops that update it.
  Target findTarget(mlir::Value tensor);

private:
  mlir::Block &block;
  llvm::DenseMap<mlir::Operation *, unsigned> positions;
  llvm::DenseMap<mlir::Value, unsigned> lastUses;
};

} // namespace frac

#endif // FRAC_PASSES_MEMORY_TENSORUSES_H
