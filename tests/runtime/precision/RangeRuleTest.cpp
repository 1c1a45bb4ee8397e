//===- RangeRuleTest.cpp - Where a range begins ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/RangeRule.h"

#include <gtest/gtest.h>

using namespace frac;

TEST(RangeRule, TheFirstRise) {
  EXPECT_EQ(smallestUsefulWidth({0.10, 0.11, 0.35, 0.60}, 2, 0.1, 0.01), 4);
  EXPECT_EQ(smallestUsefulWidth({0.25, 0.25}, 2, 0.1, 0.01), 2);
  EXPECT_EQ(smallestUsefulWidth({0.10, 0.105, 0.11}, 2, 0.1, 0.01),
            std::nullopt);
  // What falls and recovers rises above the one before.
  EXPECT_EQ(smallestUsefulWidth({0.10, 0.05, 0.10}, 2, 0.1, 0.01), 4);
  EXPECT_EQ(smallestUsefulWidth({}, 2, 0.1, 0.01), std::nullopt);
}
