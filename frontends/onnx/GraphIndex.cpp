//===- GraphIndex.cpp - Who makes and uses the values of a graph ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/GraphIndex.h"

#include "llvm/ADT/STLExtras.h"

#include <onnx/onnx_pb.h>

using namespace frac::frontend;

GraphIndex::GraphIndex(const onnx::GraphProto &graph) : graph(graph) {
  for (int i = 0; i != graph.initializer_size(); ++i)
    initializers[graph.initializer(i).name()] = i;
  for (const onnx::NodeProto &node : graph.node()) {
    for (const std::string &input : node.input())
      consumers[input].push_back(node.op_type());
    if (node.op_type() == "Identity" && node.input_size() == 1 &&
        node.output_size() == 1)
      copies[node.output(0)] = node.input(0);
  }
}

const onnx::TensorProto *
GraphIndex::findInitializer(llvm::StringRef name) const {
  // Bounded, as a damaged graph may hold a cycle.
  for (int i = 0; i != 16; ++i) {
    if (auto found = initializers.find(name); found != initializers.end())
      return &graph.initializer(found->second);
    auto copy = copies.find(name);
    if (copy == copies.end())
      return nullptr;
    name = copy->second;
  }
  return nullptr;
}

llvm::ArrayRef<std::string>
GraphIndex::getConsumers(llvm::StringRef name) const {
  auto found = consumers.find(name);
  if (found == consumers.end())
    return {};
  return found->second;
}

/// Operators before which a network commonly normalizes.
static bool isActivationOrAddition(llvm::StringRef op) {
  return llvm::is_contained(
      llvm::ArrayRef<llvm::StringRef>({"Add", "Celu", "Clip", "Elu", "Gelu",
                                       "HardSigmoid", "HardSwish", "LeakyRelu",
                                       "Mish", "PRelu", "Relu", "Selu",
                                       "Sigmoid", "Softplus", "Sum", "Tanh"}),
      op);
}

bool GraphIndex::lacksNormalization(const onnx::NodeProto &node) const {
  if (node.op_type() != "Conv" || node.input_size() < 2 ||
      node.output_size() != 1)
    return false;
  const onnx::TensorProto *weights = findInitializer(node.input(1));
  if (!weights || weights->dims_size() < 3 ||
      weights->data_type() != onnx::TensorProto::FLOAT ||
      weights->raw_data().empty())
    return false;
  llvm::ArrayRef<std::string> users = getConsumers(node.output(0));
  return llvm::any_of(users, isActivationOrAddition) &&
         !llvm::is_contained(users, "BatchNormalization");
}
