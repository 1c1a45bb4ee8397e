//===- JsonFields.h - Checked access to the fields of a report  -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_JSONFIELDS_H
#define FRAC_COMPILER_REPORT_JSONFIELDS_H

#include "compiler/report/TrainingReport.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace frac::report {

using Json = nlohmann::ordered_json;

/// What is wrong with a report: `epochs[3].seconds: is a string, ...`. Does not
/// leave the reader, where it becomes the error of the file.
class FieldError : public std::runtime_error {
public:
  FieldError(const std::string &place, const std::string &what)
      : std::runtime_error((place.empty() ? "the file" : place) + ": " + what) {
  }
};

/// What a number may be.
struct Range {
  double lowest = -std::numeric_limits<double>::max();
  double highest = std::numeric_limits<double>::max();
};
constexpr Range anyNumber{};
/// Fractions are sums of quotients and may miss 1 by rounding.
constexpr Range fraction{0, 1 + 1e-9};
constexpr Range notNegative{0, std::numeric_limits<double>::max()};

/// A value and where it lies. Refers to the value.
class Field {
public:
  Field(const Json &value, std::string place)
      : json(&value), place(std::move(place)) {}

  const Json &value() const { return *json; }
  /// Where it lies: `epochs[3].precision`.
  const std::string &where() const { return place; }
  bool isNull() const { return json->is_null(); }

  /// The member of this name; null where this is null or lacks it. Throws
  /// FieldError if this is not an object.
  Field operator[](const std::string &key) const;

  /// The element at `index` of an array that has it.
  Field operator[](size_t index) const;

  /// The number of elements of an array or members of an object. Throws unless
  /// this is `type` and has at most `most` of them; 0 for null.
  size_t size(Json::value_t type, size_t most) const;

  /// The number; none for null. Throws for anything else or out of range.
  Number number(Range range = anyNumber) const;

  /// A whole number in the range; `otherwise` for null.
  int64_t integer(int64_t lowest, int64_t highest, int64_t otherwise) const;

  /// A string, number or truth value as text; empty for null. Throws for
  /// anything else and where it is longer than a name.
  std::string text() const;

  [[noreturn]] void fail(const std::string &what) const;

private:
  const Json *json;
  std::string place;
};

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_JSONFIELDS_H
