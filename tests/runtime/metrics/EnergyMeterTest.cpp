//===- EnergyMeterTest.cpp - The costs of steps ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/metrics/EnergyMeter.h"

#include <gtest/gtest.h>

using namespace frac;

namespace {
constexpr int64_t batch = 128;

/// A convolution with its two gradients and a layer in float, on the default
/// accelerator. Symbols: activation, weight, error.
Program makeProgram() {
  Program program;
  program.accelerator = builtinAccelerators().front();
  program.costModel = "bitfusion";
  program.symbols.resize(3);
  auto add = [&](const char *pass, ProductForm form, int64_t lhs, int64_t rhs) {
    Operation operation;
    operation.pass = pass;
    operation.lhs = lhs;
    operation.rhs = rhs;
    operation.product = ProductPattern{
        form, ContractionShape::convolution(3, 8, 1, 64, 64, batchExtent),
        false};
    program.operations.push_back(operation);
  };
  add("forward", ProductForm::Convolution, 0, 1);
  add("error", ProductForm::InputGradient, 2, 1);
  add("weight_gradient", ProductForm::WeightGradient, 0, 2);
  add("forward", ProductForm::Convolution, -1, -1);
  return program;
}

/// Nanojoules of one of the products of a batch.
double energyOf(const Program &program, size_t operation, OperandBits bits) {
  auto model = findCostModel("bitfusion")->make(*program.accelerator);
  CostMemory memory(*model);
  const CostResult &result =
      costOf(program.operations[operation].product->at(batch), bits,
             TrainingMapping::Best, memory);
  EXPECT_TRUE(result.isOk());
  return result.cost.energy.total;
}
} // namespace

TEST(EnergyMeter, AddsWhatStepsCost) {
  Program program = makeProgram();
  EnergyMeter meter(program, batch);
  ASSERT_TRUE(meter.isOn());
  EnergySums sums;
  meter.add({4, 3, 8}, batch, sums);
  EXPECT_DOUBLE_EQ(sums.joules.forward, energyOf(program, 0, {4, 3}) * 1e-9);
  EXPECT_DOUBLE_EQ(sums.joules.error, energyOf(program, 1, {8, 3}) * 1e-9);
  EXPECT_DOUBLE_EQ(sums.joules.weightGradient,
                   energyOf(program, 2, {4, 8}) * 1e-9);
  EXPECT_GT(sums.seconds, 0);

  // A mixture over the batch: a quarter at other widths.
  EnergySums mixed;
  meter.add({4, 3, 8}, 0.75 * batch, mixed);
  meter.add({8, 3, 8}, 0.25 * batch, mixed);
  EXPECT_DOUBLE_EQ(mixed.joules.forward, (0.75 * energyOf(program, 0, {4, 3}) +
                                          0.25 * energyOf(program, 0, {8, 3})) *
                                             1e-9);

  // What is skipped costs nothing.
  EnergySums skipped;
  meter.add({0, 3, 0}, batch, skipped);
  EXPECT_EQ(skipped.total(), 0);
  EXPECT_EQ(skipped.seconds, 0);
}

TEST(EnergyMeter, SaysWhatItGoesBy) {
  Program program = makeProgram();
  program.operations.push_back(program.operations.front());
  program.operations.back().product.reset();
  program.operations.back().problem = "has no shape";
  program.accelerator->extensions.leakage = true;
  EnergyMeter meter(program, batch);
  EnergySums sums;
  meter.add({4, 3, 8}, batch, sums);
  EnergySource source = meter.source();
  EXPECT_TRUE(source.isKnown());
  EXPECT_EQ(source.model, "bitfusion");
  EXPECT_EQ(source.accelerator, "e");
  EXPECT_EQ(source.extensions, std::vector<std::string>{"leakage"});
  ASSERT_EQ(source.refused.size(), 2u);
  EXPECT_EQ(source.refused["has no shape"], 1);
  EXPECT_EQ(source.refused.rbegin()->second, 1);
  EXPECT_EQ(source.refused.rbegin()->first.rfind("operands in float", 0), 0u);
}

TEST(EnergyMeter, OperandsMayBeExchanged) {
  Program program = makeProgram();
  program.operations.resize(1);
  program.operations[0].product->isSwapped = true;
  EnergyMeter meter(program, batch);
  EnergySums sums;
  meter.add({4, 8, 8}, batch, sums);
  EXPECT_DOUBLE_EQ(sums.joules.forward, energyOf(program, 0, {8, 4}) * 1e-9);
}

TEST(EnergyMeter, NothingIsKnownWithoutACost) {
  Program program = makeProgram();
  EnergyMeter refused(program, batch);
  EnergySums sums;
  refused.add({16, 16, 16}, batch, sums);
  EXPECT_EQ(sums.total(), 0);
  EXPECT_FALSE(refused.source().isKnown());

  program.accelerator.reset();
  EnergyMeter off(program, batch);
  EXPECT_FALSE(off.isOn());
  off.add({8, 8, 8}, batch, sums);
  EXPECT_EQ(sums.total(), 0);
  EXPECT_FALSE(off.source().isKnown());
}

TEST(EnergyMeter, SearchesOnceAPairOfWidths) {
  // A million steps of searches would take minutes.
  Program program = makeProgram();
  EnergyMeter meter(program, batch);
  EnergySums sums;
  for (int step = 0; step < 1000000; ++step)
    meter.add({4 + step % 2, 3, 8}, batch, sums);
  EXPECT_NEAR(sums.joules.forward / (0.5e-3 * (energyOf(program, 0, {4, 3}) +
                                               energyOf(program, 0, {5, 3}))),
              1, 1e-6);
}
