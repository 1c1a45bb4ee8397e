//===- GraphNames.cpp - Unused names of a graph ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/GraphNames.h"

#include <onnx/onnx_pb.h>

using namespace frac::frontend;

GraphNames::GraphNames(const onnx::GraphProto &graph) {
  for (const onnx::TensorProto &tensor : graph.initializer())
    names.insert(tensor.name());
  for (const onnx::ValueInfoProto &input : graph.input())
    names.insert(input.name());
  for (const onnx::NodeProto &node : graph.node()) {
    names.insert(node.name());
    for (const std::string &output : node.output())
      names.insert(output);
  }
}

std::string GraphNames::makeUnique(const std::string &name) {
  std::string unique = name;
  for (int i = 1; !names.insert(unique).second; ++i)
    unique = name + "_" + std::to_string(i);
  return unique;
}
