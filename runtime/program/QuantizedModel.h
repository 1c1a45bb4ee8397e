//===- QuantizedModel.h - The model of --export-quantized -------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_PROGRAM_QUANTIZEDMODEL_H
#define FRAC_RUNTIME_PROGRAM_QUANTIZEDMODEL_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace frac {

/// What is to be written into a model (docs/program-metadata.md).
enum class ModelFieldKind {
  Values,
  WeightIntegers,
  WeightScale,
  WeightZeroPoint,
  WeightLow,
  ActivationScale,
  ActivationLow,
  ActivationExtent,
};

/// A piece that the bytes of a model lack.
struct ModelField {
  ModelFieldKind kind = ModelFieldKind::Values;
  /// Where it belongs, counted from the first byte of the model.
  uint64_t place = 0;
  /// Place in `Program::variables` of the values or weights; of an activation,
  /// of the lower end of its running range.
  size_t variable = 0;
  /// Of an activation: the variable that is the length of its running range.
  size_t extent = 0;
  /// Place of the width in `Program::symbols`; none for values.
  size_t symbol = 0;
  /// The dimension of weights whose indices have ranges of their own, or -1 for
  /// one range.
  int64_t dimension = -1;
};

/// The user's model with quantized operands, without what training decides.
struct QuantizedModel {
  /// Why there is none, as what follows "it"; empty if there is one.
  std::string problem;
  /// The place inside `frac_program::model`; no bytes where operands are float.
  uint64_t offset = 0;
  uint64_t bytes = 0;
  /// In the order of their places.
  std::vector<ModelField> fields;
};

} // namespace frac

#endif // FRAC_RUNTIME_PROGRAM_QUANTIZEDMODEL_H
