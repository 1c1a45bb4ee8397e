//===- TimelineTest.cpp - Epochs along a chart ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/Timeline.h"

#include <gtest/gtest.h>

using namespace frac::report;

static std::vector<Epoch> makeEpochs(size_t count) {
  std::vector<Epoch> epochs(count);
  for (size_t i = 0; i < count; ++i)
    epochs[i].number = static_cast<int64_t>(i) + 1;
  return epochs;
}

TEST(Timeline, EveryEpochHasItsColumnUpToTheLimit) {
  std::vector<Epoch> epochs = makeEpochs(80);
  Timeline timeline(epochs);
  EXPECT_EQ(timeline.getColumns().size(), 80u);
  EXPECT_EQ(timeline.getName(timeline.getColumns()[6]), "epoch 7");
  EXPECT_EQ(timeline.getName(6, 9), "epochs 7 to 9");
}

TEST(Timeline, JoinsNeighboursBeyondTheLimit) {
  std::vector<Epoch> epochs = makeEpochs(161);
  for (size_t i = 0; i < epochs.size(); ++i)
    epochs[i].seconds = static_cast<double>(i);
  epochs[4].seconds = std::nullopt;
  Timeline timeline(epochs);
  EXPECT_EQ(timeline.getEpochsPerColumn(), 3u);
  EXPECT_EQ(timeline.getColumns().size(), 54u);
  EXPECT_EQ(timeline.getName(timeline.getColumns().back()),
            "epochs 160 to 161");
  EXPECT_EQ(timeline.findColumn(5), 1u);
  std::vector<Number> means =
      timeline.average([](const Epoch &epoch) { return epoch.seconds; });
  EXPECT_EQ(means[0], 1);
  EXPECT_EQ(means[1], 4); // (3 + 5) / 2: one is not known
}

TEST(Timeline, StagesBeginWhereTheyChange) {
  std::vector<Epoch> epochs = makeEpochs(5);
  EXPECT_TRUE(Timeline(epochs).getStages().empty());
  epochs[3].stage = epochs[4].stage = 2;
  Timeline timeline(epochs);
  ASSERT_EQ(timeline.getStages().size(), 2u);
  EXPECT_EQ(timeline.getStages()[1].epoch, 3u);
  EXPECT_EQ(timeline.getStages()[1].stage, 2);
}
