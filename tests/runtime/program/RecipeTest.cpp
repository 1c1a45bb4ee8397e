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

namespace {
/// A program with quantized operands.
class QuantizedRecipe : public testing::Test {
protected:
  static LinearShape shape() {
    LinearShape shape;
    shape.quantized = true;
    return shape;
  }

  /// What `--set` says, or what is wrong with all of them together.
  std::string text(const std::vector<std::string> &settings) {
    return errorText([&] {
      Recipe recipe(program);
      for (const std::string &setting : settings)
        recipe.set(setting);
      recipe.check();
    });
  }

  LinearProgram linear{shape()};
  Program program = loadProgram(linear.code());
};
} // namespace

TEST_F(QuantizedRecipe, ReadsAndOverrides) {
  Recipe recipe(program);
  EXPECT_EQ(recipe.precision.policy, "static");
  EXPECT_TRUE(recipe.precision.weight.empty());
  for (const char *setting :
       {"precision.policy=pfq", "precision.forward=[3,4,6,8]",
        "precision.backward=[6, 6, 8, 8]", "precision.weight=4",
        "precision.eval=8", "precision.interval=400",
        "precision.pfq.epsilon=0.15", "precision.pfq.window=6",
        "precision.cpt.cycles=8"})
    recipe.set(setting);
  recipe.check();
  EXPECT_EQ(recipe.precision.policy, "pfq");
  EXPECT_EQ(recipe.precision.forward, (std::vector<int>{3, 4, 6, 8}));
  EXPECT_EQ(recipe.precision.backward, (std::vector<int>{6, 6, 8, 8}));
  EXPECT_EQ(recipe.precision.weight, (std::vector<int>{4}));
  EXPECT_EQ(recipe.precision.eval, 8);
  EXPECT_EQ(recipe.precision.interval, 400);
  EXPECT_EQ(recipe.precision.number("pfq.epsilon"), 0.15);
  EXPECT_EQ(recipe.precision.integer("pfq.window"), 6);
  EXPECT_EQ(recipe.precision.integer("cpt.cycles"), 8);
  nlohmann::json json = nlohmann::json::parse(recipe.json())["precision"];
  EXPECT_EQ(json["forward"], (nlohmann::json{3, 4, 6, 8}));
  EXPECT_EQ(json["pfq"]["epsilon"], 0.15);
  EXPECT_EQ(json["pfq"]["turning_points"], 3);
  EXPECT_EQ(json["momentum"], 0.9);
  recipe.set("precision.weight=0");
  EXPECT_TRUE(recipe.precision.weight.empty());
}

TEST_F(QuantizedRecipe, ExchangesPolicies) {
  EXPECT_EQ(text({"precision.policy=static", "precision.forward=4"}),
            "no error");
  EXPECT_EQ(text({"precision.policy=cpt", "precision.forward=[3,8]"}),
            "no error");
  EXPECT_EQ(text({"precision.forward=[3,8]", "precision.policy=cpt"}),
            "no error");
  EXPECT_EQ(text({"precision.policy=cpt"}),
            "precision: error: precision.policy = \"cpt\" takes [smallest, "
            "largest] in precision.forward, not 8");
}

TEST_F(QuantizedRecipe, WhatIsCompiledInCannotChange) {
  for (const char *setting :
       {"precision.momentum=0.1", "precision.rounding_backward=nearest",
        "precision.keep_float=[]", "precision.gate.forward=[3]"}) {
    std::string key =
        std::string(setting).substr(0, std::string(setting).find('='));
    EXPECT_EQ(text({setting}),
              std::string("--set ") + setting + ": error: " + key +
                  " is part of the compiled code; compile the model again "
                  "with --set " +
                  setting);
  }
  for (const char *policy : {"none", "dfq", "fractrain"})
    EXPECT_EQ(text({std::string("precision.policy=") + policy}),
              std::string("--set precision.policy=") + policy +
                  ": error: the program was compiled for "
                  "precision.policy=static and can run one of static, "
                  "pfq, cpt; compile the model again with --set "
                  "precision.policy=" +
                  policy);
  EXPECT_EQ(text({"precision.forward=12"}),
            "precision: error: the recipe asks for 12 bits of "
            "'linear.activation', which was compiled for at most 8 bits; "
            "compile again with the recipe's new widths");
  EXPECT_EQ(text({"precision.backward=16"}), "no error");
}

TEST_F(QuantizedRecipe, NamesKeyValueAndWhatIsAccepted) {
  struct {
    const char *setting, *accepted;
  } rows[] = {
      {"precision.policy=\"adaptive\"",
       "one of static, pfq, cpt; with gates one of dfq, fractrain"},
      {"precision.policy=7",
       "one of static, pfq, cpt; with gates one of dfq, fractrain"},
      {"precision.forward=1",
       "an integer from 2 to 16, or a list of such, as [3, 4, 6, 8]"},
      {"precision.forward=[]",
       "an integer from 2 to 16, or a list of such, as [3, 4, 6, 8]"},
      {"precision.backward=[6,17]",
       "an integer from 2 to 16, or a list of such, as [3, 4, 6, 8]"},
      {"precision.backward=6.5",
       "an integer from 2 to 16, or a list of such, as [3, 4, 6, 8]"},
      {"precision.weight=[0,4]",
       "0 (as forward), an integer from 2 to 16, or a list of such"},
      {"precision.eval=1", "0 (the widths in force), or an integer from 2 to "
                           "16"},
      {"precision.interval=-1", "a number of iterations (0: an epoch)"},
      {"precision.pfq.epsilon=0", "a number > 0"},
      {"precision.pfq.window=1", "an integer >= 2"},
      {"precision.pfq.warmup=2.5", "an integer >= 1"},
      {"precision.cpt.cycles=\"many\"", "an integer >= 1"},
  };
  for (const auto &row : rows)
    EXPECT_EQ(text({row.setting}),
              std::string("--set ") + row.setting +
                  ": error: the value is not accepted; give " + row.accepted);
  EXPECT_TRUE(contains(text({"precision.speed=1"}),
                       "the key 'precision.speed' cannot be set to '1' at run "
                       "time; accepted keys are "));
  EXPECT_TRUE(contains(text({"precision.speed=1"}), "precision.cpt.cycles"));
}

TEST_F(QuantizedRecipe, HelpListsTheKeys) {
  for (const char *key :
       {"precision.policy: one of static, pfq, cpt; with gates one of dfq, "
        "fractrain\n",
        "precision.forward: ", "precision.eval: ", "precision.interval: ",
        "precision.pfq.window: an integer >= 2\n",
        "precision.cpt.cycles: an integer >= 1"})
    EXPECT_TRUE(contains(recipeKeyHelp(), key)) << key;
}

TEST(Recipe, FloatProgramsHaveNoPrecision) {
  LinearProgram linear;
  Program program = loadProgram(linear.code());
  Recipe recipe(program);
  auto text = [&](const std::string &setting) {
    return errorText([&] { recipe.set(setting); });
  };
  EXPECT_EQ(text("precision.policy=none"), "no error");
  EXPECT_EQ(text("precision.policy=pfq"),
            "--set precision.policy=pfq: error: the program was compiled to "
            "compute in float; compile the model again with --set "
            "precision.policy=pfq");
  EXPECT_EQ(text("precision.forward=4"),
            "--set precision.forward=4: error: the program was compiled to "
            "compute in float; compile the model again with --set "
            "precision.policy=static");
  EXPECT_EQ(errorText([&] { recipe.check(); }), "no error");
}
