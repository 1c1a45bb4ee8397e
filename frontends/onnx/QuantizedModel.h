//===- QuantizedModel.h - A model with quantized factors -------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The model that `--export-quantized` writes: the user's own graph, in which
/// the factors of quantized contractions are on the grids of their widths, by
/// QuantizeLinear and DequantizeLinear. Weights are int8 initializers.
///
/// A grid has a real zero point, x = scale q + low, so that an addition
/// follows every DequantizeLinear:
///
///   weights:     w -> DequantizeLinear(scale, zero point) -> Add low
///   activations: x -> Sub low -> Clip to [0, extent] -> QuantizeLinear(scale)
///                  -> DequantizeLinear(scale) -> Add low
///
/// with w = q - 2^(bits-1) and the zero point -2^(bits-1), so that the product
/// is that of q itself and rounded once, as in the executable.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_QUANTIZEDMODEL_H
#define FRAC_FRONTENDS_ONNX_QUANTIZEDMODEL_H

#include "frontends/onnx/Model.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringSet.h"

#include <optional>
#include <string>
#include <vector>

namespace frac::frontend {

/// A factor of a contraction that evaluation computes from integers.
struct QuantizedFactor {
  /// Name of the contraction's node, as `getNodeName` gives it.
  std::string node;
  /// Which input of the node it is.
  int input = 0;
  /// Place of its width in the table of widths, and the symbol's name.
  int64_t symbol = 0;
  std::string symbolName;
  /// Whether it is weights, else an activation.
  bool isWeights = false;
  /// The initializer that weights are, if need be transposed or in another
  /// shape; empty where they are computed in another way.
  std::string weights;
  /// The dimension of the initializer whose indices have ranges of their own;
  /// none: there is one range.
  std::optional<int64_t> dimension;
};

/// What the runtime has to write into a model.
enum class ModelFieldKind {
  /// The values of a variable, in float.
  Values,
  /// Of weights: q - 2^(bits-1) as int8; scales in float; -2^(bits-1) as int8;
  /// zero points `low` in float. Of the latter three one a range.
  WeightIntegers,
  WeightScale,
  WeightZeroPoint,
  WeightLow,
  /// Of an activation's running range, one float each: the scale, the lower
  /// end, and the length (2^bits - 1) scale of the grid.
  ActivationScale,
  ActivationLow,
  ActivationExtent,
};

/// A piece that is left out of the bytes of a model.
struct ModelField {
  ModelFieldKind kind = ModelFieldKind::Values;
  /// Where in the bytes it belongs.
  int64_t place = 0;
  /// The variable of values and weights.
  std::string variable;
  /// Place of the width in the table of widths, -1 for values.
  int64_t symbol = -1;
  /// The dimension of weights that have one range an index, else -1.
  int64_t dimension = -1;
};

/// A serialized model without the values of its fields.
struct QuantizedModel {
  /// Why there is none, with what to do: the end of a sentence that begins with
  /// the model. Empty if there is one.
  std::string problem;
  std::string bytes;
  /// In the order of their places.
  std::vector<ModelField> fields;
};

/// Quantizes `factors` in `model` as evaluation does. `variables` are the
/// initializers whose values the runtime has. The graph is put into evaluation
/// form.
QuantizedModel makeQuantizedModel(const Model &model,
                                  llvm::ArrayRef<QuantizedFactor> factors,
                                  const llvm::StringSet<> &variables);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_QUANTIZEDMODEL_H
