//===- GateTest.cpp - Tests of the policies with gates --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/frac_runtime.h"
#include "runtime/precision/PrecisionPolicy.h"

#include <gtest/gtest.h>

using namespace frac;

namespace {
PrecisionSettings settingsOf(const char *policy) {
  PrecisionSettings settings;
  settings.policy = policy;
  settings.weight = {4};
  return settings;
}

std::unique_ptr<PrecisionController> make(const PrecisionSettings &settings) {
  return findPrecisionPolicy(settings.policy)->make(settings);
}
} // namespace

// Costs of the candidates with weights of 4 bits, in percent (Fu et al.:
// FracTrain, 2020, as its code computes them).
TEST(Gate, CandidatesCostWhatIsPublished) {
  GateSettings gate;
  const double expected[] = {1.7578125, 2.083333, 2.604166, 3.385416, 4.6875};
  for (size_t k = 0; k < gate.forward.size(); ++k) {
    CandidateCost cost = candidateCost(gate, k, 4);
    EXPECT_NEAR(100 * (cost.forward + cost.error + cost.weightGradient) / 3,
                expected[k], 1e-5)
        << k;
  }
}

TEST(Gate, NumbersSayWhatToAimAt) {
  GateSettings gate;
  gate.period = 8;
  std::vector<float> numbers = gateNumbers(gate, 4, {3, 2.5, 3.5, 0.1}, 19);
  ASSERT_EQ(numbers.size(), FRAC_GATE_SIZE + 15u);
  EXPECT_EQ(numbers[FRAC_GATE_TARGET], 3.0f);
  EXPECT_EQ(numbers[FRAC_GATE_LOW], 2.5f);
  EXPECT_EQ(numbers[FRAC_GATE_HIGH], 3.5f);
  EXPECT_EQ(numbers[FRAC_GATE_FORCED], -1.0f);
  EXPECT_EQ(numbers[FRAC_GATE_PERIOD], 8.0f);
  EXPECT_EQ(numbers[FRAC_GATE_PHASE], 3.0f);
  EXPECT_EQ(numbers[FRAC_GATE_SIZE + 5 + 3], 6.0f);
  EXPECT_EQ(numbers[FRAC_GATE_SIZE + 10 + 4], 12.0f);
  gate.isExact = true;
  numbers = gateNumbers(gate, 4, {3, 2.5, 3.5, 0.1}, 19);
  EXPECT_EQ(numbers[FRAC_GATE_PERIOD], 1.0f);
  EXPECT_EQ(numbers[FRAC_GATE_PHASE], 0.0f);
}

// In an evaluation no sample trains the gates.
TEST(Gate, NumbersOfAnEvaluation) {
  GateSettings gate;
  std::vector<float> numbers =
      gateNumbers(gate, 4, {3, 2.5, 3.5, 0.1}, std::nullopt);
  EXPECT_EQ(numbers[FRAC_GATE_PERIOD], 8.0f);
  EXPECT_EQ(numbers[FRAC_GATE_PHASE], -1.0f);
}

TEST(Gate, SkippingCostsNothing) {
  GateSettings gate;
  gate.forward = {0, 4};
  gate.backward = {0, 8};
  EXPECT_EQ(checkGate(gate), "");
  CandidateCost cost = candidateCost(gate, 0, 4);
  EXPECT_EQ(cost.forward, 0);
  EXPECT_EQ(cost.error, 0);
  EXPECT_EQ(cost.weightGradient, 0);
  std::vector<float> numbers = gateNumbers(gate, 4, {}, 0);
  EXPECT_EQ(numbers[FRAC_GATE_SIZE], 0);
  EXPECT_GT(numbers[FRAC_GATE_SIZE + 1], 0);
  EXPECT_EQ(numbers[FRAC_GATE_SIZE + 2], 0);
  EXPECT_EQ(numbers[FRAC_GATE_SIZE + 4], 0);
}

TEST(Dfq, AimsAtOneCost) {
  PrecisionSettings settings = settingsOf("dfq");
  settings.gate.relax = 0.25;
  auto controller = make(settings);
  auto aim = controller->aim();
  ASSERT_TRUE(aim);
  EXPECT_EQ(aim->target, 3);
  EXPECT_EQ(aim->low, 2.75);
  EXPECT_EQ(aim->high, 3.25);
  EXPECT_EQ(aim->inside, 0.1);
  EXPECT_EQ(controller->widthsAt(0, 1), (RoleWidths{6, 4, 12}));
  EXPECT_EQ(controller->candidates(SymbolRole::Error),
            (std::vector<int>{6, 8, 12}));
}

TEST(FracTrain, AimsHigherAtEachTurningPoint) {
  PrecisionSettings settings = settingsOf("fractrain");
  settings.gate.target = 1.5;
  auto controller = make(settings);
  std::vector<double> targets;
  for (int interval = 0; interval < 25; ++interval) {
    controller->observe(1.0);
    targets.push_back(controller->target());
  }
  EXPECT_EQ(targets[3], 1.5);
  EXPECT_EQ(targets[4], 2.0);
  EXPECT_EQ(targets[9], 2.5);
  EXPECT_EQ(targets[14], 3.0);
  EXPECT_EQ(targets[24], 3.0);
  auto aim = controller->aim();
  EXPECT_EQ(aim->low, 3.0);
  EXPECT_EQ(aim->high, 3.0);
  EXPECT_EQ(aim->inside, 0);

  // What has been observed survives a checkpoint.
  ByteWriter out;
  controller->save(out);
  auto other = make(settings);
  ByteReader in(out.bytes.data(), out.bytes.size());
  ASSERT_TRUE(other->restore(in));
  EXPECT_EQ(other->target(), 3.0);
}

TEST(Gate, RefusesWhatDoesNotFit) {
  auto errorOf = [](auto change) {
    PrecisionSettings settings = settingsOf("dfq");
    change(settings);
    return checkPrecision(settings);
  };
  EXPECT_EQ(errorOf([](PrecisionSettings &) {}), "");
  EXPECT_EQ(errorOf([](PrecisionSettings &s) { s.gate.forward = {3}; }),
            "precision.gate.forward has 1 entries and precision.gate.backward "
            "5; give both one entry a candidate");
  EXPECT_EQ(errorOf([](PrecisionSettings &s) { s.gate.forward[1] = 1; }),
            "precision.gate has a candidate of 1 bits; give widths from 2 to "
            "16, or 0 to skip the block");
  EXPECT_EQ(errorOf([](PrecisionSettings &s) { s.gate.forward[1] = 0; }),
            "precision.gate has a candidate of 0 bits forward and 6 backward; "
            "one that skips the block has 0 in both lists");
  EXPECT_EQ(errorOf([](PrecisionSettings &s) {
              s.gate.forward = s.gate.backward = {0, 0};
            }),
            "precision.gate has no candidate but those of 0 bits; give one "
            "that runs a block");
  EXPECT_EQ(errorOf([](PrecisionSettings &s) { s.gate.forced = 5; }),
            "precision.gate.force = 5 names none of the 5 candidates; give -1, "
            "or one from 0 on");
  EXPECT_EQ(errorOf([](PrecisionSettings &s) { s.weight.clear(); }),
            "precision.policy = \"dfq\" needs a width of weights; give "
            "precision.weight one number");
}
