//===- StructuredAdjoint.h - Gradients of loop nests ------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One rule for all structured operations. An operation adds up, or keeps the
/// extremum of, terms h(x1[g1(i)], x2[g2(i)], ...) at y[f(i)], for each
/// iteration i. So the gradient of xk is a nest over the same iterations that
/// adds dh/dxk times the gradient at f(i) to the element at gk(i). The
/// derivative of h is that of the body, taken by the same driver.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_ADJOINTS_STRUCTUREDADJOINT_H
#define FRAC_DIALECTS_ADJOINTS_STRUCTUREDADJOINT_H

#include "dialects/adjoints/AdjointBuilder.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/DenseSet.h"

namespace frac {

/// The rule for one operation on tensors.
class StructuredAdjoint {
public:
  StructuredAdjoint(mlir::linalg::LinalgOp op, mlir::OpBuilder &builder,
                    mlir::ValueRange resultGradients)
      : op(op), b(op.getLoc(), builder), resultGradients(resultGradients) {}

  /// As DifferentiableOpInterface::buildAdjoint, for operands and captures.
  AdjointValues build(const llvm::BitVector &wanted);

private:
  /// How the terms of one result come together.
  struct Accumulation {
    enum Kind { Last, Sum, Extremum } kind = Last;
    /// h, a value of the body.
    mlir::Value term;
  };

  /// A tensor that the nest of a gradient reads beside the operation's inputs.
  struct ReadTensor {
    mlir::Value tensor;
    mlir::AffineMap map;
  };

  /// Finds out how each result that has a gradient comes about. Fails with a
  /// diagnostic where a term depends on those before it.
  mlir::LogicalResult analyse();
  /// Adds what `term`, of `result`, is computed from to `needed`.
  mlir::LogicalResult addNeeded(mlir::Value term, unsigned result);
  mlir::AffineMap getResultMap(unsigned result) {
    return op.getMatchingIndexingMap(op.getDpsInitOperand(result));
  }

  /// Clones what terms need of the body, for elements of the inputs.
  void cloneTerms(mlir::OpBuilder &nested, mlir::ValueRange inputs,
                  mlir::IRMapping &mapping);
  /// The gradients that arrive and, of an extremum, what tells the terms that
  /// are equal to it.
  llvm::SmallVector<ReadTensor> getReads();
  /// The gradients of `leaves`, values of the clone that `mapping` leads to,
  /// for elements of what getReads() gives.
  mlir::FailureOr<llvm::SmallVector<mlir::Value>>
  differentiateTerms(mlir::OpBuilder &nested, mlir::ValueRange reads,
                     const mlir::IRMapping &mapping,
                     llvm::ArrayRef<mlir::Value> leaves);

  /// A nest over the iterations of `op`, into `init` by `map`: `body` gets the
  /// inputs of `op`, the elements of `reads`, and the element so far.
  mlir::Value createNest(
      llvm::ArrayRef<ReadTensor> reads, mlir::Value init, mlir::AffineMap map,
      llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::ValueRange)>
          body);
  /// How many terms are equal to each element of an extremum.
  mlir::Value countExtrema(unsigned result);
  /// The gradient of an input, null if it is zero everywhere.
  mlir::FailureOr<mlir::Value> buildGradient(mlir::OpOperand &operand);
  /// The gradient of a value that the body takes from outside: a number, or a
  /// tensor whose elements it looks up by numbers it has computed.
  mlir::FailureOr<mlir::Value> buildCaptureGradient(mlir::Value captured);

  mlir::linalg::LinalgOp op;
  AdjointBuilder b;
  mlir::ValueRange resultGradients;
  llvm::SmallVector<Accumulation> accumulations;
  /// For each extremum, how many terms are equal to it.
  llvm::SmallVector<mlir::Value> counts;
  /// What terms are computed by.
  llvm::DenseSet<mlir::Operation *> needed;
};

} // namespace frac

#endif // FRAC_DIALECTS_ADJOINTS_STRUCTUREDADJOINT_H
