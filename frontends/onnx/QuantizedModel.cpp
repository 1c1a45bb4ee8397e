//===- QuantizedModel.cpp - A model with quantized factors ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/QuantizedModel.h"

#include "frontends/onnx/EvaluationForm.h"
#include "frontends/onnx/GraphNames.h"
#include "frontends/onnx/NodeContext.h"
#include "frontends/onnx/RaiseOpset.h"
#include "frontends/onnx/SerializedModel.h"
#include "frontends/onnx/TensorData.h"
#include "llvm/ADT/StringMap.h"

#include <onnx/onnx_pb.h>

using namespace frac::frontend;

/// The first IR version where an initializer need not be an input too.
static constexpr int minIrVersion = 4;

/// Nodes between an initializer and a contraction: a damaged graph could hold
/// a cycle.
static constexpr size_t maxRearrangements = 16;

namespace {

/// Rewrites a copy of a model.
class Quantizer {
public:
  Quantizer(const Model &model, const llvm::StringSet<> &variables)
      : proto(model.getProto()), graph(*proto.mutable_graph()),
        variables(variables), names(graph) {}

  QuantizedModel run(llvm::ArrayRef<QuantizedFactor> factors, int opset);

private:
  bool checkNodes(llvm::ArrayRef<QuantizedFactor> factors);
  void quantizeFactors(onnx::NodeProto &node);
  std::string quantizeActivation(const std::string &value,
                                 const QuantizedFactor &factor);
  std::string quantizeWeights(const std::string &value,
                              const QuantizedFactor &factor);
  std::string dequantizeWeights(const QuantizedFactor &factor);
  std::string rearrange(llvm::ArrayRef<int> chain, std::string value);
  void dropUnused();
  void serialize();

  std::string addTensor(const std::string &name, int type,
                        llvm::ArrayRef<int64_t> shape);
  std::string addField(const std::string &name, int type,
                       llvm::ArrayRef<int64_t> shape, ModelField field);
  std::string addNode(llvm::StringRef op, llvm::ArrayRef<std::string> inputs,
                      const std::string &output, int64_t axis = -1);
  void append(onnx::NodeProto node);
  void setProblem(const llvm::Twine &text) {
    if (result.problem.empty())
      result.problem = text.str();
  }

  onnx::ModelProto proto;
  onnx::GraphProto &graph;
  const llvm::StringSet<> &variables;
  QuantizedModel result;

  llvm::StringMap<llvm::SmallVector<const QuantizedFactor *, 2>> factorsOf;
  GraphNames names;
  /// The new list of nodes, and which of them gives a value.
  google::protobuf::RepeatedPtrField<onnx::NodeProto> nodes;
  llvm::StringMap<int> producers;
  /// What has been made, by what it was made from.
  llvm::StringMap<std::string> done;
  /// Initializers and values that may have lost their last reader.
  llvm::StringSet<> replaced;
  /// What the runtime writes, by initializer.
  llvm::StringMap<ModelField> fields;
};

} // namespace

static bool isContraction(const onnx::NodeProto &node) {
  return llvm::is_contained(llvm::ArrayRef<llvm::StringRef>(
                                {"Conv", "ConvTranspose", "Gemm", "MatMul"}),
                            node.op_type());
}

static const onnx::TensorProto *findInitializer(const onnx::GraphProto &graph,
                                                llvm::StringRef name) {
  for (const onnx::TensorProto &tensor : graph.initializer())
    if (tensor.name() == name)
      return &tensor;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Parts of a graph
//===----------------------------------------------------------------------===//

/// Adds an initializer of zeros.
std::string Quantizer::addTensor(const std::string &name, int type,
                                 llvm::ArrayRef<int64_t> shape) {
  onnx::TensorProto &tensor = *graph.add_initializer();
  tensor.set_name(names.makeUnique(name));
  tensor.set_data_type(type);
  size_t bytes = getRawByteWidth(type);
  for (int64_t extent : shape) {
    tensor.add_dims(extent);
    bytes *= extent;
  }
  tensor.set_raw_data(std::string(bytes, '\0'));
  return tensor.name();
}

/// Adds an initializer whose values the runtime writes.
std::string Quantizer::addField(const std::string &name, int type,
                                llvm::ArrayRef<int64_t> shape,
                                ModelField field) {
  std::string unique = addTensor(name, type, shape);
  fields[unique] = std::move(field);
  return unique;
}

void Quantizer::append(onnx::NodeProto node) {
  for (const std::string &output : node.output())
    producers[output] = nodes.size();
  *nodes.Add() = std::move(node);
}

/// Appends a node; returns the name of its output.
std::string Quantizer::addNode(llvm::StringRef op,
                               llvm::ArrayRef<std::string> inputs,
                               const std::string &output, int64_t axis) {
  onnx::NodeProto node;
  node.set_op_type(op.str());
  std::string unique = names.makeUnique(output);
  node.set_name(names.makeUnique(unique + "/" + op.str()));
  for (const std::string &input : inputs)
    node.add_input(input);
  node.add_output(unique);
  if (axis >= 0) {
    onnx::AttributeProto &attribute = *node.add_attribute();
    attribute.set_name("axis");
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(axis);
  }
  append(std::move(node));
  return unique;
}

//===----------------------------------------------------------------------===//
// Factors
//===----------------------------------------------------------------------===//

std::string Quantizer::quantizeActivation(const std::string &value,
                                          const QuantizedFactor &factor) {
  std::string &known = done[value + '\n' + factor.symbolName];
  if (!known.empty())
    return known;
  const std::string &symbol = factor.symbolName;
  constexpr int number = onnx::TensorProto::FLOAT;
  // One tensor may have several names in the graph.
  auto field = [&](const char *suffix, ModelFieldKind kind) {
    std::string &made = done[symbol + suffix];
    if (made.empty()) {
      ModelField described;
      described.kind = kind;
      described.symbol = factor.symbol;
      made = addField(symbol + suffix, number, {}, described);
    }
    return made;
  };
  std::string low = field("/low", ModelFieldKind::ActivationLow);
  std::string scale = field("/scale", ModelFieldKind::ActivationScale);
  std::string extent = field("/extent", ModelFieldKind::ActivationExtent);
  std::string &zero = done["zero"], &zeroPoint = done["zero point"];
  if (zero.empty()) {
    zero = addTensor("quantized/zero", number, {});
    zeroPoint = addTensor("quantized/zero_point", onnx::TensorProto::UINT8, {});
  }
  std::string x = addNode("Sub", {value, low}, symbol + "/centered");
  x = addNode("Clip", {x, zero, extent}, symbol + "/clipped");
  x = addNode("QuantizeLinear", {x, scale, zeroPoint}, symbol + "/quantized");
  x = addNode("DequantizeLinear", {x, scale, zeroPoint}, symbol + "/scaled");
  return done[value + '\n' + symbol] =
             addNode("Add", {x, low}, symbol + "/dequantized");
}

std::string Quantizer::dequantizeWeights(const QuantizedFactor &factor) {
  std::string key = factor.weights + '\n' + factor.symbolName;
  if (std::string known = done.lookup(key); !known.empty())
    return known;
  const std::string &name = factor.weights;
  const onnx::TensorProto *tensor = findInitializer(graph, name);
  if (!tensor || !variables.contains(name) ||
      factor.dimension.value_or(0) >= std::max(tensor->dims_size(), 1)) {
    setProblem("holds no values of weights '" + name +
               "'; keep their layer in float (precision.keep_float)");
    return "";
  }
  std::vector<int64_t> shape(tensor->dims().begin(), tensor->dims().end());
  std::vector<int64_t> ranges, spread;
  if (factor.dimension) {
    ranges = {shape[*factor.dimension]};
    spread.assign(shape.size(), 1);
    spread[*factor.dimension] = ranges[0];
  }
  auto field = [&](ModelFieldKind kind) {
    ModelField described;
    described.kind = kind;
    described.variable = name;
    described.symbol = factor.symbol;
    described.dimension = factor.dimension.value_or(-1);
    return described;
  };
  std::string integers = addField(name + "_quantized", onnx::TensorProto::INT8,
                                  shape, field(ModelFieldKind::WeightIntegers));
  std::string scale = addField(name + "_scale", onnx::TensorProto::FLOAT,
                               ranges, field(ModelFieldKind::WeightScale));
  std::string zeroPoint =
      addField(name + "_zero_point", onnx::TensorProto::INT8, ranges,
               field(ModelFieldKind::WeightZeroPoint));
  std::string low = addField(name + "_low", onnx::TensorProto::FLOAT, spread,
                             field(ModelFieldKind::WeightLow));
  std::string x = addNode("DequantizeLinear", {integers, scale, zeroPoint},
                          name + "_scaled", factor.dimension.value_or(-1));
  replaced.insert(name);
  return done[key] = addNode("Add", {x, low}, name + "_dequantized");
}

/// Appends copies of the nodes `chain`, the last one first, for `value` in
/// place of the data that they rearrange.
std::string Quantizer::rearrange(llvm::ArrayRef<int> chain, std::string value) {
  for (int place : llvm::reverse(chain)) {
    onnx::NodeProto copy = nodes.Get(place);
    std::string output = names.makeUnique(copy.output(0) + "_dequantized");
    replaced.insert(copy.output(0));
    copy.set_name(names.makeUnique(output + "/" + copy.op_type()));
    copy.set_input(0, value);
    copy.clear_output();
    copy.add_output(output);
    append(std::move(copy));
    value = output;
  }
  return value;
}

std::string Quantizer::quantizeWeights(const std::string &value,
                                       const QuantizedFactor &factor) {
  std::string key = value + '\n' + factor.symbolName + "\nrearranged";
  if (std::string known = done.lookup(key); !known.empty())
    return known;
  llvm::SmallVector<int> chain;
  std::string origin = value;
  while (origin != factor.weights) {
    auto producer = producers.find(origin);
    if (producer == producers.end() ||
        nodes.Get(producer->second).input_size() == 0 ||
        chain.size() == maxRearrangements) {
      setProblem("computes the weights of node '" + factor.node +
                 "' from initializers in a way that cannot be quantized; fold "
                 "that in the exporter, or keep the layer in float "
                 "(precision.keep_float)");
      return "";
    }
    chain.push_back(producer->second);
    origin = nodes.Get(producer->second).input(0);
  }
  return done[key] = rearrange(chain, dequantizeWeights(factor));
}

void Quantizer::quantizeFactors(onnx::NodeProto &node) {
  auto found = factorsOf.find(getNodeName(node));
  if (found == factorsOf.end())
    return;
  for (const QuantizedFactor *factor : found->second) {
    std::string value = node.input(factor->input);
    node.set_input(factor->input, factor->isWeights
                                      ? quantizeWeights(value, *factor)
                                      : quantizeActivation(value, *factor));
  }
}

//===----------------------------------------------------------------------===//
// The model
//===----------------------------------------------------------------------===//

/// Whether every factor names one node that has it.
bool Quantizer::checkNodes(llvm::ArrayRef<QuantizedFactor> factors) {
  llvm::StringMap<int> contractions;
  for (const onnx::NodeProto &node : graph.node())
    if (isContraction(node))
      ++contractions[getNodeName(node)];
  for (const QuantizedFactor &factor : factors) {
    int count = contractions.lookup(factor.node);
    if (count != 1) {
      setProblem("has " + (count ? llvm::Twine(count) : llvm::Twine("no")) +
                 " contractions called '" + factor.node +
                 "'; give every node a name of its own");
      return false;
    }
    factorsOf[factor.node].push_back(&factor);
  }
  return true;
}

/// Removes what only the float form of weights was read by.
void Quantizer::dropUnused() {
  llvm::StringMap<int> readers;
  for (const onnx::NodeProto &node : graph.node())
    for (const std::string &input : node.input())
      ++readers[input];
  for (const onnx::ValueInfoProto &output : graph.output())
    ++readers[output.name()];
  auto isUnused = [&](const std::string &name) {
    return replaced.contains(name) && readers.lookup(name) == 0;
  };
  auto &all = *graph.mutable_node();
  for (int i = all.size(); i-- != 0;) {
    const auto &outputs = all.Get(i).output();
    if (outputs.empty() || !llvm::all_of(outputs, isUnused))
      continue;
    for (const std::string &input : all.Get(i).input())
      --readers[input];
    all.DeleteSubrange(i, 1);
  }
  auto &tensors = *graph.mutable_initializer();
  for (int i = tensors.size(); i-- != 0;)
    if (isUnused(tensors.Get(i).name()))
      tensors.DeleteSubrange(i, 1);
  auto &inputs = *graph.mutable_input();
  for (int i = inputs.size(); i-- != 0;)
    if (isUnused(inputs.Get(i).name()))
      inputs.DeleteSubrange(i, 1);
}

/// Leaves the values of fields out of the bytes.
void Quantizer::serialize() {
  SerializedModel serialized;
  if (!serializeModel(proto, serialized)) {
    setProblem("would be larger than 2 GB with quantized weights, the limit of "
               "ONNX");
    return;
  }
  std::vector<std::pair<RawDataPlace, ModelField>> cuts;
  for (const auto &entry : serialized.places)
    if (auto field = fields.find(entry.getKey()); field != fields.end())
      cuts.emplace_back(entry.getValue(), field->second);
  llvm::sort(cuts, [](const auto &a, const auto &b) {
    return a.first.offset < b.first.offset;
  });
  size_t at = 0;
  for (auto &[place, field] : cuts) {
    result.bytes.append(serialized.bytes, at, place.offset - at);
    field.place = static_cast<int64_t>(result.bytes.size());
    result.fields.push_back(field);
    at = place.offset + place.bytes;
  }
  result.bytes.append(serialized.bytes, at);
}

QuantizedModel Quantizer::run(llvm::ArrayRef<QuantizedFactor> factors,
                              int opset) {
  if (!checkNodes(factors))
    return std::move(result);
  putIntoEvaluationForm(graph);
  if (std::string op = raiseToQuantizedOpset(proto, opset); !op.empty()) {
    setProblem("has opset " + llvm::Twine(opset) +
               ", where tensors cannot be "
               "quantized by channels, and " +
               op +
               " is another operator in later ones; export it with opset " +
               llvm::Twine(quantizedOpset) + " or later");
    return std::move(result);
  }
  if (proto.ir_version() < minIrVersion)
    proto.set_ir_version(minIrVersion);
  for (onnx::NodeProto &node : *graph.mutable_node()) {
    if (isContraction(node))
      quantizeFactors(node);
    append(std::move(node));
  }
  graph.mutable_node()->Swap(&nodes);
  dropUnused();
  for (const onnx::TensorProto &tensor : graph.initializer())
    if (tensor.data_type() == onnx::TensorProto::FLOAT &&
        variables.contains(tensor.name()))
      fields[tensor.name()].variable = tensor.name();
  if (result.problem.empty())
    serialize();
  return std::move(result);
}

QuantizedModel
frac::frontend::makeQuantizedModel(const Model &model,
                                   llvm::ArrayRef<QuantizedFactor> factors,
                                   const llvm::StringSet<> &variables) {
  return Quantizer(model, variables).run(factors, model.getOpset());
}
