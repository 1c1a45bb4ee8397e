//===- TomlReader.cpp - Reads TOML into JSON values -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/recipe/TomlReader.h"

#include "runtime/toml/TomlText.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace frac;

/// A recipe is a page of text; a larger file is something else.
static constexpr uint64_t maxFileSize = 1 << 20;

/// The object that `readToml` wrote.
static Expected<json::Object> parseObject(StringRef text) {
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return value.takeError();
  if (json::Object *object = value->getAsObject())
    return std::move(*object);
  return createStringError("has no TOML table");
}

Expected<json::Object> frac::readTomlFile(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return createStringError(
        path + ": error: cannot be read: " + buffer.getError().message());
  if ((*buffer)->getBufferSize() > maxFileSize)
    return createStringError(
        path + ": error: is larger than 1 MiB, so it is no recipe");
  TomlResult result = readToml((*buffer)->getBuffer().str());
  if (result.error.empty())
    return parseObject(result.json);
  std::string line = result.line ? ":" + std::to_string(result.line) : "";
  return createStringError(path + line + ": error: " + result.error);
}

json::Value frac::readTomlValue(StringRef text) {
  TomlResult result = readToml("value = " + text.str() + "\n");
  if (!result.error.empty())
    return text;
  Expected<json::Object> table = parseObject(result.json);
  if (!table) {
    consumeError(table.takeError());
    return text;
  }
  // What is more than one value is a word.
  return table->size() == 1 ? std::move(*table->get("value"))
                            : json::Value(text);
}
