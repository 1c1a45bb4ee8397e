//===- JsonFields.cpp - Checked access to the fields of a report ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/JsonFields.h"

using namespace frac::report;

/// Longer names are none that a program wrote.
static constexpr size_t maxTextSize = 1024;

static const Json nothing = nullptr;

/// A key for a message: short, and without what could break its line.
static std::string printableKey(const std::string &key) {
  std::string text = key.substr(0, 60);
  for (char &letter : text)
    if (static_cast<unsigned char>(letter) < ' ' || letter == '\x7f')
      letter = '?';
  return text;
}

static std::string describe(double number) {
  // As JSON has it: the shortest text that gives the same number.
  return Json(number).dump();
}

void Field::fail(const std::string &what) const {
  throw FieldError(place, what);
}

Field Field::operator[](const std::string &key) const {
  std::string inner = place + (place.empty() ? "" : ".") + printableKey(key);
  if (isNull())
    return {nothing, std::move(inner)};
  if (!json->is_object())
    fail(std::string("is of type ") + json->type_name() + ", not object");
  auto member = json->find(key);
  return {member == json->end() ? nothing : *member, std::move(inner)};
}

Field Field::operator[](size_t index) const {
  return {(*json)[index], place + "[" + std::to_string(index) + "]"};
}

size_t Field::size(Json::value_t type, size_t most) const {
  if (isNull())
    return 0;
  if (json->type() != type)
    fail(std::string("is of type ") + json->type_name() + ", not " +
         Json(type).type_name());
  if (json->size() > most)
    fail("has " + std::to_string(json->size()) + " entries; at most " +
         std::to_string(most) + " are drawn");
  return json->size();
}

Number Field::number(Range range) const {
  if (isNull())
    return std::nullopt;
  if (!json->is_number())
    fail(std::string("is of type ") + json->type_name() + ", not number");
  double value = json->get<double>();
  if (!(value >= range.lowest && value <= range.highest))
    fail("is " + describe(value) +
         (range.highest == notNegative.highest
              ? ", which must not be negative"
              : ", not between 0 and " + std::to_string(int(range.highest))));
  return value;
}

int64_t Field::integer(int64_t lowest, int64_t highest,
                       int64_t otherwise) const {
  if (isNull())
    return otherwise;
  bool fits = json->is_number_unsigned()
                  ? json->get<uint64_t>() <= static_cast<uint64_t>(highest)
                  : json->is_number_integer();
  if (!fits || json->get<int64_t>() < lowest || json->get<int64_t>() > highest)
    fail("must be a whole number from " + std::to_string(lowest) + " to " +
         std::to_string(highest));
  return json->get<int64_t>();
}

std::string Field::text() const {
  if (isNull())
    return "";
  if (json->is_structured())
    fail(std::string("is of type ") + json->type_name() + ", not string");
  if (!json->is_string())
    return json->dump();
  const auto &value = json->get_ref<const std::string &>();
  if (value.size() > maxTextSize)
    fail("is longer than " + std::to_string(maxTextSize) + " characters");
  return value;
}
