//===- RecipeSchema.h - The keys of a recipe ------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_RECIPE_RECIPESCHEMA_H
#define FRAC_COMPILER_RECIPE_RECIPESCHEMA_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"

#include <limits>
#include <string>
#include <vector>

namespace frac {

/// What a key of a recipe may hold.
struct RecipeKey {
  enum class Kind {
    /// One of `choices`.
    Choice,
    Boolean,
    Number,
    Integer,
    /// An ascending or free list of integers, possibly empty.
    IntegerList,
    /// An integer, or a list with one integer a stage.
    IntegerOrList,
    /// A list of words or /regular expressions/.
    StringList,
  };

  /// Dotted path, such as "optimizer.lr".
  std::string path;
  Kind kind;
  /// What it means, one line, for the documentation and error messages.
  std::string summary;
  llvm::json::Value defaultValue;
  std::vector<std::string> choices = {};
  /// Bounds, inclusive, of a number or of every element of a list.
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  /// Whether `minimum`, `maximum` themselves are out of range.
  bool isMinimumExcluded = false;
  bool isMaximumExcluded = false;
  /// What the number 0 stands for, where it is accepted although out of range:
  /// "as forward".
  std::string zeroMeaning = {};

  /// What would be accepted, as a phrase: "a number above 0".
  std::string describeAccepted() const;

  /// Whether `value` is of the kind and within the bounds.
  bool accepts(const llvm::json::Value &value) const;
};

/// Every key that a recipe can have, in the order of the documentation.
llvm::ArrayRef<RecipeKey> getRecipeKeys();

/// The key with this path, or null.
const RecipeKey *findRecipeKey(llvm::StringRef path);

} // namespace frac

#endif // FRAC_COMPILER_RECIPE_RECIPESCHEMA_H
