//===- RowChartTest.cpp - A row for each layer over epochs ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/RowChart.h"

#include "compiler/report/Palette.h"

#include <gtest/gtest.h>

using namespace frac::report;

using Names = std::vector<std::string>;

TEST(RowChart, LayersLoseWhatAllHaveInCommon) {
  EXPECT_EQ(shortenLayerNames(Names{"/layer1/layer1.0/conv1/Conv",
                                    "/layer1/layer1.0/conv2/Conv", "all"}),
            (Names{"layer1.0/conv1", "layer1.0/conv2", "all"}));
  EXPECT_EQ(shortenLayerNames(Names{"/a/Conv", "/b/Gemm"}),
            (Names{"a/Conv", "b/Gemm"}));
  EXPECT_EQ(shortenLayerNames(Names{"/a/Conv"}), (Names{"a/Conv"}));
}

TEST(RowChart, LegendHasTheWidthsInOrder) {
  std::vector<LegendEntry> legend = makeWidthLegend({3, 5.5}, true);
  ASSERT_EQ(legend.size(), 5u);
  EXPECT_EQ(legend[0].name, "skipped (0 bits)");
  EXPECT_EQ(legend[1].name, "3 bits");
  EXPECT_EQ(legend[4].name, "6");
  EXPECT_EQ(legend[1].color, getRampColor(0));
  EXPECT_EQ(legend[4].color, getRampColor(1));
  EXPECT_LE(makeWidthLegend({1, 64}, false).size(), 12u);
}

TEST(RowChart, ColoursAreThoseOfTheAnchors) {
  EXPECT_EQ(getRampColor(0), "#414487");
  EXPECT_EQ(getRampColor(1), "#fde725");
  EXPECT_EQ(getRampColor(7), "#fde725");
  EXPECT_EQ(getWidthColor(8, 8, 8), getRampColor(0.5));
  EXPECT_EQ(getWidthColor(0, 3, 8), "url(#skipped)");
}
