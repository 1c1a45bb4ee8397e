//===- Inspect.cpp - What is in a model ----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Inspect.h"

#include "dialects/interfaces/SampleLayout.h"
#include "frontends/onnx/GraphIndex.h"
#include "frontends/onnx/Operators.h"
#include "frontends/onnx/TensorData.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"

#include <onnx/onnx_pb.h>

using namespace mlir;
using namespace frac;
using namespace frac::frontend;

/// As in ONNX's own printing: `float32 [batch, 3, 32, 32]`.
static std::string describeType(const onnx::TypeProto &type) {
  if (!type.has_tensor_type())
    return "no tensor";
  std::string text = getTypeName(type.tensor_type().elem_type());
  if (text == "float")
    text = "float32";
  if (!type.tensor_type().has_shape())
    return text;
  text += " [";
  const char *separator = "";
  for (const auto &dim : type.tensor_type().shape().dim()) {
    text += separator;
    text += dim.has_dim_value()       ? std::to_string(dim.dim_value())
            : dim.dim_param().empty() ? "?"
                                      : dim.dim_param();
    separator = ", ";
  }
  return text + "]";
}

static BatchNormCase findBatchNormCase(const Model &model) {
  const onnx::GraphProto &graph = model.getProto().graph();
  bool any = false, training = false;
  for (const onnx::NodeProto &node : graph.node()) {
    if (node.op_type() != "BatchNormalization")
      continue;
    any = true;
    training |= model.getOpset() < 14 && node.output_size() > 1;
    for (const onnx::AttributeProto &attribute : node.attribute())
      training |= attribute.name() == "training_mode" && attribute.i() != 0;
  }
  if (any)
    return training ? BatchNormCase::Training : BatchNormCase::Inference;
  GraphIndex index(graph);
  bool folded = llvm::any_of(graph.node(), [&](const onnx::NodeProto &node) {
    return index.lacksNormalization(node);
  });
  return folded ? BatchNormCase::Folded : BatchNormCase::None;
}

static llvm::StringRef getName(BatchNormCase batchNorm) {
  switch (batchNorm) {
  case BatchNormCase::Training:
    return "training";
  case BatchNormCase::Inference:
    return "inference";
  case BatchNormCase::Folded:
    return "folded";
  case BatchNormCase::None:
    return "none";
  }
  return "";
}

static void inspectGraph(const Model &model, ModelSummary &summary) {
  const onnx::ModelProto &proto = model.getProto();
  const onnx::GraphProto &graph = proto.graph();
  summary.model = model.getPath().str();
  summary.producer = proto.producer_name() +
                     (proto.producer_version().empty() ? "" : " ") +
                     proto.producer_version();
  summary.irVersion = proto.ir_version();
  summary.opset = model.getOpset();
  llvm::StringSet<> initializers;
  for (const onnx::TensorProto &tensor : graph.initializer())
    initializers.insert(tensor.name());
  for (const onnx::ValueInfoProto &input : graph.input())
    if (!initializers.contains(input.name()))
      summary.inputs.push_back({input.name(), describeType(input.type())});
  for (const onnx::ValueInfoProto &output : graph.output())
    summary.outputs.push_back({output.name(), describeType(output.type())});

  llvm::MapVector<llvm::StringRef, ModelSummary::OperatorUse> uses;
  for (const onnx::NodeProto &node : graph.node()) {
    ModelSummary::OperatorUse &use = uses[node.op_type()];
    if (use.count++ == 0) {
      const Operator *op = findOperator(node.domain(), node.op_type());
      use.name = node.op_type();
      use.supported =
          op && model.getOpset() >= op->since && model.getOpset() <= op->until;
      use.gradient = op ? op->gradient.str() : "";
    }
  }
  for (auto &use : uses)
    summary.operators.push_back(use.second);
  llvm::sort(summary.operators, [](const auto &a, const auto &b) {
    return a.count != b.count ? a.count > b.count : a.name < b.name;
  });
}

static void inspectModule(ModuleOp module, ModelSummary &summary) {
  summary.imported = true;
  SampleLayout samples(module.lookupSymbol<func::FuncOp>("forward"));
  module.walk([&](Operation *op) {
    if (auto global = dyn_cast<ml_program::GlobalOp>(op)) {
      auto role = op->getAttrOfType<StringAttr>("frac.role");
      int64_t elements =
          cast<RankedTensorType>(global.getType()).getNumElements();
      (role == "state"    ? summary.state
       : role == "frozen" ? summary.frozen
                          : summary.parameters) += elements;
    } else if (auto contraction = dyn_cast<ContractionOpInterface>(op)) {
      auto name = dyn_cast<NameLoc>(op->getLoc());
      summary.contractions.push_back({name ? name.getName().str() : "",
                                      op->getName().getStringRef().str(),
                                      samples.getMacs(contraction)});
    } else if (auto function = dyn_cast<func::FuncOp>(op)) {
      summary.endsInSoftmax |= function->hasAttr("frac.ends_in_softmax");
    }
  });
}

int64_t ModelSummary::getMacs() const {
  int64_t macs = 0;
  for (const Contraction &contraction : contractions)
    macs += contraction.macs;
  return macs;
}

ModelSummary frac::frontend::inspectModel(const Model &model, ModuleOp module) {
  ModelSummary summary;
  inspectGraph(model, summary);
  summary.batchNorm = findBatchNormCase(model);
  if (module)
    inspectModule(module, summary);
  return summary;
}

//===----------------------------------------------------------------------===//
// Output
//===----------------------------------------------------------------------===//

/// 12345678 as 12,345,678.
static std::string group(int64_t number) {
  std::string digits = std::to_string(number);
  for (int64_t place = static_cast<int64_t>(digits.size()) - 3; place > 0;
       place -= 3)
    digits.insert(place, ",");
  return digits;
}

void frac::frontend::printSummary(const ModelSummary &summary,
                                  llvm::raw_ostream &os) {
  os << summary.model << ": opset " << summary.opset << ", IR version "
     << summary.irVersion;
  if (!summary.producer.empty())
    os << ", made by " << summary.producer;
  os << "\n";
  for (const ModelSummary::Value &input : summary.inputs)
    os << "  input       " << input.name << ": " << input.type << "\n";
  for (const ModelSummary::Value &output : summary.outputs)
    os << "  output      " << output.name << ": " << output.type << "\n";
  if (summary.imported) {
    os << "  parameters  " << group(summary.parameters) << " trained, "
       << group(summary.frozen) << " frozen, " << group(summary.state)
       << " running statistics\n"
       << "  work        " << group(summary.getMacs())
       << " multiply-accumulates a sample forward\n";
  }
  os << "  batch norm  ";
  switch (summary.batchNorm) {
  case BatchNormCase::Training:
    os << "in training form\n";
    break;
  case BatchNormCase::Inference:
    os << "in inference form; it is trained as usual\n";
    break;
  case BatchNormCase::Folded:
    os << "none, probably folded into convolutions; --batchnorm=unfold puts it "
          "back\n";
    break;
  case BatchNormCase::None:
    os << "none\n";
    break;
  }
  if (summary.endsInSoftmax)
    os << "  softmax     the model ends in Softmax; a cross-entropy loss takes "
          "logits, so cut it off or use the loss 'nll' or 'mse'\n";
  os << "\n  operator                count  gradient by\n";
  for (const ModelSummary::OperatorUse &use : summary.operators)
    os << llvm::formatv("  {0,-22} {1,6}  {2}\n", use.name, use.count,
                        !use.supported         ? "UNSUPPORTED"
                        : use.gradient.empty() ? "-"
                                               : use.gradient);
  if (summary.contractions.empty())
    return;
  os << "\n  contractions, which a precision policy quantizes\n";
  for (const ModelSummary::Contraction &contraction : summary.contractions)
    os << llvm::formatv("  {0,-48} {1,-18} {2,16} MACs\n", contraction.node,
                        contraction.op, group(contraction.macs));
}

llvm::json::Value frac::frontend::toJSON(const ModelSummary &summary) {
  using llvm::json::Array;
  using llvm::json::Object;
  auto values = [](const std::vector<ModelSummary::Value> &list) {
    Array array;
    for (const ModelSummary::Value &value : list)
      array.push_back(Object{{"name", value.name}, {"type", value.type}});
    return array;
  };
  Object object{{"model", summary.model},
                {"producer", summary.producer},
                {"ir_version", summary.irVersion},
                {"opset", summary.opset},
                {"inputs", values(summary.inputs)},
                {"outputs", values(summary.outputs)},
                {"batch_norm", getName(summary.batchNorm)}};
  Array operators;
  for (const ModelSummary::OperatorUse &use : summary.operators)
    operators.push_back(Object{{"name", use.name},
                               {"count", use.count},
                               {"supported", use.supported},
                               {"gradient", use.gradient}});
  object["operators"] = std::move(operators);
  if (!summary.imported)
    return object;
  Array contractions;
  for (const ModelSummary::Contraction &contraction : summary.contractions)
    contractions.push_back(Object{{"node", contraction.node},
                                  {"op", contraction.op},
                                  {"macs", contraction.macs}});
  object["parameters"] = summary.parameters;
  object["frozen"] = summary.frozen;
  object["state"] = summary.state;
  object["macs"] = summary.getMacs();
  object["ends_in_softmax"] = summary.endsInSoftmax;
  object["contractions"] = std::move(contractions);
  return object;
}
