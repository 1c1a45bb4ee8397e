//===- Metadata.cpp - What the runtime knows of a program
//----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/program/Metadata.h"

#include "runtime/cost/AcceleratorText.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "passes/memory/Variables.h"

using namespace mlir;
using namespace frac;

/// The shape as JSON, with -1 for the dynamic extent.
static llvm::json::Array describeShape(ShapedType type) {
  llvm::json::Array shape;
  for (int64_t extent : type.getShape())
    shape.push_back(ShapedType::isDynamic(extent) ? -1 : extent);
  return shape;
}

/// NumPy-like name of an element type: "f32", "i64", "i1".
static std::string describeType(ShapedType type) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  type.getElementType().print(stream);
  return text;
}

static llvm::json::Object describeTensor(Type type, Attribute name) {
  auto shaped = cast<ShapedType>(type);
  auto text = dyn_cast_if_present<StringAttr>(name);
  return llvm::json::Object{{"name", text ? text.getValue() : StringRef()},
                            {"shape", describeShape(shaped)},
                            {"dtype", describeType(shaped)}};
}

llvm::json::Object frac::describeSignature(ModuleOp module) {
  llvm::json::Array inputs, outputs;
  auto forward = module.lookupSymbol<func::FuncOp>("forward");
  for (unsigned i = 0, e = forward.getNumArguments(); i != e; ++i)
    inputs.push_back(describeTensor(forward.getArgument(i).getType(),
                                    forward.getArgAttr(i, "onnx.name")));
  for (unsigned i = 0, e = forward.getNumResults(); i != e; ++i)
    outputs.push_back(describeTensor(forward.getResultTypes()[i],
                                     forward.getResultAttr(i, "onnx.name")));
  return llvm::json::Object{{"inputs", std::move(inputs)},
                            {"outputs", std::move(outputs)}};
}

static int64_t getInteger(Operation *op, StringRef name) {
  auto attribute = op->getAttrOfType<IntegerAttr>(name);
  return attribute ? attribute.getInt() : 0;
}

static llvm::json::Object
describeVariable(ml_program::GlobalOp global,
                 const llvm::StringMap<int64_t> &modelOffsets) {
  auto type = cast<RankedTensorType>(global.getType());
  auto role = global->getAttrOfType<StringAttr>("frac.role");
  auto place = modelOffsets.find(global.getSymName());
  llvm::json::Object variable{
      {"name", global.getSymName()},
      {"role", role ? role.getValue() : StringRef("frozen")},
      {"shape", describeShape(type)},
      {"dtype", describeType(type)},
      {"offset", getInteger(global, "frac.offset")},
      {"bytes", getVariableBytes(global)},
      {"model_offset", place == modelOffsets.end() ? -1 : place->second}};
  if (auto of = global->getAttr("frac.of")) {
    if (auto symbol = dyn_cast<FlatSymbolRefAttr>(of))
      variable["of"] = symbol.getValue();
    else if (auto text = dyn_cast<StringAttr>(of))
      variable["of"] = text.getValue();
  }
  return variable;
}

/// The number of classes of a loss that takes class numbers, else 0.
static int64_t countClasses(const llvm::json::Object &recipe,
                            const llvm::json::Object &signature) {
  const llvm::json::Object *loss = recipe.getObject("loss");
  std::optional<StringRef> kind = loss ? loss->getString("kind") : std::nullopt;
  if (kind != StringRef("softmax-cross-entropy") && kind != StringRef("nll"))
    return 0;
  const llvm::json::Array *outputs = signature.getArray("outputs");
  if (!outputs || outputs->empty())
    return 0;
  const llvm::json::Array *shape =
      outputs->front().getAsObject()->getArray("shape");
  return shape && !shape->empty() ? shape->back().getAsInteger().value_or(0)
                                  : 0;
}

/// The name of what the runtime writes into a model.
static StringRef getFieldName(frontend::ModelFieldKind kind) {
  switch (kind) {
  case frontend::ModelFieldKind::Values:
    return "values";
  case frontend::ModelFieldKind::WeightIntegers:
    return "weight_integers";
  case frontend::ModelFieldKind::WeightScale:
    return "weight_scale";
  case frontend::ModelFieldKind::WeightZeroPoint:
    return "weight_zero_point";
  case frontend::ModelFieldKind::WeightLow:
    return "weight_low";
  case frontend::ModelFieldKind::ActivationScale:
    return "activation_scale";
  case frontend::ModelFieldKind::ActivationLow:
    return "activation_low";
  case frontend::ModelFieldKind::ActivationExtent:
    return "activation_extent";
  }
  return "";
}

/// A model that lies in `frac_program::model` from `offset` on.
static llvm::json::Object
describeQuantizedModel(const frontend::QuantizedModel &model, int64_t offset) {
  if (!model.problem.empty())
    return llvm::json::Object{{"problem", model.problem}};
  llvm::json::Array fields;
  for (const frontend::ModelField &field : model.fields) {
    llvm::json::Object described{{"write", getFieldName(field.kind)},
                                 {"place", field.place}};
    if (!field.variable.empty())
      described["variable"] = field.variable;
    if (field.symbol >= 0)
      described["symbol"] = field.symbol;
    if (field.dimension >= 0)
      described["dimension"] = field.dimension;
    fields.push_back(std::move(described));
  }
  return llvm::json::Object{{"offset", offset},
                            {"bytes", static_cast<int64_t>(model.bytes.size())},
                            {"fields", std::move(fields)}};
}

/// The blocks that have gates, if any.
static std::optional<llvm::json::Object> describeGates(ModuleOp module) {
  auto list = module->getAttrOfType<ArrayAttr>("frac.gated_blocks");
  auto candidates = module->getAttrOfType<IntegerAttr>("frac.candidates");
  if (!list || !candidates)
    return std::nullopt;
  llvm::json::Array blocks;
  for (auto block : list.getAsRange<DictionaryAttr>())
    blocks.push_back(llvm::json::Object{
        {"name", cast<StringAttr>(block.get("name")).getValue()},
        {"macs", cast<IntegerAttr>(block.get("macs")).getInt()},
        {"depthwise_macs",
         cast<IntegerAttr>(block.get("depthwise_macs")).getInt()},
        {"skips", block.contains("skips")}});
  return llvm::json::Object{{"candidates", candidates.getInt()},
                            {"blocks", std::move(blocks)}};
}

/// What the runtime wrote, as part of the metadata.
static llvm::json::Value readJSON(StringRef text) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (value)
    return std::move(*value);
  llvm::consumeError(value.takeError());
  return nullptr;
}

llvm::json::Object frac::buildMetadata(ModuleOp module,
                                       llvm::json::Object signature,
                                       ProgramFacts facts) {
  SmallVector<ml_program::GlobalOp> globals(
      module.getOps<ml_program::GlobalOp>());
  llvm::sort(globals, [](ml_program::GlobalOp a, ml_program::GlobalOp b) {
    return getInteger(a, "frac.offset") < getInteger(b, "frac.offset");
  });
  llvm::json::Array variables;
  for (ml_program::GlobalOp global : globals)
    variables.push_back(describeVariable(global, facts.modelOffsets));

  llvm::json::Object workspace;
  for (StringRef entry : {"step", "eval", "grad"})
    if (Operation *function = module.lookupSymbol(entry))
      workspace[entry] = getInteger(function, "frac.workspace_bytes");

  int64_t macs[3] = {0, 0, 0};
  llvm::json::Array operations;
  for (const Contraction &contraction : facts.contractions) {
    macs[static_cast<int>(contraction.product)] += contraction.macsPerSample;
    llvm::json::Object operation{
        {"name", contraction.name},
        {"op", contraction.op},
        {"pass", getProductName(contraction.product)},
        {"macs", contraction.macsPerSample},
        {"kernel", contraction.leftWidth < 0 ? "float, oneDNN" : "integers"},
        {"lhs", contraction.leftWidth},
        {"rhs", contraction.rightWidth}};
    if (contraction.pattern)
      operation["product"] = readJSON(patternJson(*contraction.pattern));
    else if (!contraction.problem.empty())
      operation["product"] =
          llvm::json::Object{{"problem", contraction.problem}};
    operations.push_back(std::move(operation));
  }

  SmallVector<precision::SymbolOp> widths(module.getOps<precision::SymbolOp>());
  llvm::sort(widths, [](precision::SymbolOp a, precision::SymbolOp b) {
    return a.getIndex() < b.getIndex();
  });
  llvm::json::Array symbols;
  for (precision::SymbolOp width : widths)
    symbols.push_back(llvm::json::Object{
        {"name", width.getSymName()},
        {"layer", width.getLayer()},
        {"role", precision::stringifyRole(width.getRole())},
        {"max_bits", static_cast<int64_t>(width.getMaxBits())},
        {"fixed", static_cast<int64_t>(width.getFixed().value_or(0))},
        {"block", width.getBlock() ? static_cast<int64_t>(*width.getBlock())
                                   : int64_t{-1}}});

  int64_t classes = countClasses(facts.recipe, signature);
  llvm::json::Object target;
  if (classes > 0) {
    target =
        llvm::json::Object{{"shape", llvm::json::Array{-1}}, {"dtype", "i64"}};
  } else if (const llvm::json::Array *outputs = signature.getArray("outputs")) {
    if (!outputs->empty())
      target = llvm::json::Object{
          {"shape", *outputs->front().getAsObject()->get("shape")},
          {"dtype", "f32"}};
  }

  llvm::json::Object metadata{
      {"model", std::move(facts.model)},
      {"recipe", std::move(facts.recipe)},
      {"batch", facts.batch},
      {"target_cpu", std::move(facts.targetCpu)},
      {"inputs", std::move(*signature.get("inputs"))},
      {"outputs", std::move(*signature.get("outputs"))},
      {"target", std::move(target)},
      {"classes", classes},
      {"state_bytes", getInteger(module, "frac.state_bytes")},
      {"grad_state_bytes", getInteger(module, "frac.grad_state_bytes")},
      {"workspace_bytes", std::move(workspace)},
      {"variables", std::move(variables)},
      {"macs", llvm::json::Object{{"forward", macs[0]},
                                  {"error", macs[1]},
                                  {"weight_gradient", macs[2]}}},
      {"operations", std::move(operations)},
      {"symbols", std::move(symbols)},
      {"cost", llvm::json::Object{{"model", std::move(facts.costModel)},
                                  {"accelerator", readJSON(acceleratorJson(
                                                      facts.accelerator))}}},
      {"model_bytes", facts.modelBytes}};
  if (std::optional<llvm::json::Object> gates = describeGates(module))
    metadata["gates"] = std::move(*gates);
  if (facts.quantizedModel)
    metadata["quantized_model"] =
        describeQuantizedModel(*facts.quantizedModel, facts.modelBytes);
  return metadata;
}
