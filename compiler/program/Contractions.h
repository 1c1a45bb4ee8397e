//===- Contractions.h - The multiply-accumulate work of a program
//--------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_PROGRAM_CONTRACTIONS_H
#define FRAC_COMPILER_PROGRAM_CONTRACTIONS_H

#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <vector>

namespace frac {

/// Which of the three products of training a contraction is: the forward one,
/// the gradient of an activation, or the gradient of weights.
enum class Product { Forward, Error, WeightGradient };

/// "forward", "error" or "weight_gradient".
llvm::StringRef getProductName(Product product);

/// One contraction of a training step.
struct Contraction {
  /// Name of the ONNX node it comes from, if known.
  std::string name;
  /// Name of the operation, such as "nn.conv".
  std::string op;
  Product product;
  int64_t macsPerSample;
};

/// The contractions of @step in order, in a module as
/// `frac-build-training-program` leaves it. @eval has those of the forward
/// pass, with which @step begins. Of the others, a product with weights is an
/// error product.
std::vector<Contraction> listContractions(mlir::ModuleOp module);

} // namespace frac

#endif // FRAC_COMPILER_PROGRAM_CONTRACTIONS_H
