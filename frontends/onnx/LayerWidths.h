//===- LayerWidths.h - Widths of layers in a model's file -------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_LAYERWIDTHS_H
#define FRAC_FRONTENDS_ONNX_LAYERWIDTHS_H

#include "frontends/onnx/Diagnostics.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace onnx {
class ModelProto;
} // namespace onnx

namespace frac::frontend {

class Model;

/// Bits of the operands of one node, as the ONNX front end of ZigZag (a
/// design-space exploration of accelerators) reads them: the integer attributes
/// `act_size`, `weight_size` and `output_size`, the last one of accumulated
/// sums. ONNX does not know these attributes. 0: not said.
struct LayerWidths {
  std::string node;
  int activation = 0;
  int weight = 0;
  int output = 0;
};

/// Takes these attributes out of a model, so that it is one that ONNX knows.
/// What is no number of bits is an error.
std::vector<LayerWidths> takeLayerWidths(onnx::ModelProto &model,
                                         Diagnostics &diagnostics);

/// Writes a copy of the model in which nodes have the attributes. Returns false
/// after an error, of which the model being larger than 2 GB is the one
/// possible.
bool writeWithLayerWidths(const Model &model,
                          llvm::ArrayRef<LayerWidths> widths,
                          llvm::raw_ostream &os, Diagnostics &diagnostics);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_LAYERWIDTHS_H
