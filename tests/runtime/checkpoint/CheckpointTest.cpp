//===- CheckpointTest.cpp - Saved training --------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/Checkpoint.h"
#include "tests/runtime/support/ErrorText.h"
#include "tests/runtime/support/LinearProgram.h"
#include "tests/runtime/support/Mutate.h"
#include "tests/runtime/support/TempFolder.h"

#include "runtime/program/Runner.h"
#include "runtime/support/Checksum.h"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>

using namespace frac;
using namespace frac::test;

namespace {
/// A program, some progress and a checkpoint of them in a file.
class CheckpointFile : public testing::Test {
protected:
  CheckpointFile() {
    identity.seed = 42;
    identity.batch = 8;
    identity.data = 0x12345678;
    identity.augment = "cifar";
    identity.normalize = "dataset";
    progress.iteration = 17;
    progress.epoch = 2;
    progress.samplesInEpoch = 8;
    progress.lossSum = 1.25;
    progress.correctSum = 3;
    progress.wallSeconds = 9.5;
    progress.bestTestAccuracy = 0.75;
    progress.lastRate = 0.1;
    EpochRecord record;
    record.epoch = 1;
    record.trainLoss = 0.5;
    record.precision.steps = 3;
    record.precision.counts = {{{4, 1}, {8, 2}}, {{6, 3}}};
    record.precision.highest = {8, 8, 6};
    record.precision.bitmacs.error = 12.5;
    record.precision.observedLosses = {0.75, 0.5};
    progress.precision.policy = "pfq";
    progress.precision.controller = {1, 2, 3};
    progress.precision.inForce = {4, 4, 6};
    progress.precision.evaluation = {8, 8, 6};
    progress.precision.intervalLossSum = 2.5;
    progress.precision.intervalSamples = 5;
    progress.precision.epoch = record.precision;
    progress.epochs.assign(2, record);
    for (size_t i = 0; i < program.stateBytes; ++i)
      runner.state()[i] = static_cast<unsigned char>(i * 7);
    writeCheckpoint(path, program, identity, progress, 2, runner.state());
    bytes = folder.read("c");
  }

  std::string readText() {
    return errorText([&] { readCheckpoint(path); });
  }

  LinearProgram linear;
  Program program = loadProgram(linear.code());
  Runner runner{program, Runner::Mode::Train, 1};
  RunIdentity identity;
  TrainingProgress progress;
  TempFolder folder;
  std::string path = folder.path("c");
  std::vector<unsigned char> bytes;
};
} // namespace

TEST_F(CheckpointFile, RoundTrip) {
  EXPECT_TRUE(isCheckpoint(path));
  Checkpoint read = readCheckpoint(path);
  EXPECT_EQ(read.identity.seed, 42u);
  EXPECT_EQ(read.identity.augment, "cifar");
  EXPECT_EQ(read.threads, 2);
  EXPECT_EQ(read.progress.iteration, 17);
  EXPECT_EQ(read.progress.lossSum, 1.25);
  EXPECT_EQ(read.progress.bestTestAccuracy, 0.75);
  ASSERT_EQ(read.progress.epochs.size(), 2u);
  EXPECT_EQ(read.progress.epochs[1].trainLoss, 0.5);
  EXPECT_TRUE(std::isnan(read.progress.epochs[1].testLoss));
  const PrecisionRecord &record = read.progress.epochs[1].precision;
  EXPECT_EQ(record.steps, 3);
  EXPECT_EQ(record.counts,
            (std::vector<WidthCounts>{{{4, 1}, {8, 2}}, {{6, 3}}}));
  EXPECT_EQ(record.highest, (RoleWidths{8, 8, 6}));
  EXPECT_EQ(record.bitmacs.error, 12.5);
  EXPECT_TRUE(std::isnan(record.target));
  EXPECT_EQ(record.observedLosses, (std::vector<double>{0.75, 0.5}));
  const PrecisionProgress &precision = read.progress.precision;
  EXPECT_EQ(precision.policy, "pfq");
  EXPECT_EQ(precision.controller, (std::vector<unsigned char>{1, 2, 3}));
  EXPECT_EQ(precision.inForce, (RoleWidths{4, 4, 6}));
  EXPECT_EQ(precision.evaluation, (RoleWidths{8, 8, 6}));
  EXPECT_EQ(precision.intervalLossSum, 2.5);
  EXPECT_EQ(precision.intervalSamples, 5);
  EXPECT_EQ(precision.epoch.counts, record.counts);
  ASSERT_EQ(read.variables.size(), 5u); // No gradients.
  EXPECT_EQ(read.variables[0].name, "weight");
  EXPECT_EQ(read.variables[3].role, VariableRole::Slot);
  ASSERT_EQ(read.state.size(), program.stateBytes);
  EXPECT_EQ(std::memcmp(read.state.data(), runner.state(), read.state.size()),
            0);
  EXPECT_EQ(errorText([&] { checkResumable(path, read, program, identity); }),
            "no error");
}

TEST_F(CheckpointFile, EveryTruncationIsNoticed) {
  for (size_t keep = 0; keep < bytes.size(); keep += keep < 100 ? 1 : 13) {
    folder.write("c", {bytes.begin(), bytes.begin() + static_cast<long>(keep)});
    EXPECT_TRUE(contains(readText(), path + ": error: is no whole checkpoint"))
        << keep;
  }
  std::vector<unsigned char> longer = bytes;
  longer.push_back(0);
  folder.write("c", longer);
  EXPECT_TRUE(contains(readText(), "its size is wrong"));
}

TEST_F(CheckpointFile, EveryFlippedBitIsNoticed) {
  for (size_t bit = 0; bit < bytes.size() * 8; bit += bit < 300 ? 1 : 5) {
    std::vector<unsigned char> flipped = bytes;
    flipped[bit / 8] ^= static_cast<unsigned char>(1 << bit % 8);
    folder.write("c", flipped);
    ASSERT_TRUE(contains(readText(), path + ": error: ")) << bit;
  }
}

TEST_F(CheckpointFile, DamageBehindAGoodChecksumIsNoticed) {
  // Headers that a checksum does not protect: it was made for them.
  int refused = 0;
  for (uint32_t i = 0; i < 3000; ++i) {
    std::vector<unsigned char> body(bytes.begin(), bytes.end() - 4);
    body = mutated(body, i);
    uint32_t crc = crc32c(body.data(), body.size());
    const auto *crcBytes = reinterpret_cast<const unsigned char *>(&crc);
    body.insert(body.end(), crcBytes, crcBytes + 4);
    folder.write("c", body);
    try {
      Checkpoint read = readCheckpoint(path);
      for (const Variable &variable : read.variables)
        ASSERT_LE(variable.offset + variable.bytes, read.state.size());
      checkResumable(path, read, program, identity);
    } catch (const Error &) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000);
}

TEST_F(CheckpointFile, AnotherVersionIsNamed) {
  bytes[8] = 99;
  folder.write("c", bytes);
  EXPECT_TRUE(contains(readText(), "format version 99"));
}

TEST_F(CheckpointFile, SaysWhyItCannotGoOn) {
  Checkpoint read = readCheckpoint(path);
  auto text = [&](auto change) {
    RunIdentity other = identity;
    change(other);
    return errorText([&] { checkResumable(path, read, program, other); });
  };
  EXPECT_TRUE(contains(text([](RunIdentity &id) { id.seed = 1; }),
                       "was written with --seed=42, not with 1"));
  EXPECT_TRUE(contains(text([](RunIdentity &id) { id.batch = 4; }),
                       "--batch=8, not with 4"));
  EXPECT_TRUE(contains(text([](RunIdentity &id) { id.augment = "none"; }),
                       "--augment=cifar"));
  EXPECT_TRUE(contains(text([](RunIdentity &id) { id.normalize = "none"; }),
                       "--normalize=dataset"));
  EXPECT_TRUE(
      contains(text([](RunIdentity &id) { id.data = 1; }), "on other data"));

  LinearShape shape;
  shape.classes = 4;
  LinearProgram other(shape);
  Program otherProgram = loadProgram(other.code());
  EXPECT_TRUE(contains(
      errorText([&] { checkResumable(path, read, otherProgram, identity); }),
      "is of another program: its variable 'weight' has shape 3x16, this "
      "program's 4x16"));
  Program renamed = program;
  renamed.variables[1].name = "offset";
  EXPECT_TRUE(
      contains(errorText([&] { checkSameProgram(path, read, renamed); }),
               "a parameter 'bias' in the place of the parameter 'offset'"));
}
