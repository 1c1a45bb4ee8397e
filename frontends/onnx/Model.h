//===- Model.h - An ONNX model in memory ---------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Loading of ONNX files. Nothing in a file is trusted: sizes, names of
/// external data files, offsets and dimensions are checked before use.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_MODEL_H
#define FRAC_FRONTENDS_ONNX_MODEL_H

#include "frontends/onnx/Diagnostics.h"
#include "frontends/onnx/LayerWidths.h"
#include "llvm/ADT/StringRef.h"

#include <memory>
#include <string>

namespace onnx {
class ModelProto;
} // namespace onnx

namespace frac::frontend {

/// Operator sets of the ONNX domain that models may use.
constexpr int minOpset = 6, maxOpset = 21;
/// Newest IR version that models may have.
constexpr int maxIrVersion = 10;

/// A loaded model. Initializers of numeric types hold their values as raw
/// data of the right size, whatever form they had in the file. An imported
/// module refers to this memory, so the model must outlive it.
class Model {
public:
  ~Model();

  /// Reads and checks the model at `path`. Returns null after an error.
  static std::unique_ptr<Model> load(llvm::StringRef path,
                                     Diagnostics &diagnostics);

  /// Takes over a model that was made in memory; `path` names it in messages
  /// and tells where external data files may lie.
  static std::unique_ptr<Model> create(onnx::ModelProto proto,
                                       llvm::StringRef path,
                                       Diagnostics &diagnostics);

  llvm::StringRef getPath() const { return path; }

  /// Operator set of the ONNX domain.
  int getOpset() const { return opset; }

  /// The widths that nodes had in the file, which the model does without.
  llvm::ArrayRef<LayerWidths> getLayerWidths() const { return layerWidths; }

  const onnx::ModelProto &getProto() const { return *proto; }
  onnx::ModelProto &getProto() { return *proto; }

private:
  Model(std::unique_ptr<onnx::ModelProto> proto, llvm::StringRef path);

  std::unique_ptr<onnx::ModelProto> proto;
  std::string path;
  int opset = 0;
  std::vector<LayerWidths> layerWidths;
};

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_MODEL_H
