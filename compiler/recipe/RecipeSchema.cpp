//===- RecipeSchema.cpp - The keys of a recipe ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/recipe/RecipeSchema.h"

#include "runtime/precision/PrecisionPolicy.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace llvm;
using namespace frac;

using Kind = RecipeKey::Kind;

static RecipeKey choice(StringRef path, std::vector<std::string> choices,
                        StringRef defaultValue, StringRef summary) {
  return {path.str(), Kind::Choice, summary.str(), defaultValue,
          std::move(choices)};
}

static RecipeKey number(StringRef path, double defaultValue, double minimum,
                        double maximum, StringRef summary) {
  return {path.str(), Kind::Number, summary.str(), defaultValue,
          {},         minimum,      maximum};
}

static RecipeKey above(StringRef path, double defaultValue, double minimum,
                       StringRef summary) {
  RecipeKey key = number(path, defaultValue, minimum,
                         std::numeric_limits<double>::infinity(), summary);
  key.isMinimumExcluded = true;
  return key;
}

static RecipeKey below(StringRef path, double defaultValue, double minimum,
                       double maximum, StringRef summary) {
  RecipeKey key = number(path, defaultValue, minimum, maximum, summary);
  key.isMaximumExcluded = true;
  return key;
}

static RecipeKey integer(StringRef path, int64_t defaultValue, double minimum,
                         StringRef summary) {
  return {path.str(), Kind::Integer, summary.str(), defaultValue, {}, minimum};
}

static RecipeKey list(StringRef path, Kind kind, json::Value defaultValue,
                      double minimum, double maximum, StringRef summary) {
  return {path.str(), kind,    summary.str(), std::move(defaultValue),
          {},         minimum, maximum};
}

static RecipeKey orZero(RecipeKey key, StringRef meaning) {
  key.zeroMeaning = meaning.str();
  return key;
}

static RecipeKey width(StringRef path, int64_t defaultValue,
                       StringRef summary) {
  return {path.str(), Kind::Integer, summary.str(), defaultValue,
          {},         minWidth,      maxWidth};
}

/// The key of a precision policy, `precision.POLICY.NAME`.
static RecipeKey policyKey(const PrecisionPolicy &policy,
                           const PolicyKey &key) {
  json::Value defaultValue = key.defaultValue;
  if (key.isInteger)
    defaultValue = static_cast<int64_t>(key.defaultValue);
  RecipeKey made = {(Twine("precision.") + policy.name + "." + key.name).str(),
                    key.isInteger ? Kind::Integer : Kind::Number,
                    key.summary,
                    std::move(defaultValue),
                    {},
                    key.low};
  made.isMinimumExcluded = key.isLowExcluded;
  return made;
}

/// Every precision policy, and none.
static std::vector<std::string> policyNames() {
  std::vector<std::string> names = {"none"};
  for (const PrecisionPolicy *policy : precisionPolicies())
    names.push_back(policy->name);
  return names;
}

static std::vector<RecipeKey> makeRecipeKeys() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::vector<RecipeKey> keys = {
      choice("loss.kind",
             {"softmax-cross-entropy", "nll", "mse", "bce-with-logits"},
             "softmax-cross-entropy", "what is minimized"),

      choice("optimizer.kind", {"sgd", "adam", "adamw"}, "sgd",
             "the update rule"),
      above("optimizer.lr", 0.1, 0, "learning rate before the schedule"),
      below("optimizer.momentum", 0.9, 0, 1, "momentum of sgd"),
      {"optimizer.nesterov", Kind::Boolean, "look-ahead momentum of sgd",
       false},
      number("optimizer.weight_decay", 0, 0, infinity,
             "L2 penalty; decoupled from the gradient with adamw"),
      below("optimizer.beta1", 0.9, 0, 1, "decay of adam's first moment"),
      below("optimizer.beta2", 0.999, 0, 1, "decay of adam's second moment"),
      above("optimizer.epsilon", 1e-8, 0, "adam's guard of the denominator"),
      number("optimizer.clip_norm", 0, 0, infinity,
             "largest norm of all gradients together; 0 is no clipping"),

      choice("schedule.kind", {"constant", "piecewise", "linear", "cosine"},
             "constant", "how the learning rate changes"),
      list("schedule.milestones", Kind::IntegerList, json::Array{}, 0, infinity,
           "iterations at which piecewise multiplies by the factor"),
      above("schedule.factor", 0.1, 0, "what piecewise multiplies by"),
      integer("schedule.warmup", 0, 0,
              "iterations over which the rate rises linearly at the start"),
      integer("schedule.total", 0, 0,
              "iterations that linear and cosine span; 0 is the whole run"),
      number("schedule.min_lr", 0, 0, infinity, "where linear and cosine end"),

      choice("precision.policy", policyNames(), "none",
             "who chooses the widths"),
      list("precision.forward", Kind::IntegerOrList, 8, minWidth, maxWidth,
           "bits of activations and weights; a list has one entry a stage, or "
           "the ends of a range"),
      list("precision.backward", Kind::IntegerOrList, 8, minWidth, maxWidth,
           "bits of errors; a list has one entry a stage"),
      orZero(list("precision.weight", Kind::IntegerOrList, 0, minWidth,
                  maxWidth, "bits of weights alone, where they differ"),
             "as forward"),
      orZero(width("precision.eval", 0,
                   "bits of activations and weights in evaluation"),
             "the widths in force, of cpt the largest"),
      integer("precision.interval", 0, 0,
              "iterations from one observation of the training loss to the "
              "next; 0 is one epoch"),
      below("precision.momentum", 0.9, 0, 1,
            "momentum of the running ranges that evaluation quantizes by"),
      choice("precision.rounding_backward", {"stochastic", "nearest"},
             "stochastic", "rounding of errors"),
      choice("precision.error_weights", {"channel", "tensor"}, "channel",
             "what has a range of weights in error products"),
      list("precision.keep_float", Kind::StringList, json::Array{"last"}, 0, 0,
           "contractions left in float"),
      orZero(list("precision.gate.forward", Kind::IntegerList,
                  json::Array{3, 4, 4, 6, 6}, minWidth, maxWidth,
                  "activation bits of each candidate"),
             "skip the block"),
      orZero(list("precision.gate.backward", Kind::IntegerList,
                  json::Array{6, 6, 8, 8, 12}, minWidth, maxWidth,
                  "error bits of each candidate"),
             "skip the block"),
      number("precision.gate.target_cp", 3, 0, 100,
             "wanted cost in percent of float"),
      number("precision.gate.target_cp_step", 0.5, 0, 100,
             "what each stage adds to the target"),
      number("precision.gate.beta", 1e-3, 0, infinity,
             "weight of the cost in the loss"),
      choice("precision.gate.learning", {"sparse", "exact"}, "sparse",
             "which samples train the gates in a step: one in `period`, or "
             "all"),
      integer("precision.gate.period", 8, 1,
              "steps after which sparse learning has had every sample"),
      number("precision.gate.relax", 0, 0, 100,
             "dfq: distance from the target within which the cost has a tenth "
             "of its weight"),
      number("precision.gate.range", 0, 0, 100,
             "fractrain: distance above the target within which the cost has "
             "no weight"),
      number("precision.gate.cap", 0, 0, infinity,
             "largest part of the loss that the cost may have; 0: no bound"),
      integer("precision.gate.force", -1, -1,
              "the candidate that every gate chooses; -1: the gates choose"),
      choice("precision.gate.granularity", {"block", "layer"}, "block",
             "what a gate decides on"),
      list("precision.gate.features", Kind::IntegerList, json::Array{}, 1, 4096,
           "outputs of a gate's own layers; none: as published for the kind of "
           "model"),
      orZero(integer("precision.gate.hidden", 0, 0,
                     "state of the gates' recurrent cell"),
             "as published for the kind of model"),
  };
  for (const PrecisionPolicy *policy : precisionPolicies())
    for (const PolicyKey &key : policy->keys)
      keys.push_back(policyKey(*policy, key));
  return keys;
}

ArrayRef<RecipeKey> frac::getRecipeKeys() {
  static const std::vector<RecipeKey> keys = makeRecipeKeys();
  return keys;
}

const RecipeKey *frac::findRecipeKey(StringRef path) {
  for (const RecipeKey &key : getRecipeKeys())
    if (key.path == path)
      return &key;
  return nullptr;
}

/// "from 0 to 1", "of at least 0", "above 0 and below 1", or nothing.
static std::string describeBounds(const RecipeKey &key) {
  bool hasMinimum = std::isfinite(key.minimum);
  bool hasMaximum = std::isfinite(key.maximum);
  std::string text;
  if (hasMinimum)
    text += formatv(" {0} {1}", key.isMinimumExcluded ? "above" : "of at least",
                    key.minimum);
  if (hasMinimum && hasMaximum)
    text += " and";
  if (hasMaximum)
    text += formatv(" {0} {1}", key.isMaximumExcluded ? "below" : "at most",
                    key.maximum);
  // formatv prints a double with two digits after the point.
  StringRef rest(text);
  std::string out;
  while (!rest.empty()) {
    auto [head, tail] = rest.split(".00");
    out += head;
    rest = tail;
  }
  return out;
}

/// What is accepted besides 0.
static std::string describeKind(const RecipeKey &key) {
  switch (key.kind) {
  case Kind::Choice:
    return "one of \"" + llvm::join(key.choices, "\", \"") + "\"";
  case Kind::Boolean:
    return "true or false";
  case Kind::Number:
    return "a number" + describeBounds(key);
  case Kind::Integer:
    return "an integer" + describeBounds(key);
  case Kind::IntegerList:
    return "a list of integers" + describeBounds(key);
  case Kind::IntegerOrList:
    return "an integer" + describeBounds(key) + ", or a list of such";
  case Kind::StringList:
    return "a list of strings";
  }
  return "";
}

std::string RecipeKey::describeAccepted() const {
  std::string text = describeKind(*this);
  if (!zeroMeaning.empty())
    text += ", or 0: " + zeroMeaning;
  return text;
}

/// Whether a number is within the bounds of `key`.
static bool isInBounds(const RecipeKey &key, double value) {
  if (!std::isfinite(value))
    return false;
  if (key.isMinimumExcluded ? value <= key.minimum : value < key.minimum)
    return false;
  return key.isMaximumExcluded ? value < key.maximum : value <= key.maximum;
}

static bool isInteger(const RecipeKey &key, const json::Value &value) {
  // A real number such as 3.0 is not an integer in TOML.
  std::optional<int64_t> integer = value.getAsInteger();
  return integer && isInBounds(key, static_cast<double>(*integer));
}

static bool isIntegerList(const RecipeKey &key, const json::Value &value) {
  const json::Array *array = value.getAsArray();
  return array && llvm::all_of(*array, [&](const json::Value &element) {
           bool isZero = key.kind == Kind::IntegerList &&
                         !key.zeroMeaning.empty() &&
                         element.getAsInteger() == 0;
           return isZero || isInteger(key, element);
         });
}

bool RecipeKey::accepts(const json::Value &value) const {
  // Of a list 0 is one of the entries.
  if (!zeroMeaning.empty() && kind != Kind::IntegerList &&
      value.getAsInteger() == 0)
    return true;
  switch (kind) {
  case Kind::Choice: {
    std::optional<StringRef> word = value.getAsString();
    return word && llvm::is_contained(choices, *word);
  }
  case Kind::Boolean:
    return value.getAsBoolean().has_value();
  case Kind::Number: {
    std::optional<double> real = value.getAsNumber();
    return real && isInBounds(*this, *real);
  }
  case Kind::Integer:
    return isInteger(*this, value);
  case Kind::IntegerList:
    return isIntegerList(*this, value);
  case Kind::IntegerOrList:
    return isInteger(*this, value) ||
           (isIntegerList(*this, value) && !value.getAsArray()->empty());
  case Kind::StringList: {
    const json::Array *array = value.getAsArray();
    return array && llvm::all_of(*array, [](const json::Value &element) {
             return element.getAsString().has_value();
           });
  }
  }
  return false;
}
