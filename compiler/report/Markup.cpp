//===- Markup.cpp - Text and numbers of a page ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/Markup.h"

#include "compiler/report/Scale.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <charconv>
#include <cmath>

using namespace llvm;
using namespace frac;

static constexpr StringRef replacement = "\xEF\xBF\xBD";
static constexpr StringRef ellipsis = "\xE2\x80\xA6";

/// Whether a character may stand in XML 1.0 and does not order its neighbours.
static bool isPlain(uint32_t character) {
  if (character < 0x20)
    return character == '\t' || character == '\n';
  bool isControl = character >= 0x7F && character <= 0x9F;
  bool isDirection = (character >= 0x202A && character <= 0x202E) ||
                     (character >= 0x2066 && character <= 0x2069) ||
                     character == 0x200E || character == 0x200F;
  bool isNoCharacter = (character & 0xFFFE) == 0xFFFE;
  return !isControl && !isDirection && !isNoCharacter;
}

/// Takes the first character off `text`; an empty result for a byte that
/// belongs to none.
static StringRef takeCharacter(StringRef &text) {
  const auto *begin = reinterpret_cast<const UTF8 *>(text.bytes_begin());
  const UTF8 *end = begin + text.size();
  unsigned length = getNumBytesForUTF8(*begin);
  if (length > text.size() || !isLegalUTF8Sequence(begin, end)) {
    text = text.drop_front();
    return {};
  }
  StringRef character = text.take_front(length);
  text = text.drop_front(length);
  return character;
}

/// The number of a character in UTF-8.
static uint32_t decode(StringRef character) {
  const auto *source = reinterpret_cast<const UTF8 *>(character.bytes_begin());
  UTF32 value = 0;
  UTF32 *target = &value;
  ConvertUTF8toUTF32(&source, source + character.size(), &target, target + 1,
                     strictConversion);
  return value;
}

std::string report::cleanText(StringRef text) {
  std::string clean;
  while (!text.empty()) {
    StringRef character = takeCharacter(text);
    bool isGood = !character.empty() && isPlain(decode(character));
    clean += isGood ? character : replacement;
  }
  return clean;
}

std::string report::escape(StringRef text) {
  std::string escaped;
  for (char letter : cleanText(text)) {
    switch (letter) {
    case '&':
      escaped += "&amp;";
      break;
    case '<':
      escaped += "&lt;";
      break;
    case '>':
      escaped += "&gt;";
      break;
    case '"':
      escaped += "&quot;";
      break;
    case '\'':
      escaped += "&#39;";
      break;
    default:
      escaped += letter;
    }
  }
  return escaped;
}

static bool isContinuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

static size_t countCharacters(StringRef clean) {
  return static_cast<size_t>(
      llvm::count_if(clean, [](char byte) { return !isContinuation(byte); }));
}

std::string report::keepEnd(StringRef text, size_t count) {
  std::string clean = cleanText(text);
  size_t length = countCharacters(clean);
  if (length <= count)
    return clean;
  StringRef rest = clean;
  for (; length >= count; --length)
    takeCharacter(rest);
  return (ellipsis + rest).str();
}

std::string report::keepBegin(StringRef text, size_t count) {
  std::string clean = cleanText(text);
  if (countCharacters(clean) <= count)
    return clean;
  StringRef rest = clean;
  for (size_t i = 0; i + 1 < count; ++i)
    takeCharacter(rest);
  return clean.substr(0, clean.size() - rest.size()) + ellipsis.str();
}

static std::string print(const format_object_base &format) {
  std::string text;
  raw_string_ostream(text) << format;
  return text;
}

std::string report::fixedText(double number, int decimals) {
  return print(format("%.*f", decimals, number));
}

std::string report::exactText(double number) {
  char buffer[32];
  auto [end, error] = std::to_chars(std::begin(buffer), std::end(buffer),
                                    number == 0 ? 0.0 : number);
  return {buffer, end};
}

std::string report::shortText(double number, int digits) {
  if (number == 0 || !std::isfinite(number))
    return number == 0 ? "0" : "unknown";
  double size = std::fabs(number);
  if (size >= 1e6 || size < 1e-4)
    return print(format("%.*g", digits, number));
  int whole = static_cast<int>(std::floor(std::log10(size))) + 1;
  std::string text = fixedText(number, std::max(digits - whole, 0));
  if (StringRef(text).contains('.'))
    text = StringRef(text).rtrim('0').rtrim('.').str();
  return text;
}

std::string report::prefixedText(double number, StringRef unit) {
  Prefix prefix = choosePrefix(std::fabs(number));
  std::string text = shortText(number / prefix.factor);
  std::string suffix = (prefix.symbol + unit).str();
  return suffix.empty() ? text : text + " " + suffix;
}

std::string report::percentText(double fraction) {
  return fixedText(100 * fraction, 2) + " %";
}

std::string report::durationText(double seconds) {
  if (seconds < 60)
    return shortText(seconds, 3) + " s";
  // Beyond years, whole minutes say nothing.
  if (seconds > 1e9)
    return shortText(seconds, 3) + " s";
  auto whole = static_cast<int64_t>(std::llround(seconds));
  if (whole < 3600)
    return formatv("{0} min {1:02} s", whole / 60, whole % 60).str();
  int64_t minutes = std::llround(seconds / 60);
  return formatv("{0} h {1:02} min", minutes / 60, minutes % 60).str();
}

std::string report::bytesText(double bytes) {
  constexpr double mebibyte = 1 << 20;
  return shortText(bytes / mebibyte) + " MiB";
}

std::string report::coordinate(double value) {
  double bounded = std::clamp(std::isfinite(value) ? value : 0, -1e5, 1e5);
  std::string text = fixedText(bounded, 1);
  if (StringRef(text).ends_with(".0"))
    text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}
