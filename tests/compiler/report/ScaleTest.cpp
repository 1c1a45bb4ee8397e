//===- ScaleTest.cpp - From numbers to places on a chart -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/Scale.h"

#include <gtest/gtest.h>

using namespace frac::report;

static Extent makeExtent(std::initializer_list<double> numbers) {
  Extent extent;
  for (double number : numbers)
    extent.include(number);
  return extent;
}

static std::vector<std::string> getLabels(const Scale &scale) {
  std::vector<std::string> labels;
  for (double tick : scale.getTicks())
    labels.push_back(scale.getLabel(tick));
  return labels;
}

using Labels = std::vector<std::string>;

TEST(Scale, TicksAreRoundAndCoverTheNumbers) {
  Scale scale = Scale::makeRound(makeExtent({0.17, 2.3}), 200, 0, 5);
  EXPECT_EQ(getLabels(scale), (Labels{"0", "0.5", "1.0", "1.5", "2.0", "2.5"}));
  EXPECT_DOUBLE_EQ(scale(0), 200);
  EXPECT_DOUBLE_EQ(scale(2.5), 0);
  EXPECT_DOUBLE_EQ(scale(1.25), 100);
}

TEST(Scale, NegativeNumbers) {
  Scale scale = Scale::makeRound(makeExtent({-3, 1}), 0, 1, 4);
  EXPECT_EQ(getLabels(scale), (Labels{"-3", "-2", "-1", "0", "1"}));
}

TEST(Scale, EpochsAreWhole) {
  Scale scale = Scale::makeExact(makeExtent({0.5, 3.5}), 0, 30, 6, true);
  EXPECT_EQ(getLabels(scale), (Labels{"1", "2", "3"}));
  EXPECT_DOUBLE_EQ(scale(1), 5);
}

TEST(Scale, NothingOneNumberAndTheLargest) {
  for (const Extent &extent :
       {Extent(), makeExtent({0}), makeExtent({7}), makeExtent({1, 1 + 1e-16}),
        makeExtent({-1e100, 1e100}), makeExtent({1e-300})}) {
    Scale scale = Scale::makeRound(extent, 0, 100, 5);
    EXPECT_GE(scale.getTicks().size(), 2u);
    EXPECT_LE(scale.getTicks().size(), 12u);
    for (double tick : scale.getTicks()) {
      EXPECT_GE(scale(tick), -1e-6);
      EXPECT_LE(scale(tick), 100 + 1e-6);
    }
  }
}

TEST(Scale, LogarithmsOfManyAndOfFewDecades) {
  Scale many = Scale::makeLogarithmic(makeExtent({0.05, 2000}), 0, 1);
  EXPECT_EQ(getLabels(many), (Labels{"0.1", "1", "10", "100", "1000"}));
  Scale few = Scale::makeLogarithmic(makeExtent({1, 30}), 0, 1);
  EXPECT_EQ(getLabels(few), (Labels{"1", "2", "5", "10", "20"}));
  EXPECT_DOUBLE_EQ(few(30), 1);
  Scale one = Scale::makeLogarithmic(makeExtent({10}), 0, 1);
  EXPECT_DOUBLE_EQ(one(10), 0.5);
}

TEST(Scale, PassesOverWhatIsNotDrawable) {
  Extent extent = makeExtent({1e300, 2});
  extent.include(std::nullopt);
  EXPECT_EQ(extent.lowest, 2);
  EXPECT_EQ(extent.highest, 2);
}

TEST(Scale, PrefixesKeepOneToThreeDigits) {
  EXPECT_EQ(choosePrefix(999).factor, 1);
  EXPECT_EQ(choosePrefix(1000).symbol, "k");
  EXPECT_EQ(choosePrefix(2e-6).symbol, "\xC2\xB5");
  EXPECT_EQ(choosePrefix(0).factor, 1);
  EXPECT_EQ(choosePrefix(1e40).factor, 1);
}
