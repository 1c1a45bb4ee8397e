//===- PolicyTest.cpp - The precision policies ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/PrecisionPolicy.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <set>

using namespace frac;

namespace {
std::unique_ptr<PrecisionController> make(const PrecisionSettings &settings) {
  EXPECT_EQ(checkPrecision(settings), "");
  return findPrecisionPolicy(settings.policy)->make(settings);
}

PrecisionSettings cpt(int low, int high, int error) {
  PrecisionSettings settings;
  settings.policy = "cpt";
  settings.forward = {low, high};
  settings.backward = {error};
  return settings;
}

PrecisionSettings pfq() {
  PrecisionSettings settings;
  settings.policy = "pfq";
  settings.forward = {3, 4, 6, 8};
  settings.backward = {6, 6, 8, 8};
  return settings;
}
} // namespace

TEST(Policies, HaveDistinctNames) {
  std::set<std::string> names;
  for (const PrecisionPolicy *policy : precisionPolicies()) {
    EXPECT_TRUE(names.insert(policy->name).second) << policy->name;
    EXPECT_EQ(findPrecisionPolicy(policy->name), policy);
    for (const PolicyKey &key : policy->keys)
      EXPECT_TRUE(key.accepts(key.defaultValue)) << key.name;
  }
  EXPECT_EQ(names, (std::set<std::string>{"static", "pfq", "cpt", "dfq",
                                          "fractrain"}));
  EXPECT_EQ(findPrecisionPolicy("none"), nullptr);
}

TEST(Static, IsConstant) {
  PrecisionSettings settings;
  settings.policy = "static";
  settings.forward = {4};
  settings.backward = {6};
  auto controller = make(settings);
  EXPECT_EQ(controller->widthsAt(0, 10), (RoleWidths{4, 4, 6}));
  controller->observe(1);
  EXPECT_EQ(controller->widthsAt(9, 10), (RoleWidths{4, 4, 6}));
  EXPECT_EQ(controller->lastWidths(), (RoleWidths{4, 4, 6}));
  EXPECT_EQ(controller->stage(), 0);
  EXPECT_TRUE(std::isnan(controller->target()));
  settings.weight = {8};
  EXPECT_EQ(make(settings)->widthsAt(0, 1), (RoleWidths{4, 8, 6}));
}

TEST(Pfq, FollowsItsIndicator) {
  auto controller = make(pfq());
  EXPECT_EQ(controller->widthsAt(0, 100), (RoleWidths{3, 3, 6}));
  EXPECT_EQ(controller->lastWidths(), (RoleWidths{8, 8, 8}));
  std::vector<RoleWidths> widths;
  for (int epoch = 0; epoch < 20; ++epoch) {
    widths.push_back(controller->widthsAt(epoch, 100));
    controller->observe(1);
  }
  for (int epoch = 0; epoch < 20; ++epoch) {
    const int forward[] = {3, 4, 6, 8}, backward[] = {6, 6, 8, 8};
    int stage = epoch / 5;
    EXPECT_EQ(widths[epoch],
              (RoleWidths{forward[stage], forward[stage], backward[stage]}));
  }
  EXPECT_EQ(controller->stage(), 3);
  // In training, evaluation has the widths in force.
  EXPECT_EQ(controller->evaluation({3, 4, 6}), (RoleWidths{3, 4, 6}));
}

TEST(Pfq, SingleNumbersHoldInAllStages) {
  PrecisionSettings settings = pfq();
  settings.backward = {8};
  settings.weight = {6};
  settings.forward = {3, 8};
  auto controller = make(settings);
  EXPECT_EQ(controller->widthsAt(0, 1), (RoleWidths{3, 6, 8}));
  for (int epoch = 0; epoch < 30; ++epoch)
    controller->observe(1);
  EXPECT_EQ(controller->stage(), 1);
  EXPECT_EQ(controller->widthsAt(0, 1), (RoleWidths{8, 6, 8}));
}

TEST(Pfq, RestoresItsStage) {
  auto first = make(pfq()), second = make(pfq());
  for (int epoch = 0; epoch < 7; ++epoch)
    first->observe(1);
  ByteWriter out;
  first->save(out);
  ByteReader in(out.bytes.data(), out.bytes.size());
  ASSERT_TRUE(second->restore(in));
  EXPECT_EQ(second->stage(), 1);
  for (int epoch = 7; epoch < 12; ++epoch) {
    EXPECT_EQ(first->widthsAt(0, 1), second->widthsAt(0, 1));
    first->observe(1);
    second->observe(1);
  }
  EXPECT_EQ(second->stage(), 2);
}

TEST(Cpt, MeanBitsAndSavings) {
  // Of a cycle, against the largest width throughout.
  struct {
    int low, high, error;
    double bits, saving;
  } rows[] = {{3, 8, 8, 5.50, 36.67}, {4, 8, 8, 6.00, 30.11},
              {3, 6, 6, 4.50, 30.05}, {4, 6, 6, 5.00, 20.69},
              {5, 8, 8, 6.50, 23.16}, {5, 6, 8, 5.50, 10.23}};
  for (const auto &row : rows) {
    auto controller = make(cpt(row.low, row.high, row.error));
    constexpr int64_t run = 64000;
    double bits = 0, cost = 0, largest = 0;
    for (int64_t t = 0; t < run; ++t) {
      double b = controller->widthsAt(t, run).activation;
      double g = controller->widthsAt(t, run).error;
      bits += b;
      cost += b * b + 2 * b * g;
      largest += row.high * row.high + 2 * row.high * g;
    }
    EXPECT_NEAR(bits / run, row.bits, 5e-3) << row.low << " " << row.high;
    EXPECT_NEAR(100 * (1 - cost / largest), row.saving, 2e-2)
        << row.low << " " << row.high;
  }
}

TEST(Cpt, RisesInEachCycleAndDropsAtOnce) {
  auto controller = make(cpt(3, 8, 8));
  constexpr int64_t run = 3200, period = 100;
  for (int64_t t = 0; t < run; ++t) {
    RoleWidths widths = controller->widthsAt(t, run);
    EXPECT_EQ(widths.weight, widths.activation);
    EXPECT_EQ(widths.error, 8);
    int before =
        controller->widthsAt(std::max<int64_t>(0, t - 1), run).activation;
    bool isFirst = t % period == 0, isLast = t % period == period - 1;
    EXPECT_TRUE(isFirst ? widths.activation == 3 : widths.activation >= before)
        << t;
    EXPECT_TRUE(!isLast || widths.activation == 8) << t;
  }
}

TEST(Cpt, TheCutPeriodLeavesTheBeginningOfAnotherCycle) {
  // 110 iterations in 4 cycles: 27 each, and 2 that are left.
  PrecisionSettings settings = cpt(3, 8, 8);
  settings.own["cpt.cycles"] = 4;
  auto controller = make(settings);
  EXPECT_EQ(controller->widthsAt(107, 110).activation, 8);
  EXPECT_EQ(controller->widthsAt(108, 110).activation, 3);
  EXPECT_EQ(controller->widthsAt(109, 110).activation, 3);
}

TEST(Cpt, RoundsTiesToEven) {
  // The middle of a cycle of two steps is half of the way.
  auto middle = [](int low, int high) {
    PrecisionSettings settings = cpt(low, high, 8);
    settings.own["cpt.cycles"] = 1;
    return make(settings)->widthsAt(1, 2).activation;
  };
  EXPECT_EQ(middle(2, 4), 3);
  EXPECT_EQ(middle(3, 8), 6);
  EXPECT_EQ(middle(2, 8), 5);
  EXPECT_EQ(middle(4, 8), 6);
}

TEST(Cpt, ARunShorterThanItsCyclesStaysAtTheSmallest) {
  auto controller = make(cpt(3, 8, 8));
  for (int64_t t = 0; t < 20; ++t)
    EXPECT_EQ(controller->widthsAt(t, 20).activation, 3);
}

TEST(Cpt, EvaluatesAtTheLargest) {
  auto controller = make(cpt(3, 8, 6));
  EXPECT_EQ(controller->evaluation({3, 3, 6}), (RoleWidths{8, 8, 6}));
  EXPECT_EQ(controller->lastWidths(), (RoleWidths{8, 8, 6}));
  EXPECT_EQ(controller->stage(), 0);
}

TEST(Cpt, WeightsMayHaveARangeOfTheirOwn) {
  PrecisionSettings settings = cpt(3, 8, 8);
  settings.weight = {4};
  EXPECT_EQ(make(settings)->widthsAt(99, 3200), (RoleWidths{8, 4, 8}));
  settings.weight = {4, 6};
  EXPECT_EQ(make(settings)->widthsAt(0, 3200), (RoleWidths{3, 4, 8}));
  EXPECT_EQ(make(settings)->widthsAt(99, 3200), (RoleWidths{8, 6, 8}));
}
