//===- AcceleratorText.cpp - Accelerators as text -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/AcceleratorText.h"

#include "runtime/support/Error.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace frac {

using Json = nlohmann::json;

/// Calls `visit(TABLE.KEY, field, low, high)` for each number and
/// `visit(TABLE.KEY, field)` for each text. A field that is std::optional may
/// be missing. Bounds keep searches short and products within integers.
template <typename AcceleratorT, typename Visitor>
static void visitKeys(AcceleratorT &accelerator, Visitor &&visit) {
  constexpr double most = 1e9;
  visit("name", accelerator.name);
  visit("source", accelerator.source);
  visit("array.inputs", accelerator.inputLanes, 1, 65536);
  visit("array.outputs", accelerator.outputLanes, 1, 65536);
  visit("array.max_bits", accelerator.maxBits, 1, 64);
  visit("array.min_bits", accelerator.minBits, 1, 64);
  visit("array.frequency_mhz", accelerator.megahertz, 1e-3, 1e6);
  visit("array.pj_per_cycle", accelerator.picojoulesPerCycle, 0, most);
  visit("array.leakage_mw", accelerator.arrayLeakageMilliwatts, 0, most);
  visit("array.area_mm2", accelerator.arrayAreaSquareMillimetres, 0, most);
  visit("array.provenance", accelerator.arrayProvenance);
  visit("dram.bits_per_cycle", accelerator.dramBitsPerCycle, 1, 1 << 20);
  visit("dram.pj_per_bit", accelerator.dramPicojoulesPerBit, 0, most);
  visit("dram.provenance", accelerator.dramProvenance);
  auto buffer = [&](const std::string &table, auto &fields) {
    visit(table + ".bytes", fields.bytes, 1, 1 << 30);
    visit(table + ".read_pj_per_bit", fields.readPicojoulesPerBit, 0, most);
    visit(table + ".write_pj_per_bit", fields.writePicojoulesPerBit, 0, most);
    visit(table + ".leakage_mw", fields.leakageMilliwatts, 0, most);
    visit(table + ".area_mm2", fields.areaSquareMillimetres, 0, most);
    visit(table + ".provenance", fields.provenance);
  };
  buffer("input_buffer", accelerator.inputBuffer);
  buffer("weight_buffer", accelerator.weightBuffer);
  buffer("output_buffer", accelerator.outputBuffer);
}

static constexpr const char *extensionTable = "extensions";

/// A bound as a person writes it.
static std::string numberText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

namespace {
/// Takes the known keys out of a flat description, so that what is left is
/// unknown.
class Reader {
public:
  Reader(const Json &flat, std::vector<std::string> &problems)
      : values(flat), problems(problems) {}

  void operator()(const std::string &key, std::string &field) {
    known += (known.empty() ? "" : ", ") + key;
    const Json *value = take(key);
    if (!value)
      problems.push_back("key '" + key + "' is missing; it takes a text");
    else if (!value->is_string())
      refuse(key, *value, "a text");
    else
      field = value->get<std::string>();
  }

  template <typename NumberT>
  void operator()(const std::string &key, NumberT &field, double low,
                  double high) {
    readNumber(key, field, low, high, /*isRequired=*/true);
  }

  void operator()(const std::string &key, std::optional<double> &field,
                  double low, double high) {
    double number = 0;
    if (readNumber(key, number, low, high, /*isRequired=*/false))
      field = number;
  }

  const std::string &knownKeys() const { return known; }
  const Json &rest() const { return values; }

private:
  /// Whether a number is there and accepted.
  template <typename NumberT>
  bool readNumber(const std::string &key, NumberT &field, double low,
                  double high, bool isRequired) {
    constexpr bool isInteger = std::is_integral_v<NumberT>;
    known += (known.empty() ? "" : ", ") + key;
    std::string accepted = std::string(isInteger ? "an integer" : "a number") +
                           " from " + numberText(low) + " to " +
                           numberText(high);
    const Json *value = take(key);
    if (!value) {
      if (isRequired)
        problems.push_back("key '" + key + "' is missing; it takes " +
                           accepted);
      return false;
    }
    double number = value->is_number() ? value->get<double>() : std::nan("");
    bool isWhole = !isInteger || value->is_number_integer();
    if (!(number >= low && number <= high && isWhole)) {
      refuse(key, *value, accepted);
      return false;
    }
    field = value->get<NumberT>();
    return true;
  }

  /// The value of a key, once.
  const Json *take(const std::string &key) {
    auto place = values.find(key);
    if (place == values.end())
      return nullptr;
    taken = std::move(*place);
    values.erase(key);
    return &taken;
  }

  void refuse(const std::string &key, const Json &value,
              const std::string &accepted) {
    problems.push_back(
        "key '" + key + "' cannot be " +
        printable(value.dump(-1, ' ', false, Json::error_handler_t::replace)) +
        "; it takes " + accepted);
  }

  Json values, taken;
  std::vector<std::string> &problems;
  std::string known;
};

/// Writes keys into nested tables.
class Writer {
public:
  template <typename FieldT, typename... Bounds>
  void operator()(const std::string &key, const FieldT &field, Bounds...) {
    at(key) = field;
  }
  template <typename... Bounds>
  void operator()(const std::string &key, const std::optional<double> &field,
                  Bounds...) {
    if (field)
      at(key) = *field;
  }

  Json &at(const std::string &key) {
    size_t dot = key.find('.');
    return dot == std::string::npos
               ? json[key]
               : json[key.substr(0, dot)][key.substr(dot + 1)];
  }

  Json json = Json::object();
};
} // namespace

/// Tables and their keys under one name each; what lies deeper is a value.
static Json flatten(const Json &json) {
  Json flat = Json::object();
  for (const auto &[name, value] : json.items()) {
    if (!value.is_object()) {
      flat[name] = value;
      continue;
    }
    for (const auto &[key, inner] : value.items())
      flat[name + "." + key] = inner;
  }
  return flat;
}

/// The value of an extension as `setCostExtension` takes it.
static std::string extensionText(const Json &value) {
  if (value.is_string())
    return value.get<std::string>();
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

AcceleratorResult parseAccelerator(const std::string &text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    return {std::nullopt, {"is no description of an accelerator"}};
  AcceleratorResult result;
  Accelerator accelerator;
  Reader reader(flatten(json), result.problems);
  visitKeys(accelerator, reader);
  for (const auto &[name, value] : reader.rest().items()) {
    std::string prefix = std::string(extensionTable) + ".";
    if (name.rfind(prefix, 0) != 0) {
      result.problems.push_back("unknown key '" + printable(name) +
                                "'; known are " + reader.knownKeys() +
                                " and the table extensions");
      continue;
    }
    std::string wrong =
        setCostExtension(accelerator.extensions, name.substr(prefix.size()),
                         extensionText(value));
    if (!wrong.empty())
      result.problems.push_back(wrong);
  }
  if (result.problems.empty())
    result.problems = checkAccelerator(accelerator);
  if (result.problems.empty())
    result.accelerator = accelerator;
  return result;
}

std::string acceleratorJson(const Accelerator &accelerator) {
  Writer writer;
  visitKeys(accelerator, writer);
  for (const CostExtensionInfo &info : costExtensions()) {
    if (!switchedOn(accelerator.extensions).has(info.extension))
      continue;
    std::string value = getCostExtension(accelerator.extensions, info.name);
    Json number = Json::parse(value, nullptr, /*allow_exceptions=*/false);
    writer.at(std::string(extensionTable) + "." + info.name) =
        number.is_discarded() ? Json(value) : number;
  }
  return writer.json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace frac
