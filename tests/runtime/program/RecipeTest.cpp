//===- RecipeTest.cpp - Settings at run time ------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/program/Recipe.h"
#include "tests/runtime/support/ErrorText.h"
#include "tests/runtime/support/LinearProgram.h"

#include <cmath>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace frac;
using namespace frac::test;

TEST(Recipe, ReadsAndOverrides) {
  LinearProgram linear;
  Program program = loadProgram(linear.code());
  Recipe recipe(program);
  EXPECT_EQ(recipe.optimizer.lr, 0.1);
  EXPECT_EQ(recipe.optimizer.momentum, 0.9);
  recipe.set("optimizer.lr=5e-2");
  recipe.set("optimizer.weight_decay=0.0001");
  recipe.set("schedule.kind=piecewise");
  recipe.set("schedule.milestones=[10, 20]");
  recipe.set("schedule.factor=0.5");
  recipe.set("schedule.warmup=2");
  EXPECT_EQ(recipe.schedule.milestones, (std::vector<int64_t>{10, 20}));
  nlohmann::json json = nlohmann::json::parse(recipe.json());
  EXPECT_EQ(json["optimizer"]["lr"], 0.05);
  EXPECT_EQ(json["optimizer"]["kind"], "sgd");
  EXPECT_EQ(json["schedule"]["kind"], "piecewise");

  Hyper hyper = recipe.hyperAt(0, 100);
  EXPECT_EQ(hyper[FRAC_HYPER_LR], 0.025f);
  EXPECT_EQ(hyper[FRAC_HYPER_MOMENTUM], 0.9f);
  EXPECT_EQ(hyper[FRAC_HYPER_WEIGHT_DECAY], 0.0001f);
  EXPECT_EQ(hyper[FRAC_HYPER_CLIP_NORM], 0.0f);
  EXPECT_FLOAT_EQ(hyper[FRAC_HYPER_CORRECTION1], 0.1f);
  EXPECT_FLOAT_EQ(hyper[FRAC_HYPER_CORRECTION2], 0.001f);
  hyper = recipe.hyperAt(20, 100);
  EXPECT_EQ(hyper[FRAC_HYPER_LR], 0.0125f);
  EXPECT_FLOAT_EQ(hyper[FRAC_HYPER_CORRECTION2],
                  static_cast<float>(1 - std::pow(0.999, 21)));
}

TEST(Recipe, NamesKeyValueAndWhatIsAccepted) {
  LinearProgram linear;
  Program program = loadProgram(linear.code());
  auto text = [&](const std::string &setting) {
    return errorText([&] { Recipe(program).set(setting); });
  };
  EXPECT_TRUE(contains(text("optimizer.lr=-1"),
                       "--set optimizer.lr=-1: error: the value is not "
                       "accepted; give a number > 0"));
  EXPECT_TRUE(contains(text("optimizer.momentum=1"), "in [0, 1)"));
  EXPECT_TRUE(contains(text("optimizer.lr=fast"), "\"fast\""));
  EXPECT_TRUE(contains(text("optimizer.lr=1e999"), "not accepted"));
  EXPECT_TRUE(contains(text("optimizer.kind=adam"), "accepted keys are"));
  EXPECT_TRUE(contains(text("schedule.kind=step"), "piecewise"));
  EXPECT_TRUE(contains(text("schedule.milestones=[3,2]"), "increasing"));
  EXPECT_TRUE(contains(text("schedule.milestones=5"), "increasing"));
  EXPECT_TRUE(contains(text("schedule.warmup=1.5"), "iterations"));
  EXPECT_TRUE(contains(text("schedule.factor=0"), "> 0"));
  EXPECT_TRUE(contains(text("nonsense=1"), "the key 'nonsense' cannot be set "
                                           "to '1'"));
  EXPECT_TRUE(contains(text("optimizer.=1"), "accepted keys are"));
  EXPECT_TRUE(contains(text("lr"), "it is not KEY=VALUE"));
  EXPECT_TRUE(contains(text("schedule.kind=\xff\xfe"), "not accepted"));
}

TEST(Recipe, MomentumNeedsItsMemory) {
  LinearProgram linear;
  Program program = loadProgram(linear.code());
  std::vector<Variable> kept;
  for (const Variable &variable : program.variables)
    if (variable.role != VariableRole::Slot)
      kept.push_back(variable);
  program.variables = kept;
  Recipe recipe(program);
  EXPECT_TRUE(contains(errorText([&] { recipe.set("optimizer.momentum=0.5"); }),
                       "compiled without momentum"));
  EXPECT_EQ(errorText([&] { recipe.set("optimizer.momentum=0"); }), "no error");
}
