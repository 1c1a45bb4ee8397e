//===- ReportTest.cpp - Reports and progress ------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/metrics/Report.h"
#include "runtime/metrics/ProgressLine.h"
#include "tests/runtime/support/LinearProgram.h"
#include "tests/runtime/support/TempFolder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace frac;
using namespace frac::test;
using Json = nlohmann::json;

TEST(Report, HasTheKeysOfTheContract) {
  LinearProgram linear;
  Program program = loadProgram(linear.code());
  TempFolder folder;
  Report report;
  report.recipe = program.recipe;
  report.seed = ~uint64_t{0};
  report.threads = 2;
  report.batch = 8;
  EpochRecord record;
  record.epoch = 1;
  record.samples = 20;
  record.trainLoss = 0.5;
  record.trainAccuracy = 0.25;
  report.epochs.push_back(record);
  writeReport(folder.path("r.json"), report, program);

  std::vector<unsigned char> bytes = folder.read("r.json");
  Json json = Json::parse(bytes.begin(), bytes.end());
  EXPECT_EQ(json["model"], "linear.onnx");
  EXPECT_EQ(json["recipe"]["optimizer"]["kind"], "sgd");
  EXPECT_EQ(json["seed"], ~uint64_t{0});
  const Json &epoch = json["epochs"][0];
  for (const char *key :
       {"epoch", "train_loss", "train_accuracy", "test_loss", "test_accuracy",
        "seconds", "step_ms_median", "lr", "stage", "target_cp", "precision",
        "macs", "bitmacs", "energy_j", "accelerator_seconds"})
    EXPECT_TRUE(epoch.contains(key)) << key;
  EXPECT_EQ(epoch["train_accuracy"], 0.25);
  EXPECT_TRUE(epoch["test_loss"].is_null());
  EXPECT_EQ(epoch["macs"]["forward"], 20 * 48);
  EXPECT_EQ(json["totals"]["bitmacs"], 2 * 20 * 48);
  EXPECT_GT(json["totals"]["peak_rss_bytes"].get<int64_t>(), 1 << 20);
  EXPECT_TRUE(json["best_test_accuracy"].is_null());
}

TEST(Progress, Texts) {
  EXPECT_EQ(clockText(0), "0:00");
  EXPECT_EQ(clockText(61.4), "1:01");
  EXPECT_EQ(clockText(3723), "1:02:03");
  EpochRecord record;
  record.epoch = 2;
  record.trainLoss = 0.5;
  record.lr = 0.1;
  record.seconds = 3;
  EXPECT_EQ(epochText(record, 9),
            "epoch 2/9  train loss 0.5000  lr 0.1  3.0 s");
  record.trainAccuracy = 0.25;
  record.testLoss = 1;
  record.testAccuracy = 0.125;
  record.stepMsMedian = 12.34;
  EXPECT_EQ(epochText(record, 9),
            "epoch 2/9  train loss 0.5000 accuracy 0.2500  test loss 1.0000 "
            "accuracy 0.1250  lr 0.1  3.0 s  12.3 ms/step");
}
