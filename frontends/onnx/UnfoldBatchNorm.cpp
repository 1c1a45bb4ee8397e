//===- UnfoldBatchNorm.cpp - Put folded BatchNormalization back ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Import.h"

#include "frontends/onnx/GraphIndex.h"
#include "frontends/onnx/GraphNames.h"
#include "frontends/onnx/NodeContext.h"
#include "llvm/ADT/StringSet.h"

#include <onnx/onnx_pb.h>

using namespace frac::frontend;

namespace {

/// Inserts normalizations into one graph.
class Unfolder {
public:
  explicit Unfolder(Model &model)
      : graph(*model.getProto().mutable_graph()), index(graph),
        listsInitializersAsInputs(model.getProto().ir_version() < 4),
        names(graph) {}

  int run();

private:
  onnx::NodeProto normalize(onnx::NodeProto &conv);
  std::string addInitializer(const std::string &name,
                             const std::vector<float> &values);
  void dropUnusedInitializers();

  onnx::GraphProto &graph;
  GraphIndex index;
  /// Before IR version 4 initializers had to be inputs too.
  bool listsInitializersAsInputs;
  GraphNames names;
};

} // namespace

std::string Unfolder::addInitializer(const std::string &name,
                                     const std::vector<float> &values) {
  onnx::TensorProto &tensor = *graph.add_initializer();
  tensor.set_name(names.makeUnique(name));
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.add_dims(values.size());
  tensor.set_raw_data(values.data(), values.size() * sizeof(float));
  if (listsInitializersAsInputs) {
    onnx::ValueInfoProto &input = *graph.add_input();
    input.set_name(tensor.name());
    auto &type = *input.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    type.mutable_shape()->add_dim()->set_dim_value(values.size());
  }
  return tensor.name();
}

/// Makes the normalization behind `conv`, which takes over its bias and the
/// name of its output.
onnx::NodeProto Unfolder::normalize(onnx::NodeProto &conv) {
  const onnx::TensorProto &weights = *index.findInitializer(conv.input(1));
  int64_t channels = weights.dims(0);
  llvm::StringRef base = weights.name();
  std::string name =
      base.consume_back(".weight") ? base.str() : getNodeName(conv).str();
  std::vector<float> bias(channels, 0.0f);
  const onnx::TensorProto *convBias =
      conv.input_size() > 2 ? index.findInitializer(conv.input(2)) : nullptr;
  if (convBias && convBias->data_type() == onnx::TensorProto::FLOAT &&
      convBias->raw_data().size() == channels * sizeof(float)) {
    std::copy_n(convBias->raw_data().data(), convBias->raw_data().size(),
                reinterpret_cast<char *>(bias.data()));
    conv.mutable_input()->RemoveLast();
  }

  onnx::NodeProto norm;
  norm.set_op_type("BatchNormalization");
  norm.set_name(
      names.makeUnique(getNodeName(conv).str() + "/BatchNormalization"));
  std::string result = conv.output(0);
  conv.set_output(0, names.makeUnique(result + ".before_bn"));
  norm.add_input(conv.output(0));
  norm.add_input(
      addInitializer(name + ".bn.weight", std::vector<float>(channels, 1.0f)));
  norm.add_input(addInitializer(name + ".bn.bias", bias));
  norm.add_input(addInitializer(name + ".bn.running_mean",
                                std::vector<float>(channels, 0.0f)));
  norm.add_input(addInitializer(name + ".bn.running_var",
                                std::vector<float>(channels, 1.0f)));
  norm.add_output(result);
  auto addFloat = [&](const char *attributeName, float value) {
    onnx::AttributeProto &attribute = *norm.add_attribute();
    attribute.set_name(attributeName);
    attribute.set_type(onnx::AttributeProto::FLOAT);
    attribute.set_f(value);
  };
  addFloat("epsilon", 1e-5f);
  addFloat("momentum", 0.9f);
  return norm;
}

/// Removes initializers that were the bias of a convolution and of nothing
/// else.
void Unfolder::dropUnusedInitializers() {
  llvm::StringSet<> used;
  for (const onnx::NodeProto &node : graph.node())
    for (const std::string &input : node.input())
      used.insert(input);
  for (const onnx::ValueInfoProto &output : graph.output())
    used.insert(output.name());
  llvm::StringSet<> dropped;
  auto &tensors = *graph.mutable_initializer();
  for (int i = tensors.size(); i-- != 0;) {
    const std::string &name = tensors.Get(i).name();
    if (used.contains(name) || index.getConsumers(name).empty())
      continue;
    dropped.insert(name);
    tensors.DeleteSubrange(i, 1);
  }
  auto &inputs = *graph.mutable_input();
  for (int i = inputs.size(); i-- != 0;)
    if (dropped.contains(inputs.Get(i).name()))
      inputs.DeleteSubrange(i, 1);
}

int Unfolder::run() {
  int inserted = 0;
  google::protobuf::RepeatedPtrField<onnx::NodeProto> nodes;
  for (onnx::NodeProto &node : *graph.mutable_node()) {
    bool wanted = index.lacksNormalization(node);
    onnx::NodeProto norm;
    if (wanted)
      norm = normalize(node);
    *nodes.Add() = std::move(node);
    if (wanted) {
      *nodes.Add() = std::move(norm);
      ++inserted;
    }
  }
  graph.mutable_node()->Swap(&nodes);
  if (inserted)
    dropUnusedInitializers();
  return inserted;
}

void frac::frontend::unfoldBatchNorm(Model &model, Diagnostics &diagnostics) {
  if (Unfolder(model).run() == 0)
    diagnostics.warning(
        "no convolution feeds an activation or an addition without "
        "BatchNormalization between; there is nothing to unfold");
}
