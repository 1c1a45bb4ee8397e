//===- QuantizedModel.cpp - The model of --export-quantized ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/program/QuantizedModel.h"

#include "runtime/program/Metadata.h"

#include <algorithm>

namespace frac {

/// Every kind with its name in the metadata.
static constexpr std::pair<const char *, ModelFieldKind> kinds[] = {
    {"values", ModelFieldKind::Values},
    {"weight_integers", ModelFieldKind::WeightIntegers},
    {"weight_scale", ModelFieldKind::WeightScale},
    {"weight_zero_point", ModelFieldKind::WeightZeroPoint},
    {"weight_low", ModelFieldKind::WeightLow},
    {"activation_scale", ModelFieldKind::ActivationScale},
    {"activation_low", ModelFieldKind::ActivationLow},
    {"activation_extent", ModelFieldKind::ActivationExtent},
};

static ModelFieldKind parseKind(const std::string &name) {
  for (const auto &[text, kind] : kinds)
    if (name == text)
      return kind;
  failDamaged("unknown field " + name + " of the quantized model");
}

static size_t findVariable(const Program &program, const std::string &name) {
  auto found = std::find_if(
      program.variables.begin(), program.variables.end(),
      [&](const Variable &variable) { return variable.name == name; });
  if (found == program.variables.end() || found->role == VariableRole::Gradient)
    failDamaged("no variable " + name + " for the quantized model");
  return static_cast<size_t>(found - program.variables.begin());
}

/// The variable of a running range, which is one number.
static size_t findRangeEnd(const Program &program, const std::string &name) {
  size_t place = findVariable(program, name);
  if (program.variables[place].bytes != sizeof(float))
    failDamaged("the shape of " + name);
  return place;
}

static ModelField parseField(const nlohmann::json &json,
                             const Program &program) {
  ModelField field;
  field.kind = parseKind(json.at("write").get<std::string>());
  field.place = json.at("place").get<uint64_t>();
  if (field.kind == ModelFieldKind::Values) {
    field.variable =
        findVariable(program, json.at("variable").get<std::string>());
    return field;
  }
  field.symbol = json.at("symbol").get<size_t>();
  if (field.symbol >= program.symbols.size())
    failDamaged("the width of a field of the quantized model");
  switch (field.kind) {
  case ModelFieldKind::ActivationScale:
  case ModelFieldKind::ActivationLow:
  case ModelFieldKind::ActivationExtent: {
    const std::string &symbol = program.symbols[field.symbol].name;
    field.variable = findRangeEnd(program, symbol + "/range_low");
    field.extent = findRangeEnd(program, symbol + "/range_extent");
    return field;
  }
  default:
    break;
  }
  field.variable =
      findVariable(program, json.at("variable").get<std::string>());
  field.dimension = json.value("dimension", int64_t{-1});
  const Variable &weights = program.variables[field.variable];
  if (field.dimension < -1 ||
      field.dimension >= static_cast<int64_t>(weights.shape.size()))
    failDamaged("the ranges of " + weights.name);
  return field;
}

QuantizedModel parseQuantizedModel(const nlohmann::json &json,
                                   const Program &program) {
  QuantizedModel model;
  model.problem = json.value("problem", std::string());
  if (!model.problem.empty())
    return model;
  model.offset = json.at("offset").get<uint64_t>();
  model.bytes = json.at("bytes").get<uint64_t>();
  uint64_t size = program.code->model_size;
  if (model.offset > size || model.bytes > size - model.offset)
    failDamaged("the place of the quantized model");
  uint64_t at = 0;
  for (const nlohmann::json &entry : json.at("fields")) {
    model.fields.push_back(parseField(entry, program));
    uint64_t place = model.fields.back().place;
    if (place < at || place > model.bytes)
      failDamaged("the places in the quantized model");
    at = place;
  }
  return model;
}

} // namespace frac
