//===- SettingsTest.cpp - Settings that do not agree ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/PrecisionPolicy.h"

#include <gtest/gtest.h>

using namespace frac;

namespace {
std::string errorOf(const char *policy, std::vector<int> forward,
                    std::vector<int> backward, std::vector<int> weight = {},
                    double turningPoints = 3) {
  PrecisionSettings settings;
  settings.policy = policy;
  settings.forward = std::move(forward);
  settings.backward = std::move(backward);
  settings.weight = std::move(weight);
  settings.own["pfq.turning_points"] = turningPoints;
  return checkPrecision(settings);
}
} // namespace

TEST(PrecisionSettings, DefaultsAreThoseOfThePolicies) {
  PrecisionSettings settings;
  EXPECT_EQ(settings.number("pfq.epsilon"), 0.05);
  EXPECT_EQ(settings.number("pfq.alpha"), 0.3);
  EXPECT_EQ(settings.integer("pfq.turning_points"), 3);
  EXPECT_EQ(settings.integer("pfq.window"), 5);
  EXPECT_EQ(settings.integer("pfq.warmup"), 10);
  EXPECT_EQ(settings.integer("pfq.shrink_stages"), 2);
  EXPECT_EQ(settings.integer("cpt.cycles"), 32);
  EXPECT_EQ(settings.stages(), 1u);
  EXPECT_EQ(settings.widthsOfStage(0), (RoleWidths{8, 8, 8}));
}

TEST(PrecisionSettings, StaticTakesSingleNumbers) {
  EXPECT_EQ(errorOf("static", {8}, {8}), "");
  EXPECT_EQ(errorOf("static", {3, 4}, {8}),
            "precision.policy = \"static\" takes one number in "
            "precision.forward, not [3, 4]");
  EXPECT_EQ(errorOf("static", {8}, {6, 8}),
            "precision.policy = \"static\" takes one number in "
            "precision.backward, not [6, 8]");
  EXPECT_EQ(errorOf("static", {8}, {8}, {4, 4}),
            "precision.policy = \"static\" takes one number in "
            "precision.weight, not [4, 4]");
}

TEST(PrecisionSettings, PfqTakesListsOfOneLength) {
  EXPECT_EQ(errorOf("pfq", {3, 4, 6, 8}, {6, 6, 8, 8}), "");
  EXPECT_EQ(errorOf("pfq", {3, 4, 6, 8}, {8}, {4}), "");
  EXPECT_EQ(errorOf("pfq", {6}, {6, 8}), "");
  EXPECT_EQ(errorOf("pfq", {3, 4, 6}, {6, 6, 8, 8}),
            "precision.forward = [3, 4, 6] has 3 stages where another list of "
            "precision has 4; give lists of one length, or single numbers");
  EXPECT_EQ(errorOf("pfq", {3, 4, 6, 8}, {6, 8}),
            "precision.backward = [6, 8] has 2 stages where another list of "
            "precision has 4; give lists of one length, or single numbers");
  EXPECT_EQ(errorOf("pfq", {3, 8}, {6, 8}, {4, 6, 8}),
            "precision.forward = [3, 8] has 2 stages where another list of "
            "precision has 3; give lists of one length, or single numbers");
  EXPECT_EQ(errorOf("pfq", {8}, {8}),
            "precision.policy = \"pfq\" needs a schedule; give "
            "precision.forward or precision.backward a list with one entry a "
            "stage, as [3, 4, 6, 8]");
  EXPECT_EQ(errorOf("pfq", {3, 4, 5, 6, 8}, {8}),
            "precision.pfq.turning_points = 3 never reaches the last of 5 "
            "stages; give 4, or shorter lists");
  EXPECT_EQ(errorOf("pfq", {3, 4, 5, 6, 8}, {8}, {}, 4), "");
}

TEST(PrecisionSettings, CptTakesARange) {
  EXPECT_EQ(errorOf("cpt", {3, 8}, {8}), "");
  EXPECT_EQ(errorOf("cpt", {8, 8}, {8}), "");
  EXPECT_EQ(errorOf("cpt", {3, 8}, {8}, {4}), "");
  for (const std::vector<int> &wrong : {std::vector<int>{8}, {8, 3}, {3, 4, 8}})
    EXPECT_EQ(errorOf("cpt", wrong, {8}),
              "precision.policy = \"cpt\" takes [smallest, largest] in "
              "precision.forward, not " +
                  widthsText(wrong));
  EXPECT_EQ(errorOf("cpt", {3, 8}, {6, 8}),
            "precision.policy = \"cpt\" takes one number in "
            "precision.backward, not [6, 8]");
  EXPECT_EQ(errorOf("cpt", {3, 8}, {8}, {8, 4}),
            "precision.policy = \"cpt\" takes one number or [smallest, "
            "largest] in precision.weight, not [8, 4]");
}

TEST(PrecisionSettings, NoPolicyIsNotChecked) {
  EXPECT_EQ(errorOf("none", {3, 4}, {8, 8, 8}), "");
}

TEST(PrecisionSettings, StorageMustHoldEveryStage) {
  PrecisionSettings settings;
  settings.policy = "pfq";
  settings.forward = {3, 4, 6, 8};
  settings.backward = {6, 8, 12, 16};
  std::vector<PrecisionSymbol> symbols = {
      {"a.activation", "a", SymbolRole::Activation, 8, 0},
      {"a.weight", "a", SymbolRole::Weight, 8, 0},
      {"a.error", "a", SymbolRole::Error, 16, 0},
      {"b.error", "b", SymbolRole::Error, 8, 8}};
  EXPECT_EQ(checkStorage(settings, symbols), "");
  symbols[2].maxBits = 8;
  EXPECT_EQ(checkStorage(settings, symbols),
            "the recipe asks for 16 bits of 'a.error', which was compiled for "
            "at most 8 bits; compile again with the recipe's new widths");
  settings.backward = {8};
  settings.weight = {10};
  EXPECT_NE(checkStorage(settings, symbols).find("10 bits of 'a.weight'"),
            std::string::npos);
  settings.weight.clear();
  settings.eval = 12;
  EXPECT_NE(checkStorage(settings, symbols).find("12 bits of 'a.activation'"),
            std::string::npos);
}

TEST(PrecisionSymbol, FixedWidthsStay) {
  std::vector<PrecisionSymbol> symbols = {
      {"a.activation", "a", SymbolRole::Activation, 8, 0},
      {"a.weight", "a", SymbolRole::Weight, 8, 0},
      {"a.error", "a", SymbolRole::Error, 16, 0},
      {"b.error", "b", SymbolRole::Error, 16, 16}};
  EXPECT_EQ(symbolWidths(symbols, {3, 4, 6}),
            (std::vector<int32_t>{3, 4, 6, 16}));
}
