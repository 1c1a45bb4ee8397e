//===- TomlText.h - TOML as JSON --------------------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_TOML_TOMLTEXT_H
#define FRAC_RUNTIME_TOML_TOMLTEXT_H

#include <cstdint>
#include <string>

namespace frac {

/// What a TOML text holds, or why it cannot be read.
struct TomlResult {
  /// A JSON object; empty after an error. Dates and times, and numbers that are
  /// not finite, are strings.
  std::string json;
  /// What is wrong, without the place; empty if all is well.
  std::string error;
  /// The line of the error, from 1; 0 where there is none to name.
  int64_t line = 0;
};

/// Reads a TOML document. Nothing escapes, however the text is broken, and
/// nesting is bounded.
TomlResult readToml(const std::string &text);

} // namespace frac

#endif // FRAC_RUNTIME_TOML_TOMLTEXT_H
