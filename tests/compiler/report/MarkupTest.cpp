//===- MarkupTest.cpp - Text and numbers of a page -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/Markup.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>

using namespace frac::report;

TEST(Markup, EscapesWhatHtmlReads) {
  EXPECT_EQ(escape("<script>\"a\" & 'b'</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
  EXPECT_EQ(escape("caf\xC3\xA9 \xF0\x9F\x99\x82"),
            "caf\xC3\xA9 \xF0\x9F\x99\x82");
}

TEST(Markup, ReplacesWhatXmlCannotHold) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(escape(llvm::StringRef("a\0b\x1B", 4)), "a" + bad + "b" + bad);
  // A lone continuation, an overlong slash, a surrogate, a cut character.
  EXPECT_EQ(escape("\x80"), bad);
  EXPECT_EQ(escape("\xC0\xAF"), bad + bad);
  EXPECT_EQ(escape("\xED\xA0\x80"), bad + bad + bad);
  EXPECT_EQ(escape("x\xE2\x82"), "x" + bad + bad);
  // U+FFFF is no character; U+202E turns the direction of writing.
  EXPECT_EQ(escape("\xEF\xBF\xBF"), bad);
  EXPECT_EQ(escape("\xE2\x80\xAE"), bad);
}

TEST(Markup, CutsBetweenCharacters) {
  EXPECT_EQ(keepEnd("layer1", 6), "layer1");
  EXPECT_EQ(keepEnd("layer12", 6), "\xE2\x80\xA6yer12");
  EXPECT_EQ(keepEnd("\xC3\xA9\xC3\xA9\xC3\xA9", 2), "\xE2\x80\xA6\xC3\xA9");
  EXPECT_EQ(keepBegin("layer12", 6), "layer\xE2\x80\xA6");
  EXPECT_EQ(keepBegin("\xC3\xA9\xC3\xA9\xC3\xA9", 2), "\xC3\xA9\xE2\x80\xA6");
}

TEST(Markup, ExactTextReadsAsTheSameNumber) {
  for (double number : {0.1, 1.0 / 3, 6.02e23, 5e-324, -2.5})
    EXPECT_EQ(std::strtod(exactText(number).c_str(), nullptr), number);
  EXPECT_EQ(exactText(-0.0), "0");
}

TEST(Markup, ShortNumbers) {
  EXPECT_EQ(shortText(0), "0");
  EXPECT_EQ(shortText(8), "8");
  EXPECT_EQ(shortText(5.13675), "5.137");
  EXPECT_EQ(shortText(123456), "123456");
  EXPECT_EQ(shortText(1.5e9), "1.5e+09");
  EXPECT_EQ(shortText(1e-9), "1e-09");
  EXPECT_EQ(shortText(std::numeric_limits<double>::infinity()), "unknown");
}

TEST(Markup, Prefixes) {
  EXPECT_EQ(prefixedText(835.5e9), "835.5 G");
  EXPECT_EQ(prefixedText(0.00125, "J"), "1.25 mJ");
  EXPECT_EQ(prefixedText(0, "J"), "0 J");
  EXPECT_EQ(prefixedText(1e30, "J"), "1e+30 J");
}

TEST(Markup, Durations) {
  EXPECT_EQ(durationText(12.34), "12.3 s");
  EXPECT_EQ(durationText(187), "3 min 07 s");
  EXPECT_EQ(durationText(3599.7), "1 h 00 min");
  EXPECT_EQ(durationText(1e300), "1e+300 s");
}

TEST(Markup, CoordinatesStayWithinBounds) {
  EXPECT_EQ(coordinate(12), "12");
  EXPECT_EQ(coordinate(12.34), "12.3");
  EXPECT_EQ(coordinate(-0.01), "0");
  EXPECT_EQ(coordinate(1e300), "100000");
  EXPECT_EQ(coordinate(std::numeric_limits<double>::quiet_NaN()), "0");
}
