//===- Loss.h - Losses ----------------------------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_TRAIN_LOSS_H
#define FRAC_PASSES_TRAIN_LOSS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace frac {

/// What a model is trained to make small.
enum class LossKind {
  /// -log softmax(output)[target], mean over the batch.
  SoftmaxCrossEntropy,
  /// -output[target], mean over the batch; the output holds log-probabilities.
  NLL,
  /// (output - target)^2, mean over all elements.
  MSE,
  /// -t log(s) - (1 - t) log(1 - s) with s = sigmoid(output), mean over all
  /// elements.
  BCEWithLogits,
};

/// Whether targets are class numbers.
inline bool isClassification(LossKind kind) {
  return kind == LossKind::SoftmaxCrossEntropy || kind == LossKind::NLL;
}

/// The name of a loss in a recipe.
llvm::StringRef getLossName(LossKind kind);

/// The type of the targets of a model whose output has type `output`: (N) class
/// numbers for an output (N, C), or a tensor like the output. Fails after an
/// error at `loc` if the loss does not fit the output.
mlir::FailureOr<mlir::RankedTensorType>
getTargetType(LossKind kind, mlir::Type output, mlir::Location loc);

/// Both are tensor<f32>.
struct LossValues {
  mlir::Value loss;
  /// Number of samples whose largest output is that of the target; 0 if there
  /// are no classes.
  mlir::Value correct;
};

/// Builds the loss of `output` at `target`, whose type `getTargetType` gives.
LossValues buildLoss(mlir::OpBuilder &builder, mlir::Location loc,
                     LossKind kind, mlir::Value output, mlir::Value target);

} // namespace frac

#endif // FRAC_PASSES_TRAIN_LOSS_H
