//===- TomlText.cpp - TOML as JSON ----------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/toml/TomlText.h"

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>
#include <toml.hpp>

namespace frac {

using Json = nlohmann::json;

/// As TOML has it.
static Json textOf(const toml::value &value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

static Json convert(const toml::value &value) {
  switch (value.type()) {
  case toml::value_t::boolean:
    return value.as_boolean();
  case toml::value_t::integer:
    return value.as_integer();
  case toml::value_t::floating:
    return std::isfinite(value.as_floating()) ? Json(value.as_floating())
                                              : textOf(value);
  case toml::value_t::string:
    return value.as_string().str;
  case toml::value_t::array: {
    Json array = Json::array();
    for (const toml::value &element : value.as_array())
      array.push_back(convert(element));
    return array;
  }
  case toml::value_t::table: {
    Json object = Json::object();
    for (const auto &[key, element] : value.as_table())
      object[key] = convert(element);
    return object;
  }
  default:
    return textOf(value);
  }
}

/// The first line of what toml11 says, without its decoration.
static std::string firstLine(std::string message) {
  for (const char *decoration : {"[error] ", "toml::"})
    if (message.rfind(decoration, 0) == 0)
      message.erase(0, std::strlen(decoration));
  return message.substr(0, message.find('\n'));
}

/// How deep arrays, tables and dotted keys may lie in each other: toml11 and
/// the conversion call themselves at each level. No file of ours comes near.
static constexpr int maxDepth = 64;

/// The line with something that lies too deep, or 0. Counts what is in strings
/// and comments as well.
static int64_t findTooDeep(const std::string &text) {
  int brackets = 0, dots = 0;
  int64_t line = 1;
  for (char letter : text) {
    if (letter == '[' || letter == '{')
      ++brackets;
    else if ((letter == ']' || letter == '}') && brackets > 0)
      --brackets;
    if (letter == '.')
      ++dots;
    else if (std::strchr(",=[]{}\n", letter))
      dots = 0;
    if (brackets > maxDepth || dots > maxDepth)
      return line;
    line += letter == '\n';
  }
  return 0;
}

TomlResult readToml(const std::string &text) {
  if (int64_t line = findTooDeep(text))
    return {"",
            "arrays, tables or dotted keys lie in each other more than " +
                std::to_string(maxDepth) + " deep",
            line};
  std::istringstream stream(text);
  try {
    Json json = convert(toml::parse(stream, "TOML"));
    if (!json.is_object())
      return {"", "has no TOML table", 0};
    return {json.dump(-1, ' ', false, Json::error_handler_t::replace), "", 0};
  } catch (const toml::exception &error) {
    return {"", firstLine(error.what()),
            static_cast<int64_t>(error.location().line())};
  } catch (const std::exception &error) {
    return {"", firstLine(error.what()), 0};
  }
}

} // namespace frac
