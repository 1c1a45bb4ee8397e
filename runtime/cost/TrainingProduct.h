//===- TrainingProduct.h - The products of training on an array -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_COST_TRAININGPRODUCT_H
#define FRAC_RUNTIME_COST_TRAININGPRODUCT_H

#include "runtime/cost/CostMemory.h"

#include <string>
#include <vector>

namespace frac {

/// What a product of training computes.
enum class ProductForm {
  /// A product of matrices.
  Matrices,
  /// The same, for a gradient of weights: the transposed product with both
  /// operands exchanged is as good.
  WeightMatrices,
  /// A convolution.
  Convolution,
  /// The gradient of its image.
  InputGradient,
  /// The gradient of its kernel.
  WeightGradient,
};

/// The name of a form, as the metadata of a program spells it.
const char *productFormName(ProductForm form);

/// A product of training. `layer` is the convolution that it belongs to, or a
/// product of matrices as `ContractionShape` has it.
struct TrainingProduct {
  ProductForm form = ProductForm::Matrices;
  ContractionShape layer;

  /// Multiply-accumulates that are of use.
  double macs() const { return layer.macs(); }
};

bool operator==(const TrainingProduct &a, const TrainingProduct &b);

/// How the products of the backward pass become products of an array.
enum class TrainingMapping {
  /// The gradient of an image with a stride as one dense convolution a phase of
  /// the stride, together as many multiply-accumulates as forward; that of a
  /// kernel in the cheaper one of its two matrix forms.
  Best,
  /// As the published sums of whole networks have it: zeros stand between the
  /// errors, which is the stride squared times the work, and the rows of a
  /// kernel's gradient are its inputs.
  Reference,
};

/// "best" or "reference".
const char *trainingMappingName(TrainingMapping mapping);

/// A product as the array does it.
struct MappedProduct {
  ContractionShape shape;
  /// Whether the right operand of training is the left one here.
  bool isSwapped = false;
};

/// The ways to do a product, of which the array takes the cheapest.
std::vector<MappedProduct> mapProduct(const TrainingProduct &product,
                                      TrainingMapping mapping);

/// The cost of the cheapest way, or why the first one is refused.
const CostResult &costOf(const TrainingProduct &product, OperandBits bits,
                         TrainingMapping mapping, CostMemory &memory);

} // namespace frac

#endif // FRAC_RUNTIME_COST_TRAININGPRODUCT_H
