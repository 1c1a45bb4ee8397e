//===- RecipeValues.h - Values of recipe keys at run time -------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_PROGRAM_RECIPEVALUES_H
#define FRAC_RUNTIME_PROGRAM_RECIPEVALUES_H

#include "runtime/precision/PrecisionSettings.h"

#include <nlohmann/json.hpp>
#include <string>

namespace frac {

/// Throws the UsageError of a value that the key does not take; `accepted` is
/// the end of the sentence "give ...".
[[noreturn]] void refuseValue(const std::string &key,
                              const nlohmann::json &value,
                              const std::string &accepted);

/// Sets the key `precision.NAME` of the table of precision. False if there is
/// no such key among those that a compiled program can change; UsageError for a
/// value that the key does not take.
bool setPrecision(PrecisionSettings &settings, const std::string &name,
                  const nlohmann::json &value);

/// Throws UsageError unless a compiled program can change what the setting
/// `precision.NAME=value` says: some keys are part of the code, and operands
/// are quantized or not. `hasSymbols` tells which, `compiled` is the policy so
/// far.
void checkPrecisionSetting(const std::string &assignment,
                           const nlohmann::json &value, bool hasSymbols,
                           const std::string &compiled);

/// The keys that `setPrecision` takes, separated by commas.
std::string precisionKeyNames();

/// The keys that `setPrecision` takes with what they accept, one a line.
std::string precisionKeyHelp();

} // namespace frac

#endif // FRAC_RUNTIME_PROGRAM_RECIPEVALUES_H
