//===- ScheduleTest.cpp - Learning-rate schedules -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/program/Recipe.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace frac;

TEST(Schedule, Constant) {
  Schedule schedule;
  for (int64_t iteration : {0, 1, 99, 1000})
    EXPECT_EQ(learningRate(1, schedule, iteration, 100), 1);
}

TEST(Schedule, LinearReachesZeroAtTheEnd) {
  Schedule schedule;
  schedule.kind = ScheduleKind::Linear;
  EXPECT_EQ(learningRate(1, schedule, 0, 100), 1);
  EXPECT_DOUBLE_EQ(learningRate(1, schedule, 25, 100), 0.75);
  EXPECT_NEAR(learningRate(1, schedule, 99, 100), 0.01, 1e-15);
  EXPECT_EQ(learningRate(1, schedule, 100, 100), 0);
  EXPECT_EQ(learningRate(1, schedule, 500, 100), 0);
  schedule.total = 200;
  EXPECT_DOUBLE_EQ(learningRate(1, schedule, 50, 100), 0.75);
}

TEST(Schedule, Cosine) {
  Schedule schedule;
  schedule.kind = ScheduleKind::Cosine;
  EXPECT_EQ(learningRate(1, schedule, 0, 100), 1);
  EXPECT_NEAR(learningRate(1, schedule, 50, 100), 0.5, 1e-15);
  EXPECT_NEAR(learningRate(1, schedule, 25, 100), (1 + std::sqrt(0.5)) / 2,
              1e-15);
  EXPECT_NEAR(learningRate(1, schedule, 100, 100), 0, 1e-15);
}

TEST(Schedule, EndsAtTheSmallestRate) {
  Schedule schedule;
  schedule.minRate = 0.01;
  for (auto kind : {ScheduleKind::Linear, ScheduleKind::Cosine}) {
    schedule.kind = kind;
    EXPECT_DOUBLE_EQ(learningRate(0.2, schedule, 0, 100), 0.2);
    EXPECT_NEAR(learningRate(0.2, schedule, 50, 100), 0.105, 1e-15);
    EXPECT_NEAR(learningRate(0.2, schedule, 100, 100), 0.01, 1e-15);
  }
}

TEST(Schedule, Piecewise) {
  Schedule schedule;
  schedule.kind = ScheduleKind::Piecewise;
  schedule.milestones = {10, 20};
  schedule.factor = 0.5;
  EXPECT_EQ(learningRate(1, schedule, 9, 100), 1);
  EXPECT_EQ(learningRate(1, schedule, 10, 100), 0.5);
  EXPECT_EQ(learningRate(1, schedule, 19, 100), 0.5);
  EXPECT_EQ(learningRate(1, schedule, 20, 100), 0.25);
}

TEST(Schedule, WarmupRisesToTheFullRate) {
  for (auto kind : {ScheduleKind::Constant, ScheduleKind::Linear,
                    ScheduleKind::Cosine, ScheduleKind::Piecewise}) {
    Schedule schedule;
    schedule.kind = kind;
    schedule.warmup = 4;
    EXPECT_EQ(learningRate(1, schedule, 0, 104), 0.25);
    EXPECT_EQ(learningRate(1, schedule, 3, 104), 1);
    EXPECT_EQ(learningRate(1, schedule, 4, 104), 1);
  }
  Schedule schedule;
  schedule.kind = ScheduleKind::Linear;
  schedule.warmup = 4;
  EXPECT_DOUBLE_EQ(learningRate(1, schedule, 54, 104), 0.5);
  // A warmup as long as the run is no division by zero.
  EXPECT_EQ(learningRate(1, schedule, 4, 4), 1);
}
