//===- TrainingTest.cpp - The commands, end to end ------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/Checkpoint.h"
#include "runtime/data/NpzFile.h"
#include "runtime/support/Files.h"
#include "tests/runtime/support/ErrorText.h"
#include "tests/runtime/trainer/Executable.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace frac;
using namespace frac::test;
using Json = nlohmann::json;

TEST_F(Executable, LearnsAndReports) {
  ASSERT_EQ(train({"--epochs=5", "--report=" + file("r.json"),
                   "--log-dir=" + file("logs"), "--export=" + file("m.onnx")}),
            0)
      << err;
  EXPECT_EQ(err, "");
  EXPECT_TRUE(contains(out, "epoch 5/5  train loss"));
  Json report = json("r.json");
  ASSERT_EQ(report["epochs"].size(), 5u);
  EXPECT_LT(report["epochs"][4]["train_loss"],
            report["epochs"][0]["train_loss"]);
  EXPECT_GT(report["best_test_accuracy"], 0.9);
  EXPECT_EQ(report["status"], "done");
  EXPECT_EQ(report["epochs"][4]["iterations"], 35);
  EXPECT_EQ(stepBatches.size(), 35u);
  EXPECT_EQ(std::filesystem::exists(file("m.onnx")), true);
  // The exported model is the one that was evaluated.
  ASSERT_EQ(run({"eval", "--data=synthetic:50", "--seed=3",
                 "--init=" + file("m.onnx"), "--report=" + file("e.json")}),
            0)
      << err;
  EXPECT_EQ(json("e.json")["test_loss"], report["epochs"][4]["test_loss"]);
}

TEST_F(Executable, ShortLastBatchIsExact) {
  ASSERT_EQ(train({"--epochs=1"}), 0);
  EXPECT_EQ(stepBatches, (std::vector<int64_t>{8, 8, 8, 8, 8, 8, 2}));
  EXPECT_EQ(evalBatches, (std::vector<int64_t>{8, 2}));
  stepBatches.clear();
  ASSERT_EQ(train({"--epochs=1", "--batch=7"}), 0);
  EXPECT_EQ(stepBatches, (std::vector<int64_t>{7, 7, 7, 7, 7, 7, 7, 1}));
  EXPECT_EQ(train({"--epochs=1", "--batch=9"}), 2);
  EXPECT_TRUE(contains(err, "at most 8"));
}

TEST_F(Executable, EvaluationDoesNotDependOnTheBatch) {
  ASSERT_EQ(train({"--epochs=2", "--checkpoint=" + file("c")}), 0);
  std::vector<double> losses;
  for (const char *batch : {"--batch=8", "--batch=3", "--batch=1"}) {
    ASSERT_EQ(
        run({"eval", "--data=synthetic:50", "--seed=3",
             "--checkpoint=" + file("c"), batch, "--report=" + file("e.json")}),
        0)
        << err;
    losses.push_back(json("e.json")["test_loss"]);
  }
  EXPECT_NEAR(losses[0], losses[1], 1e-6);
  EXPECT_NEAR(losses[0], losses[2], 1e-6);
}

TEST_F(Executable, EvaluationNormalizesAsTheCheckpointWasTrained) {
  ASSERT_EQ(train({"--epochs=2", "--normalize=dataset",
                   "--checkpoint=" + file("c"), "--report=" + file("r.json")}),
            0);
  for (const char *flag : {"--checkpoint=", "--init="}) {
    ASSERT_EQ(run({"eval", "--data=synthetic:50", "--seed=3", flag + file("c"),
                   "--report=" + file("e.json")}),
              0)
        << err;
    EXPECT_EQ(json("e.json")["test_loss"],
              json("r.json")["epochs"][1]["test_loss"]);
  }
  ASSERT_EQ(run({"eval", "--data=synthetic:50", "--seed=3", "--normalize=none",
                 "--checkpoint=" + file("c"), "--report=" + file("e.json")}),
            0);
  EXPECT_NE(json("e.json")["test_loss"],
            json("r.json")["epochs"][1]["test_loss"]);
}

TEST_F(Executable, SameSeedSameBits) {
  for (const char *name : {"a", "b", "c"}) {
    std::string threads =
        std::string("--threads=") + (*name == 'b' ? "2" : "1");
    std::string seed = std::string("--seed=") + (*name == 'c' ? "4" : "3");
    ASSERT_EQ(run({"train", "--data=synthetic:50", "--epochs=2",
                   "--augment=cifar", threads, seed, "--export=" + file(name)}),
              0);
  }
  EXPECT_EQ(folder.read("a"), folder.read("b"));
  EXPECT_NE(folder.read("a"), folder.read("c"));
}

TEST_F(Executable, ResumedEqualsUninterrupted) {
  std::vector<std::string> common = {
      "--set",           "schedule.kind=piecewise",
      "--set",           "schedule.milestones=[9,13]",
      "--augment=cifar", "--normalize=dataset"};
  auto with = [&](std::vector<std::string> flags) {
    flags.insert(flags.end(), common.begin(), common.end());
    return train(flags);
  };
  ASSERT_EQ(with({"--iterations=20", "--export=" + file("whole"),
                  "--report=" + file("whole.json")}),
            0)
      << err;
  // Stopped after each possible number of steps, in the middle of epochs and
  // between them.
  for (int stop = 1; stop <= 20; ++stop) {
    std::filesystem::remove(file("c"));
    ASSERT_EQ(with({"--iterations=" + std::to_string(stop),
                    "--checkpoint=" + file("c")}),
              0)
        << err;
    ASSERT_EQ(with({"--iterations=20", "--checkpoint=" + file("c"), "--resume",
                    "--export=" + file("resumed"),
                    "--report=" + file("resumed.json")}),
              0)
        << err;
    ASSERT_EQ(folder.read("whole"), folder.read("resumed")) << stop;
    Json whole = json("whole.json"), resumed = json("resumed.json");
    ASSERT_EQ(whole["epochs"].size(), resumed["epochs"].size()) << stop;
    for (size_t i = 0; i < whole["epochs"].size(); ++i)
      for (const char *key : {"train_loss", "train_accuracy", "test_loss",
                              "test_accuracy", "lr", "macs"})
        EXPECT_EQ(whole["epochs"][i][key], resumed["epochs"][i][key])
            << stop << " " << key;
    EXPECT_EQ(whole["best_test_accuracy"], resumed["best_test_accuracy"]);
  }
}

TEST_F(Executable, SignalLeavesACheckpoint) {
  ASSERT_EQ(train({"--epochs=3", "--export=" + file("whole")}), 0);
  interruptAtIteration = 9;
  EXPECT_EQ(
      train({"--epochs=3", "--checkpoint=" + file("c"),
             "--export=" + file("resumed"), "--report=" + file("r.json")}),
      130);
  EXPECT_TRUE(contains(err, "interrupted after iteration 10; go on with "
                            "--resume"));
  EXPECT_EQ(json("r.json")["status"], "interrupted");
  EXPECT_FALSE(fileExists(file("resumed")));
  interruptAtIteration = -1;
  ASSERT_EQ(train({"--epochs=3", "--checkpoint=" + file("c"), "--resume",
                   "--export=" + file("resumed")}),
            0);
  EXPECT_EQ(folder.read("whole"), folder.read("resumed"));
}

TEST_F(Executable, SignalBetweenEpochs) {
  ASSERT_EQ(train({"--epochs=3", "--export=" + file("whole")}), 0);
  // The last step of the first epoch: its evaluation is still to come.
  interruptAtIteration = 6;
  EXPECT_EQ(train({"--epochs=3", "--checkpoint=" + file("c")}), 130);
  EXPECT_EQ(readCheckpoint(file("c")).progress.samplesInEpoch, 50);
  interruptAtIteration = -1;
  ASSERT_EQ(
      train({"--epochs=3", "--checkpoint=" + file("c"), "--resume",
             "--export=" + file("resumed"), "--report=" + file("r.json")}),
      0);
  EXPECT_EQ(folder.read("whole"), folder.read("resumed"));
  EXPECT_EQ(json("r.json")["epochs"].size(), 3u);
}

TEST_F(Executable, DivergenceKeepsTheLastGoodCheckpoint) {
  divergeAtIteration = 11;
  EXPECT_EQ(
      train({"--epochs=3", "--checkpoint=" + file("c"), "--checkpoint-every=5",
             "--export=" + file("m"), "--report=" + file("r.json")}),
      3);
  EXPECT_TRUE(contains(err, "linear.onnx: error: training diverged: the loss "
                            "of iteration 12 is not finite"));
  EXPECT_EQ(readCheckpoint(file("c")).progress.iteration, 10);
  EXPECT_FALSE(fileExists(file("m")));
  EXPECT_EQ(json("r.json")["status"], "diverged");
  EXPECT_EQ(json("r.json")["epochs"].size(), 1u);
}

TEST_F(Executable, FinishedRunHasNothingLeft) {
  ASSERT_EQ(train({"--epochs=2", "--checkpoint=" + file("c"),
                   "--export=" + file("a")}),
            0);
  stepBatches.clear();
  ASSERT_EQ(train({"--epochs=2", "--checkpoint=" + file("c"), "--resume",
                   "--export=" + file("b"), "--report=" + file("r.json")}),
            0);
  EXPECT_TRUE(stepBatches.empty());
  EXPECT_TRUE(contains(err, "nothing is left to train"));
  EXPECT_EQ(folder.read("a"), folder.read("b"));
  EXPECT_EQ(json("r.json")["epochs"].size(), 2u);
}

TEST_F(Executable, ResumeWithoutACheckpointStartsNew) {
  ASSERT_EQ(train({"--epochs=1", "--checkpoint=" + file("c"), "--resume"}), 0);
  EXPECT_TRUE(contains(err, "there is no such checkpoint yet"));
  EXPECT_EQ(stepBatches.size(), 7u);
}

TEST_F(Executable, ResumeRefusesAnotherRun) {
  ASSERT_EQ(train({"--epochs=1", "--checkpoint=" + file("c")}), 0);
  std::vector<unsigned char> before = folder.read("c");
  auto resume = [&](const std::string &flag) {
    int status = run({"train", "--data=synthetic:50", "--epochs=2", "--resume",
                      "--checkpoint=" + file("c"), flag});
    return std::to_string(status) + " " + err;
  };
  EXPECT_TRUE(contains(resume("--seed=4"), "1 " + file("c") +
                                               ": error: was "
                                               "written with --seed=3"));
  EXPECT_EQ(run({"train", "--data=synthetic:51", "--epochs=2", "--resume",
                 "--seed=3", "--checkpoint=" + file("c")}),
            1);
  EXPECT_TRUE(contains(err, "on other data"));
  EXPECT_EQ(folder.read("c"), before);
}

TEST_F(Executable, GradWritesEveryGradient) {
  // Three samples whose gradient can be checked by finite differences.
  std::vector<float> x(3 * 16);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<float>(i % 5) / 5;
  std::vector<int64_t> y = {2, 0, 1};
  writeNpz(file("d.npz"), {{"x", ElementType::F32, {3, 1, 4, 4}, x.data()},
                           {"y", ElementType::I64, {3}, y.data()}});
  std::vector<std::string> flags = {"grad", "--data=npz:" + file("d.npz"),
                                    "--out=" + file("g.npz")};
  ASSERT_EQ(run(flags), 0) << err;
  NpzReader gradients(file("g.npz"));
  EXPECT_EQ(gradients.names(),
            (std::vector<std::string>{"loss", "weight", "bias"}));
  NpyArray bias = gradients.read("bias");
  EXPECT_EQ(bias.shape, std::vector<int64_t>{3});
  const auto *values = reinterpret_cast<const float *>(bias.bytes.data());
  EXPECT_NEAR(values[0] + values[1] + values[2], 0, 1e-6);
  EXPECT_EQ(gradients.read("weight").shape, (std::vector<int64_t>{3, 16}));
  // A smaller batch takes the first samples.
  flags.push_back("--batch=1");
  ASSERT_EQ(run(flags), 0) << err;
  NpyArray first = NpzReader(file("g.npz")).read("bias");
  EXPECT_LT(reinterpret_cast<const float *>(first.bytes.data())[2], 0);
}

TEST_F(Executable, WrongUsageIsStatus2) {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"dance"},
      {"train"},
      {"train", "--data=synthetic:5", "--epochs=0"},
      {"train", "--data=synthetic:5", "--epochs=x"},
      {"train", "--data=synthetic:5", "--epochs=1", "--iterations=1"},
      {"train", "--data=synthetic:5", "--augment=all"},
      {"train", "--data=synthetic:5", "--resume"},
      {"train", "--data=synthetic:5", "--checkpoint-every=5"},
      {"train", "--data=synthetic:5", "--set", "optimizer.lr"},
      {"train", "--data=synthetic:5", "--lr=-1"},
      {"train", "--data=synthetic:5", "--nonsense"},
      {"train", "--data=nonsense:5"},
      {"train", "--data=synthetic:5", "--normalize=x"},
      {"eval"},
      {"grad", "--data=synthetic:5"},
      {"info", "--epochs=1"},
  };
  for (const auto &arguments : wrong) {
    EXPECT_EQ(run(arguments), 2) << testing::PrintToString(arguments);
    EXPECT_TRUE(contains(err, "error: ")) << err;
    EXPECT_EQ(std::count(err.begin(), err.end(), '\n'), 1) << err;
  }
}

TEST_F(Executable, BadInputIsStatus1) {
  folder.write("junk", {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const std::vector<std::vector<std::string>> bad = {
      {"train", "--data=idx:" + file("none")},
      {"train", "--data=cifar10:" + folder.path()},
      {"train", "--data=npz:" + file("junk")},
      {"train", "--data=npz:" + file("none")},
      {"train", "--data=synthetic:5", "--init=" + file("junk")},
      {"train", "--data=synthetic:5", "--init=" + file("none")},
      {"train", "--data=synthetic:5", "--resume",
       "--checkpoint=" + file("junk")},
      {"train", "--data=synthetic:5", "--export=" + file("none/m.onnx")},
      {"train", "--data=synthetic:5", "--report=" + folder.path()},
      {"eval", "--data=synthetic:5", "--checkpoint=" + file("junk")},
      {"grad", "--data=synthetic:5", "--out=" + file("none/g.npz")},
  };
  for (const auto &arguments : bad) {
    EXPECT_EQ(run(arguments), 1) << testing::PrintToString(arguments);
    EXPECT_TRUE(contains(err, ": error: ")) << err;
    EXPECT_EQ(std::count(err.begin(), err.end(), '\n'), 1) << err;
  }
}

TEST_F(Executable, HelpAndInfo) {
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_TRUE(contains(out, "train"));
  EXPECT_EQ(run({"--version"}), 0);
  EXPECT_TRUE(contains(out, "."));
  EXPECT_EQ(run({"train", "--help"}), 0);
  for (const char *flag :
       {"--data", "--augment", "--normalize", "--epochs", "--iterations",
        "--lr", "--set", "--seed", "--threads", "--checkpoint",
        "--checkpoint-every", "--resume", "--init", "--export", "--report",
        "--log-dir"})
    EXPECT_TRUE(contains(out, flag)) << flag;
  EXPECT_EQ(run({"info", "--threads=1"}), 0);
  EXPECT_TRUE(contains(out, "linear.onnx"));
  EXPECT_TRUE(contains(out, "3x16"));
}
