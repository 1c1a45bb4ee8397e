//===- Program.cpp - What the runtime knows of a program ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/program/Program.h"

#include "runtime/cost/AcceleratorText.h"
#include "runtime/program/Metadata.h"
#include "runtime/support/Bytes.h"
#include "runtime/support/Error.h"

#include <algorithm>

namespace frac {

using Json = nlohmann::json;

const char *roleName(VariableRole role) {
  switch (role) {
  case VariableRole::Parameter:
    return "parameter";
  case VariableRole::Frozen:
    return "frozen";
  case VariableRole::State:
    return "state";
  case VariableRole::Slot:
    return "slot";
  case VariableRole::Gradient:
    return "gradient";
  }
  return "";
}

int Program::blockOf(const Operation &operation) const {
  for (int64_t symbol : {operation.lhs, operation.rhs})
    if (symbol >= 0 && symbols[static_cast<size_t>(symbol)].block >= 0)
      return symbols[static_cast<size_t>(symbol)].block;
  return -1;
}

bool Program::hasSkips() const {
  return std::any_of(blocks.begin(), blocks.end(),
                     [](const ProgramBlock &block) { return block.skips; });
}

bool Program::has(VariableRole role) const {
  for (const Variable &variable : variables)
    if (variable.role == role)
      return true;
  return false;
}

double *countOf(PassCounts &counts, const std::string &pass) {
  if (pass == "forward")
    return &counts.forward;
  if (pass == "error")
    return &counts.error;
  if (pass == "weight_gradient")
    return &counts.weightGradient;
  return nullptr;
}

void failDamaged(const std::string &why) {
  fail("program",
       "its metadata is damaged (" + printable(why) + "); compile it again");
}

static VariableRole parseRole(const std::string &name) {
  for (auto role :
       {VariableRole::Parameter, VariableRole::Frozen, VariableRole::State,
        VariableRole::Slot, VariableRole::Gradient})
    if (name == roleName(role))
      return role;
  failDamaged("unknown role " + name);
}

static ElementType parseType(const std::string &name) {
  if (name == "f32")
    return ElementType::F32;
  if (name == "i64")
    return ElementType::I64;
  if (name == "i32")
    return ElementType::I32;
  failDamaged("unknown element type " + name);
}

/// An input or target: the batch dimension is left out.
static InputSpec parseInput(const Json &json, const std::string &name) {
  InputSpec input;
  input.name = name;
  input.type = parseType(json.at("dtype").get<std::string>());
  auto shape = json.at("shape").get<std::vector<int64_t>>();
  if (shape.empty() || shape[0] != -1)
    failDamaged("the first dimension of " + name + " is not the batch");
  uint64_t total = 1;
  for (size_t i = 1; i < shape.size(); ++i) {
    if (shape[i] < 1 ||
        !productFits(total, static_cast<uint64_t>(shape[i]), 1ull << 40))
      failDamaged("the shape of " + name);
    total *= static_cast<uint64_t>(shape[i]);
    input.shape.push_back(shape[i]);
  }
  return input;
}

static Variable parseVariable(const Json &json, const Program &program) {
  Variable variable;
  variable.name = json.at("name").get<std::string>();
  variable.role = parseRole(json.at("role").get<std::string>());
  variable.shape = json.at("shape").get<std::vector<int64_t>>();
  variable.offset = json.at("offset").get<uint64_t>();
  variable.bytes = json.at("bytes").get<uint64_t>();
  variable.modelOffset = json.value("model_offset", int64_t{-1});
  variable.of = json.value("of", std::string());
  if (json.value("dtype", std::string("f32")) != "f32")
    failDamaged("the element type of " + variable.name);
  uint64_t total = sizeof(float);
  for (int64_t dim : variable.shape) {
    if (dim < 0 || !productFits(total, static_cast<uint64_t>(dim), 1ull << 44))
      failDamaged("the shape of " + variable.name);
    total *= static_cast<uint64_t>(dim);
  }
  uint64_t room = variable.role == VariableRole::Gradient
                      ? program.gradStateBytes
                      : program.stateBytes;
  if (total != variable.bytes || variable.offset % FRAC_ALIGNMENT != 0 ||
      variable.offset > room || variable.bytes > room - variable.offset)
    failDamaged("the place of " + variable.name);
  uint64_t modelSize = program.modelBytes;
  if (variable.modelOffset >= 0 &&
      (static_cast<uint64_t>(variable.modelOffset) > modelSize ||
       variable.bytes >
           modelSize - static_cast<uint64_t>(variable.modelOffset)))
    failDamaged("the place of " + variable.name + " in the model");
  return variable;
}

/// The gates, if there are any.
static void parseGates(const Json &json, Program &program) {
  constexpr int64_t mostCandidates = 1024;
  program.candidates = json.at("candidates").get<int64_t>();
  if (program.candidates < 1 || program.candidates > mostCandidates)
    failDamaged("the number of candidates");
  for (const Json &entry : json.at("blocks")) {
    ProgramBlock block;
    block.name = entry.at("name").get<std::string>();
    block.macs = entry.at("macs").get<double>();
    block.depthwiseMacs = entry.at("depthwise_macs").get<double>();
    block.skips = entry.value("skips", false);
    program.blocks.push_back(std::move(block));
  }
}

static PrecisionSymbol parseSymbol(const Json &json, const Program &program) {
  PrecisionSymbol symbol;
  symbol.name = json.at("name").get<std::string>();
  symbol.layer = json.value("layer", std::string());
  symbol.maxBits = json.at("max_bits").get<int>();
  symbol.fixed = json.value("fixed", 0);
  symbol.block = json.value("block", -1);
  if (symbol.block < -1 ||
      symbol.block >= static_cast<int64_t>(program.blocks.size()))
    failDamaged("the block of " + symbol.name);
  if (symbol.maxBits < minWidth || symbol.maxBits > maxWidth ||
      (symbol.fixed != 0 &&
       (symbol.fixed < minWidth || symbol.fixed > symbol.maxBits)))
    failDamaged("the width of " + symbol.name);
  auto role = json.at("role").get<std::string>();
  for (auto known :
       {SymbolRole::Activation, SymbolRole::Weight, SymbolRole::Error})
    if (role == symbolRoleName(known)) {
      symbol.role = known;
      return symbol;
    }
  failDamaged("unknown role " + role);
}

static Operation parseOperation(const Json &json, const Program &program) {
  Operation operation;
  operation.name = json.value("name", std::string());
  operation.op = json.value("op", std::string());
  operation.pass = json.value("pass", std::string());
  operation.kernel = json.value("kernel", std::string());
  operation.macs = json.value("macs", 0.0);
  operation.lhs = json.value("lhs", int64_t{-1});
  operation.rhs = json.value("rhs", int64_t{-1});
  auto symbols = static_cast<int64_t>(program.symbols.size());
  for (int64_t place : {operation.lhs, operation.rhs})
    if (place < -1 || place >= symbols)
      failDamaged("the width of an operand of " + operation.name);
  if (!json.contains("product"))
    return operation;
  const Json &product = json.at("product");
  operation.problem = product.value("problem", std::string());
  if (!operation.problem.empty())
    return operation;
  operation.product = parsePattern(product.dump());
  if (!operation.product)
    failDamaged("the product of " + operation.name);
  return operation;
}

/// The model of what a run would cost.
static void parseCost(const Json &json, Program &program) {
  program.costModel = json.at("model").get<std::string>();
  if (!findCostModel(program.costModel))
    failDamaged("unknown cost model " + program.costModel);
  AcceleratorResult result = parseAccelerator(json.at("accelerator").dump());
  if (!result.accelerator)
    failDamaged("the accelerator: " + result.problems.front());
  program.accelerator = std::move(result.accelerator);
}

static void parse(const Json &json, Program &program) {
  program.model = json.value("model", std::string("model.onnx"));
  program.targetCpu = json.value("target_cpu", std::string());
  program.recipe = json.value("recipe", Json::object()).dump();
  program.batch = json.at("batch").get<int64_t>();
  if (program.batch < 1 || program.batch > (1 << 24))
    failDamaged("the batch");
  for (const Json &input : json.at("inputs"))
    program.data.inputs.push_back(
        parseInput(input, input.at("name").get<std::string>()));
  if (program.data.inputs.empty())
    failDamaged("no inputs");
  program.data.target = parseInput(json.at("target"), "target");
  program.data.classes = json.value("classes", int64_t{0});

  program.stateBytes = json.at("state_bytes").get<uint64_t>();
  program.gradStateBytes = json.value("grad_state_bytes", program.stateBytes);
  const Json &workspace = json.at("workspace_bytes");
  program.stepWorkspace = workspace.at("step").get<uint64_t>();
  program.evalWorkspace = workspace.at("eval").get<uint64_t>();
  program.gradWorkspace = workspace.at("grad").get<uint64_t>();
  if (program.gradStateBytes < program.stateBytes ||
      program.code->initial_state_size > program.stateBytes)
    failDamaged("the sizes of the state");
  program.modelBytes = json.value("model_bytes", program.code->model_size);
  if (program.modelBytes > program.code->model_size)
    failDamaged("the size of the model");
  for (const Json &variable : json.at("variables"))
    program.variables.push_back(parseVariable(variable, program));

  if (json.contains("macs")) {
    const Json &macs = json.at("macs");
    program.macs.forward = macs.value("forward", 0.0);
    program.macs.error = macs.value("error", 0.0);
    program.macs.weightGradient = macs.value("weight_gradient", 0.0);
  }
  if (json.contains("gates"))
    parseGates(json.at("gates"), program);
  if (json.contains("symbols"))
    for (const Json &entry : json.at("symbols"))
      program.symbols.push_back(parseSymbol(entry, program));
  if (json.contains("operations"))
    for (const Json &entry : json.at("operations"))
      program.operations.push_back(parseOperation(entry, program));
  if (json.contains("cost"))
    parseCost(json.at("cost"), program);
  if (json.contains("quantized_model"))
    program.quantizedModel =
        parseQuantizedModel(json.at("quantized_model"), program);
}

Program loadProgram(const frac_program &code) {
  if (code.abi_version != FRAC_ABI_VERSION)
    fail("program",
         "was compiled for interface version " +
             std::to_string(code.abi_version) + ", this runtime has " +
             std::to_string(FRAC_ABI_VERSION) + "; compile it again");
  Program program;
  program.code = &code;
  try {
    parse(Json::parse(code.metadata, code.metadata + code.metadata_size),
          program);
  } catch (const Json::exception &error) {
    failDamaged(error.what());
  }
  return program;
}

} // namespace frac
