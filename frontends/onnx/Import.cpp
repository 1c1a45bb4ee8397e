//===- Import.cpp - ONNX model to MLIR -----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Import.h"

#include "frontends/onnx/NodeContext.h"
#include "frontends/onnx/Operators.h"
#include "frontends/onnx/TensorData.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Regex.h"

#include <onnx/onnx_pb.h>

using namespace mlir;
using namespace frac;
using namespace frac::frontend;

/// Initializers of at most this many bytes are printed in the IR, larger ones
/// are resources that refer to the model's memory.
static constexpr size_t maxInlineBytes = 256;

/// Findings of one kind that are reported in full.
static constexpr size_t maxReportedProblems = 1000;

namespace {

/// The import of one graph.
class GraphImporter {
public:
  GraphImporter(const Model &model, MLIRContext &context,
                const ImportOptions &options, Diagnostics &diagnostics)
      : model(model), graph(model.getProto().graph()), context(context),
        options(options), diagnostics(diagnostics),
        module(ModuleOp::create(getNameLoc(graph.name()))),
        builder(OpBuilder(&context)) {}

  OwningOpRef<ModuleOp> run();

private:
  Location getNameLoc(llvm::StringRef name) {
    return NameLoc::get(StringAttr::get(&context, name));
  }

  void collectUses();
  void collectInitializers();
  void findRunningStatistics(llvm::StringSet<> &names);
  void importInputs();
  std::optional<Shape> getInputShape(const onnx::ValueInfoProto &input);
  void addInitializer(const onnx::TensorProto &proto, llvm::StringRef role);
  Value loadInitializer(Initializer &initializer);
  void importNode(const onnx::NodeProto &node);
  bool checkNode(const Operator &op, NodeContext &node);
  void importOutputs();
  void verifyModule();

  /// Marks the outputs of a node that could not be imported, so that what
  /// follows from it is not reported.
  void poisonOutputs(const onnx::NodeProto &node) {
    for (const std::string &output : node.output())
      if (!output.empty())
        poisoned.insert(output);
  }

  const Model &model;
  const onnx::GraphProto &graph;
  MLIRContext &context;
  const ImportOptions &options;
  Diagnostics &diagnostics;
  OwningOpRef<ModuleOp> module;
  TensorBuilder builder;
  func::FuncOp function;
  Operation *batchSize = nullptr;

  llvm::StringMap<Tensor> tensors;
  llvm::StringMap<Initializer> initializers;
  llvm::StringSet<> poisoned;
  llvm::StringSet<> used;
  llvm::StringSet<> initializerNames;
  SmallVector<std::string> inputNames;
  std::string batchName;
  std::optional<int64_t> exportedBatch;
  std::string softmaxResult;
};

} // namespace

//===----------------------------------------------------------------------===//
// Inputs and initializers
//===----------------------------------------------------------------------===//

void GraphImporter::collectUses() {
  for (const onnx::NodeProto &node : graph.node())
    for (const std::string &input : node.input())
      used.insert(input);
  for (const onnx::ValueInfoProto &output : graph.output())
    used.insert(output.name());
}

void GraphImporter::findRunningStatistics(llvm::StringSet<> &names) {
  llvm::StringMap<llvm::StringRef> copies;
  for (const onnx::NodeProto &node : graph.node()) {
    if (node.op_type() == "Identity" && node.input_size() == 1 &&
        node.output_size() == 1)
      copies[node.output(0)] = node.input(0);
    if (node.op_type() != "BatchNormalization" || node.input_size() < 5)
      continue;
    for (int index : {3, 4}) {
      llvm::StringRef name = node.input(index);
      // Bounded, as a damaged graph may hold a cycle.
      for (int i = 0; i != 16 && copies.count(name); ++i)
        name = copies[name];
      names.insert(name);
    }
  }
}

void GraphImporter::addInitializer(const onnx::TensorProto &proto,
                                   llvm::StringRef role) {
  Tensor tensor;
  tensor.elementType = getConstantType(context, proto.data_type());
  if (!tensor.elementType) {
    diagnostics.error("initializer '" + proto.name() + "' has type " +
                      getTypeName(proto.data_type()) +
                      ", which is not supported; export the model in float32");
    poisoned.insert(proto.name());
    return;
  }
  for (int64_t extent : proto.dims())
    tensor.shape.push_back(extent);
  RankedTensorType type = builder.getType(tensor.elementType, tensor.shape);
  std::string problem = builder.takeProblem();
  if (!problem.empty()) {
    diagnostics.error("initializer '" + proto.name() + "': " + problem);
    poisoned.insert(proto.name());
    return;
  }
  if (tensor.isFloat()) {
    Initializer &initializer = initializers[proto.name()];
    initializer.proto = &proto;
    initializer.role = role;
    tensor.initializer = &initializer;
  } else {
    tensor.constant = getElements(type, proto.raw_data());
  }
  tensors[proto.name()] = std::move(tensor);
}

void GraphImporter::collectInitializers() {
  llvm::Regex trainable(options.trainable), frozen(options.frozen);
  std::string problem;
  if (!options.trainable.empty() && !trainable.isValid(problem))
    diagnostics.error("trainable: '" + options.trainable +
                      "' is no regular expression: " + problem);
  if (!options.frozen.empty() && !frozen.isValid(problem))
    diagnostics.error("frozen: '" + options.frozen +
                      "' is no regular expression: " + problem);
  if (diagnostics.hasErrors())
    return;
  llvm::StringSet<> statistics;
  findRunningStatistics(statistics);
  for (const onnx::TensorProto &proto : graph.initializer()) {
    initializerNames.insert(proto.name());
    if (!used.contains(proto.name()))
      continue;
    llvm::StringRef role = "parameter";
    if (statistics.contains(proto.name()))
      role = "state";
    else if ((!options.trainable.empty() && !trainable.match(proto.name())) ||
             (!options.frozen.empty() && frozen.match(proto.name())))
      role = "frozen";
    addInitializer(proto, role);
  }
}

Value GraphImporter::loadInitializer(Initializer &initializer) {
  if (initializer.load)
    return initializer.load;
  const onnx::TensorProto &proto = *initializer.proto;
  SmallVector<int64_t> extents(proto.dims().begin(), proto.dims().end());
  auto type = RankedTensorType::get(extents, builder.f32());
  const std::string &raw = proto.raw_data();
  Attribute value;
  if (raw.size() <= maxInlineBytes) {
    value = getElements(type, raw);
  } else {
    AsmResourceBlob blob = UnmanagedAsmResourceBlob::allocateWithAlign(
        ArrayRef<char>(raw.data(), raw.size()), alignof(float),
        /*deleter=*/[](void *, size_t, size_t) {}, /*dataIsMutable=*/false);
    value = DenseResourceElementsAttr::get(type, proto.name(), std::move(blob));
  }
  // Loads stand at the top, whichever node is the first to use them.
  OpBuilder::InsertionGuard guard(builder.getBuilder());
  OpBuilder &b = builder.getBuilder();
  Location loc = getNameLoc(proto.name());
  b.setInsertionPointToStart(&function.getBody().front());
  if (options.initializersAsConstants) {
    initializer.load =
        arith::ConstantOp::create(b, loc, type, cast<TypedAttr>(value));
    return initializer.load;
  }
  {
    OpBuilder::InsertionGuard moduleGuard(b);
    b.setInsertionPoint(function);
    auto global = ml_program::GlobalOp::create(
        b, loc, b.getStringAttr(proto.name()), TypeAttr::get(type),
        /*is_mutable=*/b.getUnitAttr(), value, b.getStringAttr("private"));
    global->setAttr("frac.role", b.getStringAttr(initializer.role));
  }
  initializer.load = ml_program::GlobalLoadOp::create(
      b, loc, type, SymbolRefAttr::get(&context, proto.name()));
  return initializer.load;
}

std::optional<Shape>
GraphImporter::getInputShape(const onnx::ValueInfoProto &input) {
  const onnx::TensorShapeProto &proto = input.type().tensor_type().shape();
  std::string name = "input '" + input.name() + "'";
  Shape shape;
  auto given = options.inputShapes.find(input.name());
  if (given != options.inputShapes.end()) {
    if (input.type().tensor_type().has_shape() &&
        proto.dim_size() != static_cast<int>(given->second.size())) {
      diagnostics.error(name + " has rank " + llvm::Twine(proto.dim_size()) +
                        ", but a shape of rank " +
                        llvm::Twine(given->second.size()) + " was given");
      return std::nullopt;
    }
    for (int64_t extent : given->second)
      shape.push_back(extent);
    return shape;
  }
  if (!input.type().tensor_type().has_shape()) {
    diagnostics.error(name + " has no shape; export the model with one");
    return std::nullopt;
  }
  for (int i = 0; i != proto.dim_size(); ++i) {
    const onnx::TensorShapeProto::Dimension &dim = proto.dim(i);
    bool isNumber = dim.has_dim_value() && dim.dim_value() > 0;
    if (i == 0 && (!isNumber || options.dynamicBatch)) {
      // The first input decides what the batch is called or was exported as.
      if (!batchSize) {
        if (isNumber)
          exportedBatch = dim.dim_value();
        else
          batchName = dim.dim_param();
      }
      bool isBatch = isNumber ? exportedBatch == dim.dim_value() : true;
      shape.push_back(isBatch ? Extent(1, 0) : Extent(dim.dim_value()));
      continue;
    }
    if (isNumber) {
      shape.push_back(dim.dim_value());
    } else if (!batchName.empty() && dim.dim_param() == batchName) {
      shape.push_back(Extent(1, 0));
    } else {
      diagnostics.error(name + ": dimension " + llvm::Twine(i) +
                        (dim.dim_param().empty()
                             ? llvm::Twine(" is unknown")
                             : " is the variable '" + dim.dim_param() + "'") +
                        ", but only the first dimension, the batch, may vary; "
                        "export the model with a fixed size there");
      return std::nullopt;
    }
  }
  return shape;
}

void GraphImporter::importInputs() {
  OpBuilder &b = builder.getBuilder();
  Block &entry = function.getBody().front();
  SmallVector<Type> types;
  for (const onnx::ValueInfoProto &input : graph.input()) {
    // Until IR version 4 initializers were inputs too.
    if (initializerNames.contains(input.name()))
      continue;
    poisoned.insert(input.name());
    if (!input.type().has_tensor_type()) {
      diagnostics.error("input '" + input.name() +
                        "' is no tensor, which is not supported");
      continue;
    }
    int dataType = input.type().tensor_type().elem_type();
    Type elementType = getElementType(context, dataType);
    if (!elementType) {
      diagnostics.error("input '" + input.name() + "' has type " +
                        getTypeName(dataType) +
                        ", which is not supported; export the model in "
                        "float32");
      continue;
    }
    std::optional<Shape> shape = getInputShape(input);
    if (!shape)
      continue;
    Type type = builder.getType(elementType, *shape);
    std::string problem = builder.takeProblem();
    if (!problem.empty()) {
      diagnostics.error("input '" + input.name() + "': " + problem);
      continue;
    }
    Location loc = getNameLoc(input.name());
    Tensor tensor = builder.wrap(entry.addArgument(type, loc), *shape);
    auto value = options.inputValues.find(input.name());
    if (value != options.inputValues.end()) {
      const HostTensor &host = value->second;
      auto ranked = cast<RankedTensorType>(type);
      tensor.constant = getElements(
          ranked, llvm::StringRef(host.bytes.data(), host.bytes.size()));
    }
    if (!batchSize)
      for (auto [i, extent] : llvm::enumerate(*shape))
        if (!batchSize && extent == Extent(1, 0)) {
          Value size = tensor::DimOp::create(b, loc, tensor.value, int64_t(i));
          batchSize = size.getDefiningOp();
          builder.setBatch(size);
        }
    inputNames.push_back(input.name());
    poisoned.erase(input.name());
    tensors[input.name()] = std::move(tensor);
  }
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

bool GraphImporter::checkNode(const Operator &op, NodeContext &node) {
  const onnx::NodeProto &proto = node.getNode();
  if (model.getOpset() < op.since || model.getOpset() > op.until) {
    (void)node.error("is supported in opsets " + llvm::Twine(op.since) +
                     " to " + llvm::Twine(op.until) + ", the model has opset " +
                     llvm::Twine(model.getOpset()));
    return false;
  }
  bool valid = true;
  SmallVector<llvm::StringRef> known;
  op.attributes.split(known, ' ');
  for (const onnx::AttributeProto &attribute : proto.attribute())
    if (!llvm::is_contained(known, attribute.name())) {
      (void)node.error("attribute '" + attribute.name() +
                       "' is not supported; remove it from the model");
      valid = false;
    }
  if (op.maxInputs != variadic && proto.input_size() > op.maxInputs) {
    (void)node.error("has " + llvm::Twine(proto.input_size()) +
                     " inputs, at most " + llvm::Twine(op.maxInputs) +
                     " are supported");
    return false;
  }
  for (int i = 0; i != op.minInputs; ++i)
    if (!node.hasInput(i)) {
      (void)node.error("input " + llvm::Twine(i) + " is missing");
      return false;
    }
  int floats = op.floatInputs == variadic ? proto.input_size() : op.floatInputs;
  for (int i = 0; i < floats; ++i)
    if (node.hasInput(i) && !node.getInput(i).isFloat()) {
      (void)node.error("input '" + proto.input(i) +
                       "' holds integers, only float32 is supported");
      valid = false;
    }
  return valid;
}

void GraphImporter::importNode(const onnx::NodeProto &proto) {
  const Operator *op = findOperator(proto.domain(), proto.op_type());
  std::string problem;
  if (!op) {
    std::string domain = proto.domain().empty() || proto.domain() == "ai.onnx"
                             ? ""
                             : " of domain '" + proto.domain() + "'";
    diagnostics.nodeError(getNodeName(proto), proto.op_type(),
                          "the operator" + domain +
                              " is not supported; replace it by supported ones "
                              "(docs/operators.md lists them)");
    poisonOutputs(proto);
    return;
  }
  SmallVector<Tensor *> inputs;
  for (const std::string &input : proto.input()) {
    if (input.empty()) {
      inputs.push_back(nullptr);
      continue;
    }
    auto found = tensors.find(input);
    if (found == tensors.end()) {
      // What follows from an earlier error is not reported again.
      if (!poisoned.contains(input))
        diagnostics.nodeError(getNodeName(proto), proto.op_type(),
                              "input '" + input +
                                  "' is computed by no earlier node");
      poisonOutputs(proto);
      return;
    }
    inputs.push_back(&found->second);
  }
  std::vector<bool> outputs;
  for (const std::string &output : proto.output())
    outputs.push_back(!output.empty() && used.contains(output));

  builder.setLoc(getNameLoc(getNodeName(proto)));
  NodeContext node(proto, model.getOpset(), builder, std::move(inputs), outputs,
                   exportedBatch, diagnostics);
  bool imported = checkNode(*op, node) && succeeded(op->import(node));
  problem = builder.takeProblem();
  if (imported && !problem.empty())
    imported = succeeded(node.error(problem));
  if (imported && !node.getMistypedAttribute().empty())
    imported = succeeded(node.error(
        "attribute '" + node.getMistypedAttribute() + "' has the wrong type"));
  if (!imported) {
    poisonOutputs(proto);
    return;
  }
  for (int i = 0; i != proto.output_size(); ++i) {
    if (proto.output(i).empty())
      continue;
    const Tensor *result = node.getOutput(i);
    if (tensors.count(proto.output(i))) {
      (void)node.error("output '" + proto.output(i) + "' is defined twice");
    } else if (result) {
      tensors[proto.output(i)] = *result;
    } else if (outputs[i]) {
      (void)node.error("output " + llvm::Twine(i) + ", '" + proto.output(i) +
                       "', is not supported; leave it out");
      poisoned.insert(proto.output(i));
    }
  }
  if (proto.op_type() == "Softmax" && proto.output_size() == 1)
    softmaxResult = proto.output(0);
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

void GraphImporter::importOutputs() {
  OpBuilder &b = builder.getBuilder();
  SmallVector<Value> results;
  builder.setLoc(getNameLoc(graph.name()));
  for (const onnx::ValueInfoProto &output : graph.output()) {
    auto found = tensors.find(output.name());
    if (found == tensors.end()) {
      if (!poisoned.contains(output.name()))
        diagnostics.error("output '" + output.name() +
                          "' is computed by no node");
      continue;
    }
    results.push_back(builder.getValue(found->second));
  }
  if (graph.output_size() == 0)
    diagnostics.error("the graph has no outputs");
  if (diagnostics.hasErrors())
    return;
  func::ReturnOp::create(b, builder.getLoc(), results);
  function.setType(b.getFunctionType(
      function.getBody().front().getArgumentTypes(), TypeRange(results)));
  for (auto [i, name] : llvm::enumerate(inputNames))
    function.setArgAttr(i, "onnx.name", b.getStringAttr(name));
  for (auto [i, output] : llvm::enumerate(graph.output()))
    function.setResultAttr(i, "onnx.name", b.getStringAttr(output.name()));
  if (!softmaxResult.empty() && graph.output(0).name() == softmaxResult)
    function->setAttr("frac.ends_in_softmax", b.getUnitAttr());
  if (batchSize && batchSize->use_empty()) {
    Operation *index = batchSize->getOperand(1).getDefiningOp();
    batchSize->erase();
    if (index->use_empty())
      index->erase();
  }
}

void GraphImporter::verifyModule() {
  // A rule that built something invalid is a gap in its checks; the user still
  // gets the node and the reason.
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
      return success();
    auto loc = dyn_cast<NameLoc>(diagnostic.getLocation());
    llvm::StringRef name = loc ? loc.getName().getValue() : "";
    for (const onnx::NodeProto &node : graph.node())
      if (!name.empty() && getNodeName(node) == name) {
        diagnostics.nodeError(name, node.op_type(), diagnostic.str());
        return success();
      }
    diagnostics.error(diagnostic.str());
    return success();
  });
  if (failed(verify(*module)) && !diagnostics.hasErrors())
    diagnostics.error("the imported program is not valid");
}

OwningOpRef<ModuleOp> GraphImporter::run() {
  context.loadDialect<arith::ArithDialect, func::FuncDialect, math::MathDialect,
                      ml_program::MLProgramDialect, nn::NNDialect,
                      tensor::TensorDialect>();
  OpBuilder &b = builder.getBuilder();
  b.setInsertionPointToEnd(module->getBody());
  function = func::FuncOp::create(b, getNameLoc(graph.name()), "forward",
                                  b.getFunctionType(TypeRange(), TypeRange()));
  b.setInsertionPointToEnd(function.addEntryBlock());
  builder.setInitializerLoader([this](Initializer &initializer) {
    return loadInitializer(initializer);
  });

  collectUses();
  collectInitializers();
  importInputs();
  for (const onnx::NodeProto &node : graph.node()) {
    importNode(node);
    if (diagnostics.getEntries().size() > maxReportedProblems)
      break;
  }
  importOutputs();
  if (diagnostics.hasErrors())
    return nullptr;
  verifyModule();
  if (diagnostics.hasErrors())
    return nullptr;
  return std::move(module);
}

OwningOpRef<ModuleOp> frac::frontend::importModel(const Model &model,
                                                  MLIRContext &context,
                                                  const ImportOptions &options,
                                                  Diagnostics &diagnostics) {
  context.loadDialect<func::FuncDialect>();
  return GraphImporter(model, context, options, diagnostics).run();
}
