//===- Optimizer.h - Optimizers -------------------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_TRAIN_OPTIMIZER_H
#define FRAC_PASSES_TRAIN_OPTIMIZER_H

#include "dialects/adjoints/AdjointBuilder.h"

namespace frac {

/// How parameters follow their gradients.
enum class OptimizerKind { SGD, Adam, AdamW };

/// What of an optimizer is fixed when a program is compiled. Numbers such as
/// the learning rate are inputs of each step.
struct OptimizerOptions {
  OptimizerKind kind = OptimizerKind::SGD;
  /// Of SGD: whether there is a momentum, and whether it looks ahead
  /// (Nesterov).
  bool momentum = true;
  bool nesterov = false;
};

/// The numbers of the `hyper` input as f32 scalars, each read once, where the
/// builder stands at construction; the place must come before all uses.
class Hyper {
public:
  Hyper(AdjointBuilder &b, mlir::Value vector);

  /// Entry `index` of enum frac_hyper.
  mlir::Value get(unsigned index) const { return entries[index]; }

private:
  llvm::SmallVector<mlir::Value> entries;
};

/// Names of the variables that the optimizer keeps for each parameter, such as
/// "momentum". All start as zeros.
llvm::SmallVector<llvm::StringRef>
getSlotNames(const OptimizerOptions &options);

/// A parameter's new value and those of its slots.
struct Update {
  mlir::Value parameter;
  llvm::SmallVector<mlir::Value> slots;
};

/// Builds one step of the optimizer: PyTorch's SGD (dampening 0), Adam and
/// AdamW, with the numbers of `hyper`. All values have the parameter's type.
Update buildUpdate(AdjointBuilder &b, const OptimizerOptions &options,
                   const Hyper &hyper, mlir::Value parameter,
                   mlir::Value gradient, llvm::ArrayRef<mlir::Value> slots);

/// The Euclidean norm of all gradients together, an f32 scalar.
mlir::Value buildGradientNorm(AdjointBuilder &b,
                              llvm::ArrayRef<mlir::Value> gradients);

/// The factor, an f32 scalar, that brings gradients of norm `norm` down to at
/// most the norm that `hyper` allows, as torch.nn.utils.clip_grad_norm_; 1
/// where it allows any.
mlir::Value buildClipFactor(AdjointBuilder &b, const Hyper &hyper,
                            mlir::Value norm);

} // namespace frac

#endif // FRAC_PASSES_TRAIN_OPTIMIZER_H
