//===- Recipe.h - How a model is to be trained ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_RECIPE_RECIPE_H
#define FRAC_COMPILER_RECIPE_RECIPE_H

#include "runtime/precision/PrecisionSettings.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <string>
#include <vector>

namespace frac {

/// A recipe with every key in force: what the file says, else the default,
/// with the overrides of the command line on top. Every value has passed the
/// checks of its `RecipeKey`.
class Recipe {
public:
  /// Reads a recipe. An empty `path` is the default recipe; `overrides` are
  /// texts of the form KEY=VALUE. The error has one line for each wrong key or
  /// value.
  static llvm::Expected<Recipe> load(llvm::StringRef path,
                                     llvm::ArrayRef<std::string> overrides);

  /// The value of the key with this dotted path, which must be one of
  /// `getRecipeKeys()`.
  const llvm::json::Value &get(llvm::StringRef path) const;

  std::string getString(llvm::StringRef path) const;
  double getNumber(llvm::StringRef path) const;
  bool getBoolean(llvm::StringRef path) const;
  std::vector<int64_t> getIntegers(llvm::StringRef path) const;
  std::vector<std::string> getStrings(llvm::StringRef path) const;

  /// The table of precision, as the runtime has it: `widest()` is what storage
  /// must hold. Its values agree with the policy.
  PrecisionSettings getPrecision() const;

  /// The tables and keys, nested as in TOML, for the program's metadata.
  llvm::json::Object toJSON() const;

private:
  void setGateDefaults(
      llvm::ArrayRef<std::pair<std::string, llvm::json::Value>> given);

  Recipe();

  /// Values in the order of `getRecipeKeys()`.
  std::vector<llvm::json::Value> values;
};

} // namespace frac

#endif // FRAC_COMPILER_RECIPE_RECIPE_H
