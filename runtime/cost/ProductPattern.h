//===- ProductPattern.h - A product of any batch ----------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_COST_PRODUCTPATTERN_H
#define FRAC_RUNTIME_COST_PRODUCTPATTERN_H

#include "runtime/cost/TrainingProduct.h"

#include <optional>
#include <string>

namespace frac {

/// What stands in a pattern for the number of samples; n times that for as many
/// places as n for each sample.
constexpr int64_t batchExtent = -1;

/// A product of training whose batch is open, as a program's metadata has it
/// (docs/program-metadata.md).
struct ProductPattern {
  ProductForm form = ProductForm::Matrices;
  /// As of a `TrainingProduct`, with multiples of `batchExtent` where the batch
  /// goes; but of matrices both channels are those of one of the stack.
  ContractionShape layer;
  /// Whether the product's left operand is the operation's right factor.
  bool isSwapped = false;

  /// The product of `batch` samples. Sizes that are too large become such that
  /// every model refuses.
  TrainingProduct at(int64_t batch) const;
};

/// The pattern as a JSON object, and back; nothing for anything else.
std::string patternJson(const ProductPattern &pattern);
std::optional<ProductPattern> parsePattern(const std::string &json);

} // namespace frac

#endif // FRAC_RUNTIME_COST_PRODUCTPATTERN_H
