//===- NodeContext.h - A node being imported -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the rule of an operator sees of the node, and how it answers.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_NODECONTEXT_H
#define FRAC_FRONTENDS_ONNX_NODECONTEXT_H

#include "frontends/onnx/Diagnostics.h"
#include "frontends/onnx/TensorBuilder.h"

namespace onnx {
class AttributeProto;
class NodeProto;
} // namespace onnx

namespace frac::frontend {

class NodeContext {
public:
  /// `inputs` has a null pointer where an optional input is left out; all
  /// outlive the context. `outputs` tells which outputs are used.
  NodeContext(const onnx::NodeProto &node, int opset, TensorBuilder &builder,
              llvm::SmallVector<Tensor *> inputs, std::vector<bool> outputs,
              std::optional<int64_t> exportedBatch, Diagnostics &diagnostics);

  const onnx::NodeProto &getNode() const { return node; }
  /// Operator set of the operator's domain.
  int getOpset() const { return opset; }
  TensorBuilder &getBuilder() { return builder; }

  /// The batch size that the model was exported with, where that was a number
  /// and the import makes it a variable.
  std::optional<int64_t> getExportedBatch() const { return exportedBatch; }

  //===--- Inputs ---------------------------------------------------------===//

  int64_t getNumInputs() const { return inputs.size(); }
  bool hasInput(size_t index) const {
    return index < inputs.size() && inputs[index];
  }
  /// An input that is there.
  Tensor &getInput(size_t index) { return *inputs[index]; }
  /// The elements of input `index` as integers. Fails with an error where they
  /// are not known at import; `what` names the input.
  mlir::FailureOr<std::vector<int64_t>> getConstantInput(size_t index,
                                                         llvm::StringRef what);

  //===--- Attributes -----------------------------------------------------===//

  bool hasAttribute(llvm::StringRef name) const;
  int64_t getInt(llvm::StringRef name, int64_t defaultValue);
  float getFloat(llvm::StringRef name, float defaultValue);
  std::string getString(llvm::StringRef name, llvm::StringRef defaultValue);
  /// Empty optional where the attribute is not there.
  std::optional<std::vector<int64_t>> getInts(llvm::StringRef name);
  std::optional<std::vector<float>> getFloats(llvm::StringRef name);
  const onnx::AttributeProto *getAttribute(llvm::StringRef name) const;
  /// Name of an attribute that was asked for and has another type; empty if
  /// there was none.
  llvm::StringRef getMistypedAttribute() const { return mistyped; }

  /// A list of integers that is an attribute in some operator sets and an
  /// input in others, such as the axes of reductions; empty where it is left
  /// out. Fails where it is not known at import.
  mlir::FailureOr<std::optional<std::vector<int64_t>>>
  getIntsFromAttributeOrInput(llvm::StringRef name, size_t inputIndex);

  /// `axis` with negative values counted from the end, where 0 <= axis < rank.
  /// Fails with an error if it is out of range.
  mlir::FailureOr<int64_t> normalizeAxis(int64_t axis, int64_t rank);

  /// `axes` in their order, each as `normalizeAxis` has it; fails where one is
  /// given twice.
  mlir::FailureOr<llvm::SmallVector<int64_t>>
  normalizeAxes(llvm::ArrayRef<int64_t> axes, int64_t rank);

  //===--- Outputs --------------------------------------------------------===//

  int64_t getNumOutputs() const { return outputs.size(); }
  /// Whether anything uses the output.
  bool isUsed(size_t index) const {
    return index < outputs.size() && outputs[index];
  }
  void setOutput(size_t index, Tensor tensor);
  /// The output that was set; null if none was.
  const Tensor *getOutput(size_t index) const {
    return index < results.size() && results[index] ? &*results[index]
                                                    : nullptr;
  }

  /// Reports what is wrong with the node and what to do; returns failure.
  mlir::LogicalResult error(const llvm::Twine &message);

private:
  const onnx::NodeProto &node;
  int opset;
  TensorBuilder &builder;
  llvm::SmallVector<Tensor *> inputs;
  std::vector<bool> outputs;
  std::vector<std::optional<Tensor>> results;
  std::optional<int64_t> exportedBatch;
  std::string mistyped;
  Diagnostics &diagnostics;
};

/// The name of a node in messages and locations: its own, or that of its first
/// output.
llvm::StringRef getNodeName(const onnx::NodeProto &node);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_NODECONTEXT_H
