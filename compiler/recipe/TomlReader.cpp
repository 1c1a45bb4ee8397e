//===- TomlReader.cpp - Reads TOML into JSON values -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/recipe/TomlReader.h"

#include "llvm/Support/MemoryBuffer.h"

#include <sstream>
#include <toml.hpp>

using namespace llvm;

/// A recipe is a page of text; a larger file is something else.
static constexpr uint64_t maxFileSize = 1 << 20;

static json::Value convert(const toml::value &value) {
  switch (value.type()) {
  case toml::value_t::boolean:
    return value.as_boolean();
  case toml::value_t::integer:
    return static_cast<int64_t>(value.as_integer());
  case toml::value_t::floating:
    return value.as_floating();
  case toml::value_t::string:
    return value.as_string().str;
  case toml::value_t::array: {
    json::Array array;
    for (const toml::value &element : value.as_array())
      array.push_back(convert(element));
    return array;
  }
  case toml::value_t::table: {
    json::Object object;
    for (const auto &[key, element] : value.as_table())
      object[key] = convert(element);
    return object;
  }
  default: {
    std::ostringstream text;
    text << value;
    return text.str();
  }
  }
}

/// The first line of what toml11 says, without its decoration.
static std::string getFirstLine(StringRef message) {
  message = message.ltrim();
  message.consume_front("[error] ");
  message.consume_front("toml::");
  return message.split('\n').first.str();
}

/// How deep arrays, tables and dotted keys may lie in each other: toml11 and
/// the conversion call themselves at each level. No recipe comes near.
static constexpr int maxDepth = 64;

/// The line with something that lies too deep, or 0. Counts what is in strings
/// and comments as well.
static int64_t findTooDeep(StringRef text) {
  int brackets = 0, dots = 0;
  int64_t line = 1;
  for (char letter : text) {
    if (letter == '[' || letter == '{')
      ++brackets;
    else if ((letter == ']' || letter == '}') && brackets > 0)
      --brackets;
    if (letter == '.')
      ++dots;
    else if (StringRef(",=[]{}\n").contains(letter))
      dots = 0;
    if (brackets > maxDepth || dots > maxDepth)
      return line;
    line += letter == '\n';
  }
  return 0;
}

Expected<json::Object> frac::readTomlFile(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return createStringError(
        path + ": error: cannot be read: " + buffer.getError().message());
  if ((*buffer)->getBufferSize() > maxFileSize)
    return createStringError(
        path + ": error: is larger than 1 MiB, so it is no recipe");
  if (int64_t line = findTooDeep((*buffer)->getBuffer()))
    return createStringError(path + ":" + Twine(line) +
                             ": error: arrays, tables or dotted keys lie in "
                             "each other more than " +
                             Twine(maxDepth) + " deep");
  std::istringstream stream((*buffer)->getBuffer().str());
  try {
    json::Value value = convert(toml::parse(stream, path.str()));
    if (json::Object *object = value.getAsObject())
      return std::move(*object);
    return createStringError(path + ": error: has no TOML table");
  } catch (const toml::exception &error) {
    return createStringError(path + ":" + Twine(error.location().line()) +
                             ": error: " + getFirstLine(error.what()));
  } catch (const std::exception &error) {
    return createStringError(path + ": error: " + getFirstLine(error.what()));
  }
}

json::Value frac::readTomlValue(StringRef text) {
  if (findTooDeep(text))
    return text;
  std::istringstream stream("value = " + text.str() + "\n");
  try {
    toml::value table = toml::parse(stream, "value");
    if (table.as_table().size() == 1)
      return convert(table.at("value"));
  } catch (const std::exception &) {
    // No TOML value: a word.
  }
  return text;
}
