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

std::string policyNames() {
  std::string names;
  for (const PrecisionPolicy *policy : precisionPolicies())
    names += std::string(names.empty() ? "" : ", ") + policy->name;
  return "one of " + names;
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
  } else {
    return setOwn(settings, name, value);
  }
  return true;
}

void checkPrecisionSetting(const std::string &assignment, const Json &value,
                           bool hasSymbols, const std::string &compiled) {
  auto refuse = [](const std::string &setting, const std::string &why,
                   const std::string &compile) {
    throw UsageError("--set " + printable(setting) + ": error: " + why +
                     "; compile the model again with --set " +
                     printable(compile));
  };
  std::string key = assignment.substr(0, assignment.find('='));
  for (const char *fixed :
       {"precision.rounding_backward", "precision.error_weights",
        "precision.keep_float", "precision.momentum", "precision.gate."})
    if (key.compare(0, std::string(fixed).size(), fixed) == 0)
      refuse(assignment, printable(key) + " is part of the compiled code",
             assignment);
  bool isPolicy = key == "precision.policy" && value.is_string();
  std::string wanted = isPolicy ? value.get<std::string>() : "";
  bool isKnown = findPrecisionPolicy(wanted) != nullptr;
  bool isOther = wanted == "none" || wanted == "dfq" || wanted == "fractrain";
  if (isPolicy && !isKnown && !isOther)
    refuseValue(key, value, policyNames());
  if (!hasSymbols && wanted != "none")
    refuse(assignment, "the program was compiled to compute in float",
           isPolicy ? assignment : "precision.policy=static");
  if (hasSymbols && isOther)
    refuse(assignment,
           "the program was compiled for precision.policy=" + compiled +
               " and can run " + policyNames(),
           assignment);
}

std::string precisionKeyNames() {
  std::string names = "precision.policy, precision.forward, "
                      "precision.backward, precision.weight, precision.eval, "
                      "precision.interval";
  for (const PrecisionPolicy *policy : precisionPolicies())
    for (const PolicyKey &key : policy->keys)
      names += std::string(", precision.") + policy->name + "." + key.name;
  return names;
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
  return out;
}

} // namespace frac
