//===- PfqIndicatorTest.cpp - When PFQ moves on ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/PfqIndicator.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace frac;

namespace {
/// The stages after each of the losses.
std::vector<int64_t> stagesAfter(PfqIndicator &indicator,
                                 const std::vector<double> &losses) {
  std::vector<int64_t> stages;
  for (double loss : losses) {
    indicator.observe(loss);
    stages.push_back(indicator.stage());
  }
  return stages;
}

/// `count` losses of 1.
std::vector<double> flat(size_t count) { return std::vector<double>(count, 1); }
} // namespace

TEST(PfqIndicator, WorkedRow) {
  PfqIndicator indicator({});
  std::vector<double> losses = {2.0, 1.5, 1.2, 1.1, 1.08};
  EXPECT_EQ(stagesAfter(indicator, losses), (std::vector<int64_t>(5, 0)));
  EXPECT_NEAR(indicator.normalizer(), 1.376, 1e-12);
  const double differences[] = {0.669, 0.305, 0.087, 0.015};
  for (size_t i = 0; i < 4; ++i)
    EXPECT_NEAR((losses[i] - losses[4]) / indicator.normalizer(),
                differences[i], 5e-4);
  EXPECT_EQ(indicator.losses(), losses);
}

TEST(PfqIndicator, SwitchesNoEarlierThanEveryFifthLoss) {
  PfqIndicator indicator({});
  std::vector<int64_t> expected;
  for (int64_t epoch = 1; epoch <= 30; ++epoch)
    expected.push_back(std::min<int64_t>(3, epoch / 5));
  EXPECT_EQ(stagesAfter(indicator, flat(30)), expected);
}

TEST(PfqIndicator, AllOfTheWindowMustBeFlat) {
  // Only the oldest of the five differs; it leaves with the sixth loss.
  PfqIndicator indicator({});
  EXPECT_EQ(stagesAfter(indicator, {2, 1, 1, 1, 1, 1}),
            (std::vector<int64_t>{0, 0, 0, 0, 0, 1}));
  // A newest loss that differs is compared with all others.
  PfqIndicator last({});
  EXPECT_EQ(stagesAfter(last, {1, 1, 1, 1, 2}), (std::vector<int64_t>(5, 0)));
}

TEST(PfqIndicator, RisingLossesCountAsFalling) {
  PfqIndicator indicator({});
  EXPECT_EQ(stagesAfter(indicator, {1, 1, 1, 1, 1.04}).back(), 1);
  PfqIndicator steeper({});
  EXPECT_EQ(stagesAfter(steeper, {1, 1, 1, 1, 1.06}).back(), 0);
}

TEST(PfqIndicator, ADifferenceOfEpsilonIsFlat) {
  PfqIndicatorOptions options;
  options.epsilon = 0.5;
  options.warmup = 1; // Lbar is 2 and the difference exactly half of it.
  PfqIndicator indicator(options);
  EXPECT_EQ(stagesAfter(indicator, {2, 2, 2, 2, 1}).back(), 1);
  options.epsilon = std::nextafter(0.5, 0);
  PfqIndicator below(options);
  EXPECT_EQ(stagesAfter(below, {2, 2, 2, 2, 1}).back(), 0);
}

TEST(PfqIndicator, EpsilonShrinksAtTheFirstTwoTurningPointsOnly) {
  PfqIndicator indicator({});
  EXPECT_EQ(indicator.epsilon(), 0.05);
  stagesAfter(indicator, flat(5));
  EXPECT_DOUBLE_EQ(indicator.epsilon(), 0.015);
  stagesAfter(indicator, flat(5));
  EXPECT_DOUBLE_EQ(indicator.epsilon(), 0.0045);
  stagesAfter(indicator, flat(5));
  EXPECT_EQ(indicator.stage(), 3);
  EXPECT_DOUBLE_EQ(indicator.epsilon(), 0.0045);

  PfqIndicatorOptions options;
  options.shrinkStages = 3;
  PfqIndicator all(options);
  stagesAfter(all, flat(15));
  EXPECT_DOUBLE_EQ(all.epsilon(), 0.05 * 0.3 * 0.3 * 0.3);
}

TEST(PfqIndicator, NormalizerFreezesAfterTheWarmup) {
  PfqIndicator indicator({});
  std::vector<double> losses;
  for (int i = 1; i <= 10; ++i)
    losses.push_back(i);
  stagesAfter(indicator, losses);
  EXPECT_EQ(indicator.normalizer(), 5.5);
  indicator.observe(100);
  EXPECT_EQ(indicator.normalizer(), 5.5);
}

TEST(PfqIndicator, NormalizerGrowsInEveryStageOfTheWarmup) {
  PfqIndicator indicator({});
  stagesAfter(indicator, flat(5));
  EXPECT_EQ(indicator.stage(), 1);
  stagesAfter(indicator, std::vector<double>(5, 3));
  EXPECT_EQ(indicator.normalizer(), 2);
}

TEST(PfqIndicator, TheLastStageKeepsNoLosses) {
  PfqIndicatorOptions options;
  options.turningPoints = 1;
  PfqIndicator indicator(options);
  EXPECT_EQ(stagesAfter(indicator, flat(20)).back(), 1);
  EXPECT_TRUE(indicator.losses().empty());
  EXPECT_EQ(indicator.epsilon(), 0.05 * 0.3);
}

TEST(PfqIndicator, LossesOfZeroOrOfNoNumberNeverSwitch) {
  PfqIndicator zero({});
  EXPECT_EQ(stagesAfter(zero, std::vector<double>(20, 0)).back(), 0);
  PfqIndicator unknown({});
  EXPECT_EQ(stagesAfter(unknown, std::vector<double>(20, NAN)).back(), 0);
}

TEST(PfqIndicator, SavedAnywhereGoesOnTheSame) {
  std::vector<double> losses;
  for (int i = 0; i < 60; ++i)
    losses.push_back(1 + 1.0 / (1 + i % 13) + 0.001 * (i % 7));
  PfqIndicatorOptions options;
  options.epsilon = 0.2;
  PfqIndicator whole(options);
  std::vector<int64_t> expected = stagesAfter(whole, losses);
  EXPECT_GT(expected.back(), 0);
  for (size_t stop = 0; stop <= losses.size(); ++stop) {
    PfqIndicator first(options), second(options);
    stagesAfter(first, {losses.begin(), losses.begin() + stop});
    ByteWriter out;
    first.save(out);
    ByteReader in(out.bytes.data(), out.bytes.size());
    ASSERT_TRUE(second.restore(in));
    EXPECT_EQ(in.remaining(), 0u);
    EXPECT_EQ(second.losses(), first.losses());
    EXPECT_EQ(stagesAfter(second, {losses.begin() + stop, losses.end()}),
              (std::vector<int64_t>(expected.begin() + stop, expected.end())))
        << stop;
    EXPECT_EQ(second.epsilon(), whole.epsilon());
    EXPECT_EQ(second.normalizer(), whole.normalizer());
  }
}

TEST(PfqIndicator, RestoresNothingDamaged) {
  PfqIndicator indicator({});
  stagesAfter(indicator, flat(8));
  ByteWriter out;
  indicator.save(out);
  for (size_t size = 0; size < out.bytes.size(); ++size) {
    PfqIndicator other({});
    ByteReader in(out.bytes.data(), size);
    EXPECT_FALSE(other.restore(in)) << size;
  }
  PfqIndicatorOptions fewer;
  fewer.turningPoints = 0;
  PfqIndicator other(fewer);
  ByteReader in(out.bytes.data(), out.bytes.size());
  EXPECT_FALSE(other.restore(in));
}
