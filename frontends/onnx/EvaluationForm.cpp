//===- EvaluationForm.cpp - A graph as evaluation runs it -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/EvaluationForm.h"

#include <onnx/onnx_pb.h>

#include <string>

using namespace frac::frontend;

static void removeAttribute(onnx::NodeProto &node, const std::string &name) {
  auto &attributes = *node.mutable_attribute();
  for (int i = attributes.size(); i-- != 0;)
    if (attributes.Get(i).name() == name)
      attributes.DeleteSubrange(i, 1);
}

void frac::frontend::putIntoEvaluationForm(onnx::GraphProto &graph) {
  for (onnx::NodeProto &node : *graph.mutable_node()) {
    if (node.op_type() == "BatchNormalization") {
      removeAttribute(node, "training_mode");
      while (node.output_size() > 1)
        node.mutable_output()->RemoveLast();
    } else if (node.op_type() == "Dropout") {
      // Without these it is the identity; the ratio was an attribute once.
      removeAttribute(node, "ratio");
      while (node.input_size() > 1)
        node.mutable_input()->RemoveLast();
    }
  }
}
