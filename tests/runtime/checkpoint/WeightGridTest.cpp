//===- WeightGridTest.cpp - Weights on the grids of a width ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/WeightGrid.h"

#include <gtest/gtest.h>
#include <limits>

using namespace frac;

TEST(WeightGrid, OneRangeForEachIndexOfADimension) {
  // Two rows: [0, 3] and [-1, 1] at 2 bits.
  std::vector<float> values = {0, 1, 3, -1, 0.4f, 1};
  WeightTensor rows = {values.data(), {2, 3}, 0};
  std::vector<AffineGrid> grids = weightGrids(rows, 2);
  ASSERT_EQ(grids.size(), 2u);
  EXPECT_EQ(grids[0].scale, 1);
  EXPECT_EQ(grids[0].low, 0);
  EXPECT_EQ(grids[1].scale, 2.0f / 3);
  EXPECT_EQ(grids[1].low, -1);
  EXPECT_EQ(weightIntegers(rows, grids, 2),
            (std::vector<int8_t>{-2, -1, 1, -2, 0, 1}));

  WeightTensor columns = {values.data(), {2, 3}, 1};
  grids = weightGrids(columns, 8);
  ASSERT_EQ(grids.size(), 3u);
  EXPECT_EQ(grids[0].low, -1);
  EXPECT_EQ(grids[2].scale, 2.0f / 255);
  EXPECT_EQ(weightIntegers(columns, grids, 8),
            (std::vector<int8_t>{127, 127, 127, -128, -128, -128}));
}

TEST(WeightGrid, OneRangeForAll) {
  std::vector<float> values = {0, 1, 2, 3};
  WeightTensor weights = {values.data(), {2, 2}, -1};
  std::vector<AffineGrid> grids = weightGrids(weights, 2);
  ASSERT_EQ(grids.size(), 1u);
  EXPECT_EQ(weightIntegers(weights, grids, 2),
            (std::vector<int8_t>{-2, -1, 0, 1}));
}

TEST(WeightGrid, TiesGoToEvenIntegers) {
  std::vector<float> values = {0, 0.5f, 1.5f, 2.5f, 15};
  WeightTensor weights = {values.data(), {5}, -1};
  EXPECT_EQ(weightIntegers(weights, weightGrids(weights, 4), 4),
            (std::vector<int8_t>{-8, -8, -6, -6, 7}));
}

TEST(WeightGrid, RangesWithoutLengthAndOverflowingOnes) {
  std::vector<float> equal = {0.3f, 0.3f};
  WeightTensor weights = {equal.data(), {2}, -1};
  std::vector<AffineGrid> grids = weightGrids(weights, 8);
  EXPECT_EQ(grids[0].scale, 1e-8f);
  EXPECT_EQ(grids[0].low, 0.3f);
  EXPECT_EQ(weightIntegers(weights, grids, 8),
            (std::vector<int8_t>{-128, -128}));

  constexpr float largest = std::numeric_limits<float>::max();
  std::vector<float> far = {-largest, largest};
  weights = {far.data(), {2}, -1};
  EXPECT_EQ(weightIntegers(weights, weightGrids(weights, 8), 8),
            (std::vector<int8_t>{-128, -128}));
}
