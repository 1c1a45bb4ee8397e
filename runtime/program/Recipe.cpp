//===- Recipe.cpp - The numbers of optimizer and schedule -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/program/Recipe.h"

#include "runtime/precision/PrecisionPolicy.h"
#include "runtime/program/RecipeValues.h"
#include "runtime/support/Error.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace frac {

using Json = nlohmann::json;

namespace {
struct ScheduleName {
  const char *name;
  ScheduleKind kind;
};
constexpr ScheduleName scheduleNames[] = {
    {"constant", ScheduleKind::Constant},
    {"linear", ScheduleKind::Linear},
    {"cosine", ScheduleKind::Cosine},
    {"piecewise", ScheduleKind::Piecewise},
};
constexpr const char *kindsText = "constant, linear, cosine or piecewise";
constexpr const char *milestonesText =
    "increasing iterations, as [32000, 48000]";

/// A number of the optimizer: where it lives and what it may be, from `low`
/// (itself allowed or not) to below `high`.
struct NumberKey {
  const char *name;
  double OptimizerNumbers::*field;
  double low;
  bool lowAllowed;
  double high;
  const char *accepted;
};
constexpr NumberKey numberKeys[] = {
    {"lr", &OptimizerNumbers::lr, 0, false, HUGE_VAL, "a number > 0"},
    {"momentum", &OptimizerNumbers::momentum, 0, true, 1, "a number in [0, 1)"},
    {"weight_decay", &OptimizerNumbers::weightDecay, 0, true, HUGE_VAL,
     "a number >= 0"},
    {"beta1", &OptimizerNumbers::beta1, 0, true, 1, "a number in [0, 1)"},
    {"beta2", &OptimizerNumbers::beta2, 0, true, 1, "a number in [0, 1)"},
    {"epsilon", &OptimizerNumbers::epsilon, 0, false, HUGE_VAL, "a number > 0"},
    {"clip_norm", &OptimizerNumbers::clipNorm, 0, true, HUGE_VAL,
     "a number >= 0 (0: no clipping)"},
};
} // namespace

std::string recipeKeyHelp() {
  std::string out;
  for (const NumberKey &key : numberKeys)
    out += std::string("optimizer.") + key.name + ": " + key.accepted + "\n";
  out += std::string("schedule.kind: ") + kindsText +
         "\nschedule.milestones: " + milestonesText +
         "\nschedule.factor: a number > 0"
         "\nschedule.warmup: a number of iterations, >= 0"
         "\nschedule.total: a number of iterations (0: the run's)"
         "\nschedule.min_lr: a number >= 0\n" +
         precisionKeyHelp();
  return out;
}

void refuseValue(const std::string &key, const Json &value,
                 const std::string &accepted) {
  // Whatever bytes the user typed must not break the message.
  std::string shown =
      value.dump(-1, ' ', false, Json::error_handler_t::replace);
  throw UsageError("--set " + key + "=" + printable(shown) +
                   ": error: the value is not accepted; give " + accepted);
}

/// Whether `name` is one of the optimizer's numbers; sets it if so.
static bool setOptimizer(OptimizerNumbers &numbers, const std::string &name,
                         const Json &json) {
  for (const NumberKey &key : numberKeys) {
    if (name != key.name)
      continue;
    double value = json.is_number() ? json.get<double>() : std::nan("");
    bool good = (key.lowAllowed ? value >= key.low : value > key.low) &&
                value < key.high;
    if (!good)
      refuseValue("optimizer." + name, json, key.accepted);
    numbers.*key.field = value;
    return true;
  }
  return false;
}

static int64_t iterations(const std::string &name, const Json &json) {
  bool good = json.is_number_integer() && json.get<int64_t>() >= 0 &&
              json.get<int64_t>() < (int64_t{1} << 48);
  if (!good)
    refuseValue("schedule." + name, json, "a number of iterations, >= 0");
  return json.get<int64_t>();
}

static ScheduleKind scheduleKind(const Json &json) {
  for (const ScheduleName &entry : scheduleNames)
    if (json == entry.name)
      return entry.kind;
  refuseValue("schedule.kind", json, kindsText);
}

static std::vector<int64_t> milestones(const Json &json) {
  if (!json.is_array())
    refuseValue("schedule.milestones", json, milestonesText);
  std::vector<int64_t> out;
  for (const Json &entry : json) {
    int64_t value = iterations("milestones", entry);
    if (!out.empty() && value <= out.back())
      refuseValue("schedule.milestones", json, milestonesText);
    out.push_back(value);
  }
  return out;
}

static double rate(const Json &json) {
  double value = json.is_number() ? json.get<double>() : std::nan("");
  if (!(value >= 0 && value < HUGE_VAL))
    refuseValue("schedule.min_lr", json, "a number >= 0");
  return value;
}

static double positive(const std::string &name, const Json &json) {
  if (!json.is_number() || !(json.get<double>() > 0) ||
      !std::isfinite(json.get<double>()))
    refuseValue("schedule." + name, json, "a number > 0");
  return json.get<double>();
}

/// Whether `name` is one of the schedule's keys; sets it if so.
static bool setSchedule(Schedule &schedule, const std::string &name,
                        const Json &json) {
  if (name == "kind")
    schedule.kind = scheduleKind(json);
  else if (name == "milestones")
    schedule.milestones = milestones(json);
  else if (name == "factor")
    schedule.factor = positive(name, json);
  else if (name == "warmup")
    schedule.warmup = iterations(name, json);
  else if (name == "total")
    schedule.total = iterations(name, json);
  else if (name == "min_lr")
    schedule.minRate = rate(json);
  else
    return false;
  return true;
}

/// Sets what a compiled recipe says of precision; what only the compiler reads
/// is passed over. Tables of policies lie one deeper.
static void readPrecision(PrecisionSettings &settings, const Json &table) {
  for (const auto &entry : table.items()) {
    if (!entry.value().is_object()) {
      setPrecision(settings, entry.key(), entry.value());
      continue;
    }
    for (const auto &own : entry.value().items())
      setPrecision(settings, entry.key() + "." + own.key(), own.value());
  }
}

Recipe::Recipe(const Program &program)
    : text(program.recipe), hasSlots(program.has(VariableRole::Slot)),
      symbols(program.symbols) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object())
    json = Json::object();
  if (json.contains("optimizer") && json["optimizer"].is_object())
    for (const auto &entry : json["optimizer"].items()) {
      setOptimizer(optimizer, entry.key(), entry.value());
      if (entry.key() == "kind" && entry.value().is_string())
        optimizerKind = entry.value().get<std::string>();
    }
  if (json.contains("schedule") && json["schedule"].is_object())
    for (const auto &entry : json["schedule"].items())
      setSchedule(schedule, entry.key(), entry.value());
  if (json.contains("precision") && json["precision"].is_object())
    readPrecision(precision, json["precision"]);
}

void Recipe::check() const {
  if (symbols.empty())
    return;
  if (!findPrecisionPolicy(precision.policy))
    throw UsageError("precision.policy: error: this runtime has no policy '" +
                     printable(precision.policy) +
                     "'; compile the model again with another");
  std::string wrong = checkPrecision(precision);
  if (wrong.empty())
    wrong = checkStorage(precision, symbols);
  if (!wrong.empty())
    throw UsageError("precision: error: " + wrong);
}

void Recipe::set(const std::string &assignment) {
  size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UsageError("--set " + printable(assignment) +
                     ": error: it is not KEY=VALUE; for example "
                     "--set optimizer.lr=0.05");
  std::string key = assignment.substr(0, equals);
  std::string word = assignment.substr(equals + 1);
  // What is no JSON value is a word.
  Json value = Json::parse(word, nullptr, false);
  if (value.is_discarded())
    value = word;

  size_t dot = key.find('.');
  std::string table = key.substr(0, dot);
  std::string name = dot == std::string::npos ? "" : key.substr(dot + 1);
  if (table == "precision")
    checkPrecisionSetting(assignment, value, !symbols.empty(),
                          precision.policy);
  bool known = (table == "optimizer" && setOptimizer(optimizer, name, value)) ||
               (table == "schedule" && setSchedule(schedule, name, value)) ||
               (table == "precision" && setPrecision(precision, name, value));
  if (!known) {
    std::string keys;
    for (const NumberKey &entry : numberKeys)
      keys += std::string("optimizer.") + entry.name + ", ";
    throw UsageError("--set " + printable(assignment) + ": error: the key '" +
                     printable(key) + "' cannot be set to '" + printable(word) +
                     "' at run time; accepted keys are " + keys +
                     "schedule.kind, schedule.milestones, schedule.factor, "
                     "schedule.warmup, schedule.total, schedule.min_lr and " +
                     precisionKeyNames());
  }
  // Momentum needs memory that only a program compiled with it has.
  if (key == "optimizer.momentum" && optimizerKind == "sgd" && !hasSlots &&
      optimizer.momentum > 0)
    throw UsageError("--set " + printable(assignment) +
                     ": error: the program was compiled without momentum; "
                     "compile it with --set optimizer.momentum=" +
                     printable(word));
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object())
    json = Json::object();
  // A dot leads one table deeper.
  std::string place = key;
  std::replace(place.begin(), place.end(), '.', '/');
  json[Json::json_pointer("/" + place)] = value;
  text = json.dump();
}

Hyper Recipe::hyperAt(int64_t iteration, int64_t runLength) const {
  Hyper hyper{};
  double update = static_cast<double>(iteration) + 1;
  auto put = [&](frac_hyper place, double value) {
    hyper[place] = static_cast<float>(value);
  };
  put(FRAC_HYPER_LR, rateAt(iteration, runLength));
  put(FRAC_HYPER_MOMENTUM, optimizer.momentum);
  put(FRAC_HYPER_WEIGHT_DECAY, optimizer.weightDecay);
  put(FRAC_HYPER_BETA1, optimizer.beta1);
  put(FRAC_HYPER_BETA2, optimizer.beta2);
  put(FRAC_HYPER_EPSILON, optimizer.epsilon);
  put(FRAC_HYPER_CLIP_NORM, optimizer.clipNorm);
  put(FRAC_HYPER_CORRECTION1, 1 - std::pow(optimizer.beta1, update));
  put(FRAC_HYPER_CORRECTION2, 1 - std::pow(optimizer.beta2, update));
  return hyper;
}

} // namespace frac
