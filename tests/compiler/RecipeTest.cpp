//===- RecipeTest.cpp - Recipes are read and checked ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/recipe/Recipe.h"
#include "compiler/recipe/RecipeSchema.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/ToolOutputFile.h"

#include <gtest/gtest.h>

using namespace frac;

/// Writes `text` to a file that lives as long as the object.
class TemporaryFile {
public:
  explicit TemporaryFile(llvm::StringRef text) {
    int descriptor = -1;
    EXPECT_FALSE(
        llvm::sys::fs::createTemporaryFile("recipe", "toml", descriptor, path));
    llvm::raw_fd_ostream(descriptor, /*shouldClose=*/true) << text;
  }
  ~TemporaryFile() { llvm::sys::fs::remove(path); }
  llvm::StringRef getPath() const { return path; }

private:
  llvm::SmallString<128> path;
};

static std::string getError(llvm::StringRef text,
                            std::vector<std::string> overrides = {}) {
  TemporaryFile file(text);
  llvm::Expected<Recipe> recipe = Recipe::load(file.getPath(), overrides);
  return recipe ? "" : llvm::toString(recipe.takeError());
}

TEST(Recipe, DefaultsPassTheirOwnChecks) {
  for (const RecipeKey &key : getRecipeKeys())
    EXPECT_TRUE(key.accepts(key.defaultValue)) << key.path;
}

TEST(Recipe, FileThenOverrides) {
  TemporaryFile file("[optimizer]\nlr = 0.2\nmomentum = 0\n"
                     "[precision]\nforward = [3, 4, 6, 8]\n");
  llvm::Expected<Recipe> recipe =
      Recipe::load(file.getPath(), {"optimizer.lr=0.5", "schedule.kind=cosine",
                                    "schedule.milestones=[1, 2]"});
  ASSERT_TRUE(bool(recipe)) << llvm::toString(recipe.takeError());
  EXPECT_EQ(recipe->getNumber("optimizer.lr"), 0.5);
  EXPECT_EQ(recipe->getNumber("optimizer.momentum"), 0);
  EXPECT_EQ(recipe->getString("schedule.kind"), "cosine");
  EXPECT_EQ(recipe->getIntegers("schedule.milestones"),
            (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(recipe->getIntegers("precision.forward"),
            (std::vector<int64_t>{3, 4, 6, 8}));
  EXPECT_EQ(recipe->getIntegers("precision.backward"),
            (std::vector<int64_t>{8}));
}

TEST(Recipe, JSONHasEveryKey) {
  llvm::Expected<Recipe> recipe = Recipe::load("", {});
  ASSERT_TRUE(bool(recipe));
  llvm::json::Object object = recipe->toJSON();
  const llvm::json::Object *gate =
      object.getObject("precision")->getObject("gate");
  ASSERT_NE(gate, nullptr);
  EXPECT_EQ(gate->getString("learning"), llvm::StringRef("sparse"));
}

TEST(Recipe, EveryWrongKeyIsNamedAtOnce) {
  std::string error = getError(
      "[optimizer]\nlearning_rate = 1\nlr = -1\n[loss]\nkind = \"hinge\"\n",
      {"schedule.warmup=soon", "nonsense"});
  EXPECT_NE(error.find("unknown key 'optimizer.learning_rate'"),
            std::string::npos)
      << error;
  EXPECT_NE(error.find("optimizer.momentum"), std::string::npos) << error;
  EXPECT_NE(error.find("key 'optimizer.lr' cannot be -1; it takes a number "
                       "above 0"),
            std::string::npos)
      << error;
  EXPECT_NE(error.find("\"mse\""), std::string::npos) << error;
  EXPECT_NE(error.find("--set: error: key 'schedule.warmup' cannot be "
                       "\"soon\"; it takes an integer of at least 0"),
            std::string::npos)
      << error;
  EXPECT_NE(error.find("'nonsense' is not of the form KEY=VALUE"),
            std::string::npos)
      << error;
}

TEST(Recipe, BoundsAreExact) {
  EXPECT_EQ(getError("[optimizer]\nmomentum = 0.0\n"), "");
  EXPECT_NE(getError("[optimizer]\nmomentum = 1.0\n"), "");
  EXPECT_NE(getError("[optimizer]\nlr = nan\n"), "");
  EXPECT_NE(getError("[precision]\nforward = 1\n"), "");
  EXPECT_EQ(getError("[precision]\nforward = 16\n"), "");
  EXPECT_NE(getError("[precision]\nforward = []\n"), "");
}

TEST(Recipe, ZeroStandsForUnset) {
  EXPECT_EQ(getError("[precision]\nweight = 0\neval = 0\n"), "");
  EXPECT_EQ(getError("[precision]\nweight = 4\neval = 8\n"), "");
  std::string error = getError("[precision]\nweight = 1\n");
  EXPECT_NE(error.find("key 'precision.weight' cannot be 1; it takes an "
                       "integer of at least 2 and at most 16, or a list of "
                       "such, or 0: as forward"),
            std::string::npos)
      << error;
  EXPECT_NE(getError("[precision]\nweight = [0, 4]\n"), "");
  // A candidate of gates may be 0, all of them together not.
  EXPECT_EQ(getError("[precision]\npolicy = 'dfq'\ngate.forward = [0, 4]\n"
                     "gate.backward = [0, 8]\n"),
            "");
  EXPECT_NE(getError("[precision]\ngate.forward = 0\n"), "");
  EXPECT_NE(getError("[precision]\ngate.forward = [1, 4]\n"), "");
  EXPECT_NE(getError("[precision]\neval = 17\n"), "");
  EXPECT_NE(getError("[precision]\neval = [8]\n"), "");

  llvm::Expected<Recipe> recipe = Recipe::load("", {});
  ASSERT_TRUE(bool(recipe));
  EXPECT_TRUE(recipe->getPrecision().weight.empty());
  EXPECT_EQ(recipe->getPrecision().widest(), (RoleWidths{8, 8, 8}));
}

TEST(Recipe, PoliciesBringTheirKeys) {
  EXPECT_EQ(getError("[precision.pfq]\nwindow = 7\nwarmup = 5\n"
                     "shrink_stages = 3\nepsilon = 0.15\nalpha = 0.4\n"),
            "");
  EXPECT_NE(getError("[precision.pfq]\nwindow = 1\n"), "");
  EXPECT_NE(getError("[precision.pfq]\nepsilon = 0.0\n"), "");
  EXPECT_NE(getError("[precision.pfq]\nturning_points = 2.5\n"), "");
  EXPECT_NE(getError("[precision.cpt]\ncycles = 0\n"), "");
  llvm::Expected<Recipe> recipe =
      Recipe::load("", {"precision.cpt.cycles=4", "precision.interval=100",
                        "precision.forward=[3, 8]", "precision.weight=6",
                        "precision.policy=cpt"});
  ASSERT_TRUE(bool(recipe)) << llvm::toString(recipe.takeError());
  PrecisionSettings settings = recipe->getPrecision();
  EXPECT_EQ(settings.policy, "cpt");
  EXPECT_EQ(settings.integer("cpt.cycles"), 4);
  EXPECT_EQ(settings.number("pfq.epsilon"), 0.05);
  EXPECT_EQ(settings.interval, 100);
  EXPECT_EQ(settings.forward, (std::vector<int>{3, 8}));
  EXPECT_EQ(settings.weight, (std::vector<int>{6}));
}

TEST(Recipe, WidthsMustSuitThePolicy) {
  std::string error = getError("[precision]\npolicy = \"static\"\n"
                               "forward = [3, 4]\n");
  EXPECT_NE(error.find(".toml: error: precision.policy = \"static\" takes one "
                       "number in precision.forward, not [3, 4]"),
            std::string::npos)
      << error;
  EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  llvm::Expected<Recipe> recipe =
      Recipe::load("", {"precision.policy=pfq", "precision.forward=[3, 4, 8]",
                        "precision.backward=[6, 8]"});
  ASSERT_FALSE(bool(recipe));
  error = llvm::toString(recipe.takeError());
  EXPECT_EQ(
      error.find("--set: error: precision.backward = [6, 8] has 2 stages"), 0u)
      << error;
}

TEST(Recipe, BrokenFilesAreOneLine) {
  std::string error = getError("[optimizer\nlr = 1\n");
  EXPECT_NE(error.find(":1: error: "), std::string::npos) << error;
  EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  llvm::Expected<Recipe> missing = Recipe::load("/nonexistent.toml", {});
  ASSERT_FALSE(bool(missing));
  EXPECT_NE(llvm::toString(missing.takeError()).find("cannot be read"),
            std::string::npos);
}

TEST(Recipe, DepthIsBounded) {
  std::string brackets(100000, '[');
  std::string dots;
  for (int i = 0; i < 100000; ++i)
    dots += "a . ";
  for (const std::string &text :
       {"\nx = " + brackets, "\n" + dots + "a = 1", "\n[" + dots + "a]"}) {
    std::string error = getError(text);
    EXPECT_NE(error.find(":2: error: arrays, tables or dotted keys lie in each "
                         "other more than 64 deep"),
              std::string::npos)
        << error.substr(0, 200);
  }
  EXPECT_NE(getError("", {"precision.forward=" + brackets}).find("error"),
            std::string::npos);
}
