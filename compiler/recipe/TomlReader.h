//===- TomlReader.h - Reads TOML into JSON values -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_RECIPE_TOMLREADER_H
#define FRAC_COMPILER_RECIPE_TOMLREADER_H

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace frac {

/// Reads the TOML file at `path`. The error has the file's name, the line and
/// what is wrong. Dates and times, which no recipe has, come as strings.
llvm::Expected<llvm::json::Object> readTomlFile(llvm::StringRef path);

/// Reads one TOML value, such as `[3, 4, 6]` or `0.1`; a text that is no TOML
/// value is taken as a string, so that a word needs no quotes on the command
/// line.
llvm::json::Value readTomlValue(llvm::StringRef text);

} // namespace frac

#endif // FRAC_COMPILER_RECIPE_TOMLREADER_H
