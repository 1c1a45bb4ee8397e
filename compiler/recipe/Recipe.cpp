//===- Recipe.cpp - How a model is to be trained --------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/recipe/Recipe.h"

#include "compiler/recipe/RecipeSchema.h"
#include "compiler/recipe/TomlReader.h"
#include "runtime/precision/PrecisionPolicy.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace frac;

/// Values that were given, by dotted path, in the order they were read.
using GivenValues = std::vector<std::pair<std::string, json::Value>>;

/// Whether keys below this path exist.
static bool isTable(StringRef path) {
  return llvm::any_of(getRecipeKeys(), [&](const RecipeKey &key) {
    return StringRef(key.path).starts_with((path + ".").str());
  });
}

static void flatten(const json::Object &object, StringRef prefix,
                    GivenValues &given) {
  for (const auto &[key, value] : object) {
    std::string path = (prefix + StringRef(key)).str();
    const json::Object *table = value.getAsObject();
    if (table && isTable(path))
      flatten(*table, path + ".", given);
    else
      given.emplace_back(path, value);
  }
}

/// The known keys that share a table with `path`, or all tables.
static std::string describeNeighbours(StringRef path) {
  SmallVector<StringRef> names;
  StringRef table = path.rsplit('.').first;
  if (table == path)
    table = "";
  for (const RecipeKey &key : getRecipeKeys()) {
    StringRef candidate = key.path;
    if (!table.empty() && candidate.consume_front((table + ".").str()) &&
        !candidate.contains('.'))
      names.push_back(key.path);
  }
  if (names.empty())
    for (const RecipeKey &key : getRecipeKeys())
      names.push_back(key.path);
  return llvm::join(names, ", ");
}

Recipe::Recipe() {
  for (const RecipeKey &key : getRecipeKeys())
    values.push_back(key.defaultValue);
}

Expected<Recipe> Recipe::load(StringRef path, ArrayRef<std::string> overrides) {
  GivenValues given;
  if (!path.empty()) {
    Expected<json::Object> file = readTomlFile(path);
    if (!file)
      return file.takeError();
    flatten(*file, "", given);
    // The order of a hash table is no order; messages have that of the keys.
    llvm::sort(given,
               [](const auto &a, const auto &b) { return a.first < b.first; });
  }
  size_t fromFile = given.size();
  std::string errors;
  auto report = [&](size_t index, const Twine &message) {
    if (!errors.empty())
      errors += '\n';
    errors +=
        ((index < fromFile ? path : StringRef("--set")) + ": error: " + message)
            .str();
  };
  for (const std::string &text : overrides) {
    auto [key, value] = StringRef(text).split('=');
    if (key.empty() || key.size() == text.size())
      report(fromFile, "'" + text + "' is not of the form KEY=VALUE");
    else
      given.emplace_back(key.trim().str(), readTomlValue(value.trim()));
  }

  Recipe recipe;
  for (auto [index, entry] : llvm::enumerate(given)) {
    const auto &[name, value] = entry;
    const RecipeKey *key = findRecipeKey(name);
    if (!key) {
      report(index, "unknown key '" + name + "'; known are " +
                        describeNeighbours(name));
      continue;
    }
    if (!key->accepts(value)) {
      report(index, formatv("key '{0}' cannot be {1}; it takes {2}", name,
                            value, key->describeAccepted())
                        .str());
      continue;
    }
    recipe.values[key - getRecipeKeys().begin()] = value;
  }
  recipe.setGateDefaults(given);
  if (errors.empty())
    if (std::string wrong = checkPrecision(recipe.getPrecision());
        !wrong.empty())
      report(0, wrong);
  if (!errors.empty())
    return createStringError(errors);
  return recipe;
}

const json::Value &Recipe::get(StringRef path) const {
  const RecipeKey *key = findRecipeKey(path);
  if (!key)
    llvm::report_fatal_error("no such recipe key: " + path);
  return values[key - getRecipeKeys().begin()];
}

std::string Recipe::getString(StringRef path) const {
  return get(path).getAsString().value_or("").str();
}

double Recipe::getNumber(StringRef path) const {
  return get(path).getAsNumber().value_or(0);
}

bool Recipe::getBoolean(StringRef path) const {
  return get(path).getAsBoolean().value_or(false);
}

std::vector<std::string> Recipe::getStrings(llvm::StringRef path) const {
  std::vector<std::string> strings;
  for (const llvm::json::Value &entry : *get(path).getAsArray())
    strings.push_back(entry.getAsString()->str());
  return strings;
}

std::vector<int64_t> Recipe::getIntegers(StringRef path) const {
  const json::Value &value = get(path);
  if (std::optional<int64_t> integer = value.getAsInteger())
    return {*integer};
  std::vector<int64_t> integers;
  if (const json::Array *array = value.getAsArray())
    for (const json::Value &element : *array)
      integers.push_back(element.getAsInteger().value_or(0));
  return integers;
}

/// A list of widths; empty where the key is 0.
static std::vector<int> getWidths(const Recipe &recipe, StringRef path) {
  std::vector<int> widths;
  for (int64_t bits : recipe.getIntegers(path))
    if (bits != 0)
      widths.push_back(static_cast<int>(bits));
  return widths;
}

/// A list of widths that may be 0.
static std::vector<int> getCandidates(const Recipe &recipe, StringRef path) {
  std::vector<int> widths;
  for (int64_t bits : recipe.getIntegers(path))
    widths.push_back(static_cast<int>(bits));
  return widths;
}

/// Keys whose default is another where gates choose: contraction `first` stays
/// in float, and weights have 4 bits, as published.
void Recipe::setGateDefaults(
    ArrayRef<std::pair<std::string, json::Value>> given) {
  if (!getPrecision().isGated())
    return;
  auto setDefault = [&](StringRef path, json::Value value) {
    bool isGiven = llvm::any_of(
        given, [&](const auto &entry) { return entry.first == path; });
    if (!isGiven)
      values[findRecipeKey(path) - getRecipeKeys().begin()] = std::move(value);
  };
  setDefault("precision.keep_float", json::Array{"first", "last"});
  setDefault("precision.weight", 4);
}

PrecisionSettings Recipe::getPrecision() const {
  PrecisionSettings settings;
  settings.policy = getString("precision.policy");
  settings.forward = getWidths(*this, "precision.forward");
  settings.backward = getWidths(*this, "precision.backward");
  settings.weight = getWidths(*this, "precision.weight");
  settings.eval = static_cast<int>(getNumber("precision.eval"));
  settings.interval = static_cast<int64_t>(getNumber("precision.interval"));
  GateSettings &gate = settings.gate;
  gate.forward = getCandidates(*this, "precision.gate.forward");
  gate.backward = getCandidates(*this, "precision.gate.backward");
  gate.target = getNumber("precision.gate.target_cp");
  gate.targetStep = getNumber("precision.gate.target_cp_step");
  gate.beta = getNumber("precision.gate.beta");
  gate.relax = getNumber("precision.gate.relax");
  gate.range = getNumber("precision.gate.range");
  gate.isExact = getString("precision.gate.learning") == "exact";
  gate.period = static_cast<int64_t>(getNumber("precision.gate.period"));
  gate.forced = static_cast<int>(getNumber("precision.gate.force"));
  for (auto &[name, value] : settings.own)
    value = getNumber("precision." + name);
  return settings;
}

json::Object Recipe::toJSON() const {
  json::Object root;
  for (auto [index, key] : llvm::enumerate(getRecipeKeys())) {
    SmallVector<StringRef> parts;
    StringRef(key.path).split(parts, '.');
    json::Object *table = &root;
    for (StringRef part : ArrayRef(parts).drop_back()) {
      auto place = table->try_emplace(part, json::Object()).first;
      table = place->second.getAsObject();
    }
    (*table)[parts.back()] = values[index];
  }
  return root;
}
