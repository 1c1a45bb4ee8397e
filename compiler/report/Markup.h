//===- Markup.h - Text and numbers of a page ------------------ -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_MARKUP_H
#define FRAC_COMPILER_REPORT_MARKUP_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace frac::report {

/// `text` as UTF-8 that XML can hold and that leaves the direction of writing
/// alone: U+FFFD stands for every other byte or character.
std::string cleanText(llvm::StringRef text);

/// `text`, cleaned, with & < > " ' as entities: for text and attributes of HTML
/// and SVG.
std::string escape(llvm::StringRef text);

/// At most `count` characters of `text`, cleaned, not escaped: its end behind
/// an ellipsis where it is longer. Names of layers differ at their ends.
std::string keepEnd(llvm::StringRef text, size_t count);

/// The same with the beginning kept.
std::string keepBegin(llvm::StringRef text, size_t count);

/// The shortest decimal text that reads as the same number; of -0, "0".
std::string exactText(double number);

/// With so many decimals.
std::string fixedText(double number, int decimals);

/// Up to `digits` significant digits, with an exponent only for very large and
/// very small numbers.
std::string shortText(double number, int digits = 4);

/// "1.25 T": four digits and the SI prefix from pico to exa, then the unit.
/// What lies beyond has an exponent.
std::string prefixedText(double number, llvm::StringRef unit = "");

/// "93.45 %" of a fraction.
std::string percentText(double fraction);

/// "1 h 02 min", "3 min 07 s", "12.3 s".
std::string durationText(double seconds);

/// "97.5 MiB".
std::string bytesText(double bytes);

/// A coordinate with one decimal, within what drawing programs take.
std::string coordinate(double value);

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_MARKUP_H
