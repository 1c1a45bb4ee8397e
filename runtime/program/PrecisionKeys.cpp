//===- PrecisionKeys.cpp - The recipe's keys of precision at run time -----===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/program/RecipeValues.h"

#include "runtime/precision/PrecisionPolicy.h"
#include "runtime/support/Error.h"

#include <optional>

namespace frac {

using Json = nlohmann::json;

namespace {
constexpr const char *widthsKeyText =
    "an integer from 2 to 16, or a list of such, as [3, 4, 6, 8]";
constexpr const char *weightText =
    "0 (as forward), an integer from 2 to 16, or a list of such";
constexpr const char *evalText =
    "0 (the widths in force), or an integer from 2 to 16";
constexpr const char *intervalText = "a number of iterations (0: an epoch)";

/// The policies that a program can run, those with gates if it has them.
std::string policyNames(bool isGated) {
  std::string names;
  for (const PrecisionPolicy *policy : precisionPolicies())
    if (policy->isGated == isGated)
      names += std::string(names.empty() ? "" : ", ") + policy->name;
  return "one of " + names;
}

std::string policyNames() {
  return policyNames(false) + "; with gates " + policyNames(true);
}

std::optional<int> width(const Json &value) {
  if (!value.is_number_integer() || value < minWidth || value > maxWidth)
    return std::nullopt;
  return value.get<int>();
}

/// One width or a list with at least one.
std::optional<std::vector<int>> widths(const Json &value) {
  std::vector<int> out;
  Json list = value.is_array() ? value : Json::array({value});
  for (const Json &entry : list) {
    std::optional<int> bits = width(entry);
    if (!bits)
      return std::nullopt;
    out.push_back(*bits);
  }
  return out.empty() ? std::nullopt : std::make_optional(out);
}

void setWidths(std::vector<int> &field, const char *key, const Json &value,
               const char *accepted) {
  auto list = widths(value);
  if (!list)
    refuseValue(key, value, accepted);
  field = *list;
}

/// Whether `name` is a policy's own key; sets it if so.
bool setOwn(PrecisionSettings &settings, const std::string &name,
            const Json &value) {
  for (const PrecisionPolicy *policy : precisionPolicies())
    for (const PolicyKey &key : policy->keys) {
      if (name != std::string(policy->name) + "." + key.name)
        continue;
      if (!value.is_number() || !key.accepts(value.get<double>()) ||
          (key.isInteger && !value.is_number_integer()))
        refuseValue("precision." + name, value, key.accepted());
      settings.own[name] = value.get<double>();
      return true;
    }
  return false;
}
/// A list of widths, as candidates have them: 0 skips the block.
void setCandidates(std::vector<int> &field, const char *key,
                   const Json &value) {
  std::vector<int> list;
  bool isList = value.is_array() && !value.empty();
  for (const Json &entry : isList ? value : Json::array()) {
    bool isZero = entry.is_number_integer() && entry == 0;
    std::optional<int> bits = isZero ? 0 : width(entry);
    isList &= bits.has_value();
    list.push_back(bits.value_or(0));
  }
  if (!isList)
    refuseValue(key, value, "a list of integers from 2 to 16, or 0");
  field = list;
}

struct GateNumberKey {
  const char *name;
  double GateSettings::*field;
  double high;
};
constexpr GateNumberKey gateNumberKeys[] = {
    {"target_cp", &GateSettings::target, 100},
    {"target_cp_step", &GateSettings::targetStep, 100},
    {"beta", &GateSettings::beta, 1e6},
    {"relax", &GateSettings::relax, 100},
    {"range", &GateSettings::range, 100}};

/// Whether `name` is a key of the table of gates; sets it if so.
bool setGate(GateSettings &gate, const std::string &name, const Json &value) {
  std::string key = "precision.gate." + name;
  for (const GateNumberKey &entry : gateNumberKeys) {
    if (name != entry.name)
      continue;
    if (!value.is_number() || !(value.get<double>() >= 0) ||
        value.get<double>() > entry.high)
      refuseValue(key, value, "a number >= 0");
    gate.*entry.field = value.get<double>();
    return true;
  }
  if (name == "forward") {
    setCandidates(gate.forward, key.c_str(), value);
  } else if (name == "backward") {
    setCandidates(gate.backward, key.c_str(), value);
  } else if (name == "learning") {
    if (value != "exact" && value != "sparse")
      refuseValue(key, value, "exact or sparse");
    gate.isExact = value == "exact";
  } else if (name == "period") {
    if (!value.is_number_integer() || value < 1 || value > 65536)
      refuseValue(key, value, "an integer from 1 to 65536");
    gate.period = value.get<int64_t>();
  } else if (name == "force") {
    if (!value.is_number_integer() || value < -1 || value > 1024)
      refuseValue(key, value, "-1, or the number of a candidate from 0 on");
    gate.forced = value.get<int>();
  } else {
    return false;
  }
  return true;
}
} // namespace

bool setPrecision(PrecisionSettings &settings, const std::string &name,
                  const Json &value) {
  bool isZero = value.is_number_integer() && value == 0;
  if (name == "policy") {
    if (!value.is_string())
      refuseValue("precision.policy", value, policyNames());
    settings.policy = value.get<std::string>();
  } else if (name == "forward") {
    setWidths(settings.forward, "precision.forward", value, widthsKeyText);
  } else if (name == "backward") {
    setWidths(settings.backward, "precision.backward", value, widthsKeyText);
  } else if (name == "weight") {
    if (isZero)
      settings.weight.clear();
    else
      setWidths(settings.weight, "precision.weight", value, weightText);
  } else if (name == "eval") {
    std::optional<int> bits = isZero ? 0 : width(value);
    if (!bits)
      refuseValue("precision.eval", value, evalText);
    settings.eval = *bits;
  } else if (name == "interval") {
    if (!value.is_number_integer() || value < 0 || value > (int64_t{1} << 48))
      refuseValue("precision.interval", value, intervalText);
    settings.interval = value.get<int64_t>();
  } else if (name.compare(0, 5, "gate.") == 0) {
    return setGate(settings.gate, name.substr(5), value);
  } else {
    return setOwn(settings, name, value);
  }
  return true;
}

void checkPrecisionSetting(const std::string &assignment, const Json &value,
                           bool hasSymbols, const std::string &compiled) {
  const PrecisionPolicy *running = findPrecisionPolicy(compiled);
  bool hasGates = hasSymbols && running && running->isGated;
  auto refuse = [](const std::string &setting, const std::string &why,
                   const std::string &compile) {
    throw UsageError("--set " + printable(setting) + ": error: " + why +
                     "; compile the model again with --set " +
                     printable(compile));
  };
  std::string key = assignment.substr(0, assignment.find('='));
  for (const char *fixed :
       {"precision.rounding_backward", "precision.error_weights",
        "precision.keep_float", "precision.momentum", "precision.gate.forward",
        "precision.gate.backward", "precision.gate.features",
        "precision.gate.hidden", "precision.gate.granularity",
        "precision.gate.cap"})
    if (key.compare(0, std::string(fixed).size(), fixed) == 0)
      refuse(assignment, printable(key) + " is part of the compiled code",
             assignment);
  bool isPolicy = key == "precision.policy" && value.is_string();
  std::string wanted = isPolicy ? value.get<std::string>() : "";
  const PrecisionPolicy *known = findPrecisionPolicy(wanted);
  bool isKnown = known != nullptr;
  bool isOther = wanted == "none" || (known && known->isGated != hasGates);
  if (isPolicy && !isKnown && !isOther)
    refuseValue(key, value, policyNames());
  if (!hasSymbols && wanted != "none")
    refuse(assignment, "the program was compiled to compute in float",
           isPolicy ? assignment : "precision.policy=static");
  if (hasSymbols && isOther)
    refuse(assignment,
           "the program was compiled for precision.policy=" + compiled +
               " and can run " + policyNames(hasGates),
           assignment);
}

std::string precisionKeyNames() {
  std::string names = "precision.policy, precision.forward, "
                      "precision.backward, precision.weight, precision.eval, "
                      "precision.interval";
  for (const PrecisionPolicy *policy : precisionPolicies())
    for (const PolicyKey &key : policy->keys)
      names += std::string(", precision.") + policy->name + "." + key.name;
  for (const GateNumberKey &key : gateNumberKeys)
    names += std::string(", precision.gate.") + key.name;
  return names + ", precision.gate.learning, precision.gate.period, "
                 "precision.gate.force";
}

std::string precisionKeyHelp() {
  std::string out = "precision.policy: " + policyNames() +
                    "\nprecision.forward: " + widthsKeyText +
                    "\nprecision.backward: the same"
                    "\nprecision.weight: " +
                    weightText + "\nprecision.eval: " + evalText +
                    "\nprecision.interval: " + intervalText;
  for (const PrecisionPolicy *policy : precisionPolicies())
    for (const PolicyKey &key : policy->keys)
      out += std::string("\nprecision.") + policy->name + "." + key.name +
             ": " + key.accepted();
  for (const GateNumberKey &key : gateNumberKeys)
    out += std::string("\nprecision.gate.") + key.name + ": a number >= 0";
  return out + "\nprecision.gate.learning: exact or sparse"
               "\nprecision.gate.period: an integer from 1 to 65536"
               "\nprecision.gate.force: -1, or the number of a candidate";
}

} // namespace frac
