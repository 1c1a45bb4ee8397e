//===- IterationSpace.h - Loops over dense buffers ------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// The loops of a linalg.generic on dense buffers, in a form that is easy to
/// reorder and merge: a list of extents and, for each operand, how far a step
/// of each loop moves through its memory.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_CODEGEN_ITERATIONSPACE_H
#define FRAC_PASSES_CODEGEN_ITERATIONSPACE_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace frac {

/// A whole number, or a whole number times a size known at run time.
struct Extent {
  int64_t factor = 1;
  /// Null where the extent is static.
  mlir::Value size;

  bool isStatic() const { return !size; }
  bool isOne() const { return !size && factor == 1; }
  bool operator==(const Extent &other) const {
    return factor == other.factor && (factor == 0 || size == other.size);
  }
  bool operator!=(const Extent &other) const { return !(*this == other); }
};

/// One loop.
struct Loop {
  Extent extent;
  bool isReduction = false;
  /// The dimension of the linalg.generic that this loop is, or -1 if it is
  /// merged of several.
  int64_t dimension = -1;
};

/// How an operand is walked through.
struct Access {
  /// The operand's buffer; views are looked through.
  mlir::Value root;
  /// Elements that a step of each loop moves by.
  llvm::SmallVector<Extent> strides;
  /// Place of the first element.
  int64_t offset = 0;
};

struct IterationSpace {
  /// Outermost first.
  llvm::SmallVector<Loop> loops;
  /// One for each operand, inputs first; of a scalar operand, `root` is the
  /// scalar and all strides are 0.
  llvm::SmallVector<Access> accesses;

  /// The loops of `op` in its own order. Fails, after a diagnostic, if a map
  /// is not a sum of dimensions times constants.
  static llvm::FailureOr<IterationSpace> get(mlir::linalg::GenericOp op);

  /// Drops loops of one iteration, moves the loop that walks through memory
  /// element by element inwards and merges neighbours where every operand
  /// allows it. Dimensions in `pinned` (by number) are not merged.
  void simplify(const llvm::SmallBitVector &pinned);

  /// Makes loop `from` the loop number `to`.
  void moveLoop(unsigned from, unsigned to);

  /// Whether the access does not depend on loops `first` and inwards.
  bool isInvariantFrom(const Access &access, unsigned first) const;
};

} // namespace frac

#endif // FRAC_PASSES_CODEGEN_ITERATIONSPACE_H
