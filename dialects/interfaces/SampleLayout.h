//===- SampleLayout.h - Where the samples are in tensors --------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_INTERFACES_SAMPLELAYOUT_H
#define FRAC_DIALECTS_INTERFACES_SAMPLELAYOUT_H

#include "dialects/interfaces/ContractionOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace frac {

/// An analysis of a function of one block whose arguments have the samples
/// along their dynamic dimension: how many places along that of any tensor each
/// sample has. A reshape (KeepsElements) may join the batch with other
/// dimensions, as the tokens of an image become rows of a matrix or the heads
/// of an attention a stack; other operations keep what their operands have.
class SampleLayout {
public:
  explicit SampleLayout(mlir::func::FuncOp function);

  /// Whether dimension 0 of `value` has one place for each sample, in order.
  bool isBySample(mlir::Value value) const;

  /// The places along the dynamic dimensions of `op` that each sample has; 1 if
  /// nothing is known.
  int64_t getRows(ContractionOpInterface op) const;

  /// Multiply-accumulates for one sample.
  int64_t getMacs(ContractionOpInterface op) const {
    return getRows(op) * op.getMacsPerSample();
  }

private:
  struct Rows {
    /// Places a sample; 0 if that is no whole number, or not the same for all.
    int64_t count = 1;
    /// Whether those of each sample are neighbours, and samples in order.
    bool isOrdered = true;

    bool operator==(const Rows &other) const {
      return count == other.count && isOrdered == other.isOrdered;
    }
  };

  void addOperation(mlir::Operation *op);

  llvm::DenseMap<mlir::Value, Rows> known;
};

} // namespace frac

#endif // FRAC_DIALECTS_INTERFACES_SAMPLELAYOUT_H
