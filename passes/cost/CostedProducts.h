//===- CostedProducts.h - The contractions of a program, for costs -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_COST_COSTEDPRODUCTS_H
#define FRAC_PASSES_COST_COSTEDPRODUCTS_H

#include "passes/precision/Products.h"
#include "runtime/cost/ProductPattern.h"
#include "runtime/precision/PrecisionSymbol.h"

#include <optional>
#include <string>
#include <vector>

namespace frac {

/// The width of a factor as the program has it: a number, or the symbol that it
/// is read from the table by.
struct WidthExpression {
  /// Bits; `floatOperandBits` for a float; 0 for a symbol, or where nothing is
  /// known.
  int bits = 0;
  /// The name of the symbol, or empty.
  std::string symbol;
  /// What the factor is to its contraction.
  SymbolRole role = SymbolRole::Activation;

  bool isSymbol() const { return !symbol.empty(); }

  /// The width where roles have these.
  int at(const RoleWidths &widths) const {
    return isSymbol() ? widthOf(widths, role) : bits;
  }
};

/// A contraction of a program with what its cost depends on.
struct CostedProduct {
  ContractionOpInterface op;
  /// Name of the node it comes from, and of the operation.
  std::string name, opName;
  Product pass = Product::Forward;
  /// The product of any batch, or why it has no shape that could be modelled.
  std::optional<ProductPattern> pattern;
  /// The product of a batch, if there is a pattern.
  std::optional<TrainingProduct> product;
  std::string problem;
  /// Places along its dynamic dimension that a sample has.
  int64_t rows = 1;
  /// Multiply-accumulates of a sample and of a whole batch.
  int64_t macsPerSample = 0;
  double macs = 0;
  /// Of the product's left and right operand.
  WidthExpression left, right;
  /// Whether a gate may let samples skip it; unknown to the list.
  bool canSkip = false;

  /// Gives the operand of that role, if there is one, a known width.
  void setWidth(SymbolRole role, int bits);
};

/// The contractions of a function in order, for a batch in place of dynamic
/// extents. Without a loss, a single number as first result, all of them are
/// forward. The first convolution of the forward pass is one that writes out
/// its windows, as BitFusion does it.
/// With `allWindows` every convolution and gradient of an image does.
std::vector<CostedProduct> listCostedProducts(mlir::func::FuncOp function,
                                              int64_t batch,
                                              bool allWindows = false);

} // namespace frac

#endif // FRAC_PASSES_COST_COSTEDPRODUCTS_H
