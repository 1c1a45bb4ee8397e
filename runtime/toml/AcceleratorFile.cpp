//===- AcceleratorFile.cpp - An accelerator by name or file ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/toml/AcceleratorFile.h"

#include "runtime/support/Error.h"
#include "runtime/support/Files.h"
#include "runtime/toml/TomlText.h"

namespace frac {

/// A description is a page of text; a larger file is something else.
static constexpr uint64_t maxFileSize = 1 << 20;

/// Of a file that is not there, which may have been meant as a name.
static std::string describeMissing(const std::string &path) {
  std::string names;
  for (const Accelerator &accelerator : builtinAccelerators())
    names += (names.empty() ? "" : ", ") + accelerator.name;
  return printable(path) +
         ": error: is neither a file nor one of the built-in "
         "accelerators " +
         names;
}

AcceleratorResult loadAccelerator(const std::string &nameOrPath) {
  if (nameOrPath.empty())
    return {builtinAccelerators().front(), {}};
  if (const Accelerator *builtin = findBuiltinAccelerator(nameOrPath))
    return {*builtin, {}};
  if (!fileExists(nameOrPath))
    return {std::nullopt, {describeMissing(nameOrPath)}};
  TomlResult toml;
  try {
    if (InputFile(nameOrPath).size() > maxFileSize)
      return {std::nullopt,
              {nameOrPath + ": error: is larger than 1 MiB, so it describes no "
                            "accelerator"}};
    std::vector<unsigned char> bytes = readFile(nameOrPath);
    toml = readToml(std::string(bytes.begin(), bytes.end()));
  } catch (const Error &error) {
    return {std::nullopt, {error.what()}};
  }
  if (!toml.error.empty()) {
    std::string line = toml.line ? ":" + std::to_string(toml.line) : "";
    return {std::nullopt, {nameOrPath + line + ": error: " + toml.error}};
  }
  AcceleratorResult result = parseAccelerator(toml.json);
  for (std::string &problem : result.problems)
    problem = nameOrPath + ": error: " + problem;
  return result;
}

} // namespace frac
