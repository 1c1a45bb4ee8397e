//===- TrainingProduct.cpp - The products of training on an array ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/TrainingProduct.h"

#include "runtime/cost/IntegerMath.h"

#include <utility>

namespace frac {

const char *productFormName(ProductForm form) {
  switch (form) {
  case ProductForm::Matrices:
    return "matrices";
  case ProductForm::WeightMatrices:
    return "weight_matrices";
  case ProductForm::Convolution:
    return "convolution";
  case ProductForm::InputGradient:
    return "input_gradient";
  case ProductForm::WeightGradient:
    return "weight_gradient";
  }
  return "";
}

const char *trainingMappingName(TrainingMapping mapping) {
  return mapping == TrainingMapping::Best ? "best" : "reference";
}

bool operator==(const TrainingProduct &a, const TrainingProduct &b) {
  return a.form == b.form && a.layer == b.layer;
}

/// The transposed product of matrices, with its operands exchanged.
static MappedProduct transposed(const ContractionShape &matrices) {
  ContractionShape shape = matrices;
  // The stack stays; rows and columns of each change places.
  shape.batch = matrices.outChannels / matrices.groups;
  shape.outChannels = multiplyOrZero(matrices.batch, matrices.groups);
  return {shape, true};
}

/// The gradient of the image: the error, larger by the stride, by the kernel.
static MappedProduct inputGradient(const ContractionShape &layer,
                                   TrainingMapping mapping) {
  ContractionShape shape = layer;
  std::swap(shape.inChannels, shape.outChannels);
  shape.stride = {1, 1};
  if (mapping == TrainingMapping::Reference)
    for (size_t i = 0; i < 2; ++i)
      shape.output[i] = multiplyOrZero(layer.output[i], layer.stride[i]);
  return {shape, false};
}

/// The gradient of the kernel: for each of its weights and inputs a row, summed
/// over all pixels of all samples.
static MappedProduct weightGradient(const ContractionShape &layer) {
  int64_t pixels = multiplyOrZero(
      layer.batch, multiplyOrZero(layer.output[0], layer.output[1]));
  ContractionShape shape;
  shape.batch =
      multiplyOrZero(layer.inChannels / layer.groups,
                     multiplyOrZero(layer.kernel[0], layer.kernel[1]));
  shape.inChannels = multiplyOrZero(pixels, layer.groups);
  shape.outChannels = layer.outChannels;
  shape.groups = layer.groups;
  return {shape, false};
}

/// A product of matrices and, unless it is fixed, its transpose.
static std::vector<MappedProduct> matrixForms(const MappedProduct &product,
                                              TrainingMapping mapping) {
  if (mapping == TrainingMapping::Reference)
    return {product};
  return {product, transposed(product.shape)};
}

std::vector<MappedProduct> mapProduct(const TrainingProduct &product,
                                      TrainingMapping mapping) {
  const ContractionShape &layer = product.layer;
  // Broken sizes go to the model as they are, which says what is wrong.
  if (!checkShape(layer).isOk())
    return {{layer, false}};
  switch (product.form) {
  case ProductForm::Matrices:
  case ProductForm::Convolution:
    break;
  case ProductForm::WeightMatrices:
    return matrixForms({layer, false}, mapping);
  case ProductForm::InputGradient:
    return {inputGradient(layer, mapping)};
  case ProductForm::WeightGradient:
    return matrixForms(weightGradient(layer), mapping);
  }
  return {{layer, false}};
}

const CostResult &costOf(const TrainingProduct &product, OperandBits bits,
                         TrainingMapping mapping, CostMemory &memory) {
  const CostResult *best = nullptr;
  CostObjective objective =
      memory.getModel().accelerator().extensions.objective;
  for (const MappedProduct &mapped : mapProduct(product, mapping)) {
    OperandBits own = bits;
    if (mapped.isSwapped)
      std::swap(own.left, own.right);
    const CostResult &result = memory.get(mapped.shape, own);
    if (!best ||
        (result.isOk() &&
         (!best->isOk() || isCheaper(result.cost, best->cost, objective))))
      best = &result;
  }
  return *best;
}

} // namespace frac
