//===- InlineFunctions.cpp - Inlining of a model's own functions ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/InlineFunctions.h"

#include "frontends/onnx/NodeContext.h"
#include "llvm/ADT/StringMap.h"

#include <onnx/onnx_pb.h>

using namespace frac::frontend;

/// Calls within calls, and nodes and calls in all, that a model may have;
/// damaged models call functions in circles.
static constexpr int maxDepth = 32, maxNodes = 1000000;

static bool isOnnxDomain(llvm::StringRef domain) {
  return domain.empty() || domain == "ai.onnx";
}

namespace {

class Inliner {
public:
  Inliner(onnx::ModelProto &model, int opset, Diagnostics &diagnostics)
      : model(model), opset(opset), diagnostics(diagnostics) {
    for (const onnx::FunctionProto &function : model.functions())
      functions[getKey(function.domain(), function.name())] = &function;
  }

  void run();

private:
  static std::string getKey(llvm::StringRef domain, llvm::StringRef name) {
    return (isOnnxDomain(domain) ? "" : domain.str()) + ":" + name.str();
  }
  /// Appends `node`, or what it stands for, to the new graph.
  void append(onnx::NodeProto node, int depth);
  void appendCall(const onnx::NodeProto &call,
                  const onnx::FunctionProto &function, int depth);
  bool fail(const onnx::NodeProto &node, const llvm::Twine &message) {
    diagnostics.nodeError(getNodeName(node), node.op_type(), message);
    failed = true;
    return false;
  }

  onnx::ModelProto &model;
  int opset;
  Diagnostics &diagnostics;
  llvm::StringMap<const onnx::FunctionProto *> functions;
  google::protobuf::RepeatedPtrField<onnx::NodeProto> nodes;
  int visited = 0;
  bool failed = false;
};

} // namespace

/// Gives a node of a body the attributes that its call passes on.
static void bindAttributes(onnx::NodeProto &node, const onnx::NodeProto &call) {
  google::protobuf::RepeatedPtrField<onnx::AttributeProto> bound;
  for (onnx::AttributeProto &attribute : *node.mutable_attribute()) {
    if (attribute.ref_attr_name().empty()) {
      *bound.Add() = std::move(attribute);
      continue;
    }
    // An attribute that the call leaves out is left out in the body too.
    for (const onnx::AttributeProto &given : call.attribute())
      if (given.name() == attribute.ref_attr_name()) {
        onnx::AttributeProto &copy = *bound.Add();
        copy = given;
        copy.set_name(attribute.name());
      }
  }
  node.mutable_attribute()->Swap(&bound);
}

void Inliner::appendCall(const onnx::NodeProto &call,
                         const onnx::FunctionProto &function, int depth) {
  for (const onnx::OperatorSetIdProto &import : function.opset_import())
    if (isOnnxDomain(import.domain()) && import.version() != opset) {
      fail(call, "the function is written in opset " +
                     llvm::Twine(import.version()) + ", the model in opset " +
                     llvm::Twine(opset) + "; inline it in the exporter");
      return;
    }
  llvm::StringMap<std::string> names;
  for (int i = 0; i != function.input_size(); ++i)
    names[function.input(i)] = i < call.input_size() ? call.input(i) : "";
  for (int i = 0; i != function.output_size(); ++i)
    if (i < call.output_size() && !call.output(i).empty())
      names[function.output(i)] = call.output(i);
  std::string prefix = getNodeName(call).str() + "/";
  auto rename = [&](const std::string &name) {
    if (name.empty())
      return name;
    auto inserted = names.try_emplace(name, prefix + name);
    return inserted.first->second;
  };
  for (onnx::NodeProto node : function.node()) {
    for (std::string &input : *node.mutable_input())
      input = rename(input);
    for (std::string &output : *node.mutable_output())
      output = rename(output);
    if (!node.name().empty())
      node.set_name(prefix + node.name());
    bindAttributes(node, call);
    append(std::move(node), depth + 1);
    if (failed)
      return;
  }
}

void Inliner::append(onnx::NodeProto node, int depth) {
  auto function = functions.find(getKey(node.domain(), node.op_type()));
  if (depth > maxDepth || ++visited > maxNodes) {
    fail(node, "calls of functions are nested too deeply");
    return;
  }
  if (function == functions.end())
    *nodes.Add() = std::move(node);
  else
    appendCall(node, *function->second, depth);
}

void Inliner::run() {
  for (onnx::NodeProto &node : *model.mutable_graph()->mutable_node()) {
    append(std::move(node), 0);
    if (failed)
      return;
  }
  model.mutable_graph()->mutable_node()->Swap(&nodes);
  model.clear_functions();
}

void frac::frontend::inlineFunctions(onnx::ModelProto &model, int opset,
                                     Diagnostics &diagnostics) {
  if (model.functions_size() != 0)
    Inliner(model, opset, diagnostics).run();
}
