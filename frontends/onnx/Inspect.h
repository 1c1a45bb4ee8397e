//===- Inspect.h - What is in a model ------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_INSPECT_H
#define FRAC_FRONTENDS_ONNX_INSPECT_H

#include "frontends/onnx/Model.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace frac::frontend {

/// How a model comes with BatchNormalization.
enum class BatchNormCase {
  /// Nodes in training form.
  Training,
  /// Nodes in inference form.
  Inference,
  /// Convolutions that feed activations or additions without normalization:
  /// probably an exporter folded it into them.
  Folded,
  /// No such convolution.
  None,
};

/// What `fracc inspect` tells.
struct ModelSummary {
  struct Value {
    std::string name;
    std::string type;
  };
  /// An operator of the model and what the operator table says of it.
  struct OperatorUse {
    std::string name;
    int64_t count = 0;
    bool supported = false;
    /// Inputs that get a gradient; empty if none does.
    std::string gradient;
  };
  /// A convolution or matrix product.
  struct Contraction {
    /// Name of the ONNX node.
    std::string node;
    /// Name of the nn operation.
    std::string op;
    /// Multiply-accumulates a sample.
    int64_t macs = 0;
  };

  std::string model;
  std::string producer;
  int64_t irVersion = 0;
  int opset = 0;
  std::vector<Value> inputs, outputs;
  std::vector<OperatorUse> operators;
  BatchNormCase batchNorm = BatchNormCase::None;

  /// The rest is known only of a model that was imported.
  bool imported = false;
  /// Numbers of elements of the variables of each role.
  int64_t parameters = 0, frozen = 0, state = 0;
  std::vector<Contraction> contractions;
  bool endsInSoftmax = false;

  /// Multiply-accumulates a sample of the forward pass.
  int64_t getMacs() const;
};

/// Looks at `model` and the module it was imported to, which may be null.
ModelSummary inspectModel(const Model &model, mlir::ModuleOp module);

/// Writes the summary for people.
void printSummary(const ModelSummary &summary, llvm::raw_ostream &os);

/// The summary for programs.
llvm::json::Value toJSON(const ModelSummary &summary);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_INSPECT_H
