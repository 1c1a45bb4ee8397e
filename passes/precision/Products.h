//===- Products.h - The parts that contractions play in training ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_PRECISION_PRODUCTS_H
#define FRAC_PASSES_PRECISION_PRODUCTS_H

#include "dialects/frac/FracDialect.h"
#include "dialects/interfaces/ContractionOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseSet.h"

namespace frac {

/// Which of the three products of training a contraction is: the forward one,
/// the gradient of an activation, or the gradient of weights.
enum class Product { Forward, Error, WeightGradient };

/// "forward", "error" or "weight_gradient".
llvm::StringRef getProductName(Product product);

/// Tells the products of an entry apart. The first result of the function is
/// the loss: what it is computed from is the forward pass, all else backward.
class Products {
public:
  explicit Products(mlir::func::FuncOp function);

  Product getProduct(ContractionOpInterface op) const;

  /// A variable, if need be under another shape, is a weight; what else the
  /// loss is computed from is an activation; the rest is an error.
  precision::Role getRole(mlir::Value factor) const;

private:
  bool isForward(mlir::Value value) const;

  llvm::DenseSet<mlir::Operation *> forward;
};

} // namespace frac

#endif // FRAC_PASSES_PRECISION_PRODUCTS_H
