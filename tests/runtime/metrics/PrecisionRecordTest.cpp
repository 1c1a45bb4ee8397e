//===- PrecisionRecordTest.cpp - The widths of an epoch -------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/metrics/PrecisionRecord.h"
#include "tests/runtime/support/LinearProgram.h"

#include <gtest/gtest.h>

using namespace frac;
using namespace frac::test;

TEST(PrecisionRecord, CountsStepsAndCost) {
  LinearShape shape;
  shape.quantized = true;
  LinearProgram linear(shape);
  Program program = loadProgram(linear.code());
  EnergyMeter meter(program, 8);
  PrecisionRecord record;
  record.addStep(program, {3, 4, 6}, {3, 4, 6, 16}, 8, meter);
  record.addStep(program, {8, 4, 8}, {8, 4, 8, 16}, 2, meter);
  EXPECT_EQ(record.energy.total(), 0);
  EXPECT_EQ(record.steps, 2);
  EXPECT_EQ(record.counts,
            (std::vector<WidthCounts>{
                {{3, 1}, {8, 1}}, {{4, 2}}, {{6, 1}, {8, 1}}, {{16, 2}}}));
  EXPECT_EQ(record.lowest, (RoleWidths{3, 4, 6}));
  EXPECT_EQ(record.highest, (RoleWidths{8, 4, 8}));
  // A step of 8 samples and one of 2, of 48 products in each operation.
  EXPECT_DOUBLE_EQ(record.bitmacs.forward, 48 * (8 * 12 + 2 * 32) / 1024.0);
  EXPECT_EQ(record.bitmacs.error, 0);
  EXPECT_DOUBLE_EQ(record.bitmacs.weightGradient,
                   48 * (8 * 18 + 2 * 64) / 1024.0 + 48 * 10 * 0.5);
  EXPECT_EQ(meanBits(record.counts[0]), 5.5);
  EXPECT_EQ(meanBits({}), 0);
}

// Samples that skip a block are no work, but for the forward pass of those that
// train its gate.
TEST(PrecisionRecord, CountsWhatIsSkipped) {
  LinearShape shape;
  shape.quantized = true;
  LinearProgram linear(shape);
  Program program = loadProgram(linear.code());
  ProgramBlock block;
  block.skips = true;
  program.blocks = {block};
  program.candidates = 2;
  program.symbols[0].block = program.symbols[2].block = 0;
  GateSettings gate;
  gate.forward = {0, 4};
  gate.backward = {0, 8};
  EnergyMeter meter(program, 8);
  PrecisionRecord record;
  // 3 samples of 8 skip the block, 2 of them train the gate.
  record.addGatedStep(program, gate, {4, 4, 8}, {4, 4, 8, 16}, 8, {3, 5, 0, 2},
                      meter);
  EXPECT_EQ(record.choices, (std::vector<std::vector<double>>{{3, 5}}));
  EXPECT_EQ(record.counts[0], (WidthCounts{{0, 3}, {4, 5}}));
  EXPECT_EQ(record.counts[2], (WidthCounts{{0, 3}, {8, 5}}));
  EXPECT_EQ(record.lowest, (RoleWidths{4, 4, 8}));
  EXPECT_DOUBLE_EQ(record.bitmacs.forward, 48 * 7 * 16 / 1024.0);
  EXPECT_DOUBLE_EQ(record.bitmacs.weightGradient,
                   48 * 5 * 32 / 1024.0 + 48 * 8 * 0.5);
  EXPECT_EQ(record.leftOut.forward, 48);
  EXPECT_EQ(record.leftOut.weightGradient, 48 * 3);
}

TEST(PrecisionRecord, ShortTexts) {
  EXPECT_EQ(shortWidths({4, 4, 6}, {4, 4, 6}), "fw 4 bw 6");
  EXPECT_EQ(shortWidths({3, 3, 8}, {8, 8, 8}), "fw 3-8 bw 8");
  EXPECT_EQ(shortWidths({3, 4, 6}, {8, 4, 8}), "fw 3-8 w 4 bw 6-8");
  EXPECT_EQ(shortWidths({}, {}), "");
}
