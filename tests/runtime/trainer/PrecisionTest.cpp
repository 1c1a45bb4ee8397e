//===- PrecisionTest.cpp - Widths from the recipe to the report -----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/Checkpoint.h"
#include "runtime/precision/PrecisionPolicy.h"
#include "runtime/support/Checksum.h"
#include "tests/runtime/support/ErrorText.h"
#include "tests/runtime/support/Mutate.h"
#include "tests/runtime/trainer/Executable.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace frac;
using namespace frac::test;
using Json = nlohmann::json;
using Widths = std::vector<int32_t>;

namespace {
LinearShape quantized() {
  LinearShape shape;
  shape.quantized = true;
  return shape;
}

/// The program with symbols; 50 samples make 7 steps an epoch.
class QuantizedExecutable : public Executable {
protected:
  QuantizedExecutable() : Executable(quantized()) {}

  /// Trains with `--set precision.` before each setting.
  int trainWith(const std::vector<std::string> &settings,
                std::vector<std::string> flags) {
    for (const std::string &setting : settings) {
      flags.push_back("--set");
      flags.push_back("precision." + setting);
    }
    return train(flags);
  }

  const std::vector<std::string> pfq = {"policy=pfq", "forward=[3,4,6,8]",
                                        "backward=[6,6,8,16]",
                                        "pfq.epsilon=1e9", "pfq.alpha=1"};
  const std::vector<std::string> cpt = {"policy=cpt", "forward=[3,8]",
                                        "cpt.cycles=2"};
};
} // namespace

TEST_F(QuantizedExecutable, StaticWidthsArriveAndAreReported) {
  ASSERT_EQ(trainWith({"forward=4", "backward=6"},
                      {"--epochs=2", "--report=" + file("r.json")}),
            0)
      << err;
  EXPECT_EQ(stepWidths, std::vector<Widths>(14, {4, 4, 6, 16}));
  EXPECT_EQ(evalWidths, std::vector<Widths>(4, {4, 4, 6, 16}));
  EXPECT_TRUE(contains(out, "ms/step  fw 4 bw 6\n")) << out;
  Json report = json("r.json");
  EXPECT_EQ(report["recipe"]["precision"]["forward"], 4);
  const Json &epoch = report["epochs"][1];
  EXPECT_EQ(epoch["stage"], 0);
  EXPECT_TRUE(epoch["target_cp"].is_null());
  EXPECT_EQ(epoch["precision"], Json::parse(R"({
              "linear.activation": {"bits": 4.0, "histogram": {"4": 1.0}},
              "linear.weight": {"bits": 4.0, "histogram": {"4": 1.0}},
              "linear.error": {"bits": 6.0, "histogram": {"6": 1.0}},
              "fixed.error": {"bits": 16.0, "histogram": {"16": 1.0}}})"));
  EXPECT_EQ(epoch["macs"]["weight_gradient"], 2 * 48 * 50);
  double samples = 50 * 48;
  EXPECT_DOUBLE_EQ(epoch["bitmacs"]["forward"], samples * 4 * 4 / 1024);
  EXPECT_EQ(epoch["bitmacs"]["error"], 0);
  EXPECT_DOUBLE_EQ(epoch["bitmacs"]["weight_gradient"],
                   samples * 4 * 6 / 1024 + samples * 16 / 32);
  EXPECT_DOUBLE_EQ(report["totals"]["bitmacs"],
                   2 * samples * (4 * 4 + 4 * 6 + 16 * 32) / 1024);
}

TEST_F(QuantizedExecutable, WeightsAndEvaluationHaveWidthsOfTheirOwn) {
  ASSERT_EQ(trainWith({"forward=4", "weight=6", "eval=5"}, {"--epochs=1"}), 0)
      << err;
  EXPECT_EQ(stepWidths[0], (Widths{4, 6, 8, 16}));
  EXPECT_EQ(evalWidths[0], (Widths{5, 5, 8, 16}));
  EXPECT_TRUE(contains(out, "fw 4 w 6 bw 8")) << out;
}

TEST_F(QuantizedExecutable, PfqFollowsTheLossesOfItsReport) {
  std::vector<std::string> settings = pfq;
  settings[3] = "pfq.epsilon=0.3";
  ASSERT_EQ(trainWith(settings, {"--epochs=25", "--report=" + file("r.json")}),
            0)
      << err;
  PrecisionSettings same;
  same.policy = "pfq";
  same.forward = {3, 4, 6, 8};
  same.backward = {6, 6, 8, 16};
  same.own["pfq.epsilon"] = 0.3;
  same.own["pfq.alpha"] = 1;
  auto controller = findPrecisionPolicy("pfq")->make(same);
  Json report = json("r.json");
  for (size_t epoch = 0; epoch < 25; ++epoch) {
    const Json &record = report["epochs"][epoch];
    EXPECT_EQ(record["stage"], controller->stage()) << epoch;
    RoleWidths expected = controller->widthsAt(0, 1);
    Widths widths = {expected.activation, expected.weight, expected.error, 16};
    for (size_t step = 7 * epoch; step < 7 * epoch + 7; ++step)
      EXPECT_EQ(stepWidths[step], widths) << step;
    // An evaluation of 10 samples takes two batches.
    EXPECT_EQ(evalWidths[2 * epoch], widths);
    EXPECT_EQ(record["precision"]["linear.activation"]["bits"],
              expected.activation);
    EXPECT_EQ(record["observed_losses"], Json({record["train_loss"]}));
    controller->observe(record["train_loss"]);
  }
  EXPECT_GT(controller->stage(), 0);
}

TEST_F(QuantizedExecutable, IntervalsOfIterations) {
  std::vector<std::string> settings = pfq;
  settings.push_back("interval=3");
  settings.push_back("pfq.window=2");
  ASSERT_EQ(trainWith(settings, {"--epochs=3", "--report=" + file("r.json")}),
            0)
      << err;
  // The indicator sees a loss after steps 3, 6, ... and moves on at every
  // second one.
  for (size_t step = 0; step < 21; ++step) {
    const int forward[] = {3, 4, 6, 8};
    EXPECT_EQ(stepWidths[step][0], forward[std::min<size_t>(3, step / 6)])
        << step;
  }
  Json report = json("r.json");
  EXPECT_EQ(report["epochs"][0]["observed_losses"].size(), 2u);
  EXPECT_EQ(report["epochs"][1]["observed_losses"].size(), 2u);
  EXPECT_EQ(report["epochs"][2]["observed_losses"].size(), 3u);
  EXPECT_EQ(report["epochs"][0]["stage"], 1);
  const Json &mixed = report["epochs"][0]["precision"]["linear.weight"];
  EXPECT_DOUBLE_EQ(mixed["bits"], (6 * 3 + 4) / 7.0);
  EXPECT_DOUBLE_EQ(mixed["histogram"]["3"], 6 / 7.0);
  EXPECT_DOUBLE_EQ(mixed["histogram"]["4"], 1 / 7.0);
  EXPECT_TRUE(contains(out, "fw 3-4 bw 6\n")) << out;
}

TEST_F(QuantizedExecutable, CptCyclesAndEvaluatesAtTheLargest) {
  ASSERT_EQ(trainWith(cpt, {"--epochs=4"}), 0) << err;
  PrecisionSettings same;
  same.policy = "cpt";
  same.forward = {3, 8};
  same.own["cpt.cycles"] = 2;
  auto controller = findPrecisionPolicy("cpt")->make(same);
  for (int64_t step = 0; step < 28; ++step) {
    RoleWidths widths = controller->widthsAt(step, 28);
    EXPECT_EQ(stepWidths[static_cast<size_t>(step)],
              (Widths{widths.activation, widths.weight, 8, 16}))
        << step;
  }
  EXPECT_EQ(stepWidths[14][0], 3);
  EXPECT_EQ(evalWidths, std::vector<Widths>(8, {8, 8, 8, 16}));
}

TEST_F(QuantizedExecutable, ResumedEqualsUninterrupted) {
  std::vector<std::string> everyEpoch = pfq;
  everyEpoch.push_back("pfq.window=2");
  std::vector<std::string> byInterval = everyEpoch;
  byInterval.push_back("interval=2");
  for (const auto &settings : {everyEpoch, byInterval, cpt}) {
    ASSERT_EQ(trainWith(settings, {"--iterations=24", "--report=" + file("w"),
                                   "--export=" + file("whole")}),
              0)
        << err;
    Json whole = json("w");
    for (int stop = 1; stop <= 24; ++stop) {
      std::filesystem::remove(file("c"));
      interruptAtIteration = stop - 1;
      int status =
          trainWith(settings, {"--iterations=24", "--checkpoint=" + file("c")});
      ASSERT_TRUE(status == 130 || stop == 24) << err;
      interruptAtIteration = -1;
      stepWidths.clear();
      ASSERT_EQ(
          trainWith(settings,
                    {"--iterations=24", "--checkpoint=" + file("c"), "--resume",
                     "--report=" + file("r"), "--export=" + file("resumed")}),
          0)
          << err;
      ASSERT_EQ(folder.read("whole"), folder.read("resumed")) << stop;
      Json resumed = json("r");
      ASSERT_EQ(whole["epochs"].size(), resumed["epochs"].size()) << stop;
      for (size_t i = 0; i < whole["epochs"].size(); ++i)
        for (const char *key : {"train_loss", "test_loss", "stage", "precision",
                                "bitmacs", "observed_losses"})
          EXPECT_EQ(whole["epochs"][i][key], resumed["epochs"][i][key])
              << stop << " " << key;
      EXPECT_EQ(whole["totals"]["bitmacs"], resumed["totals"]["bitmacs"]);
    }
  }
}

TEST_F(QuantizedExecutable, ResumeRefusesAnotherPolicy) {
  ASSERT_EQ(trainWith(pfq, {"--epochs=11", "--checkpoint=" + file("c")}), 0);
  std::vector<unsigned char> before = folder.read("c");
  EXPECT_EQ(
      trainWith({}, {"--epochs=12", "--resume", "--checkpoint=" + file("c")}),
      1);
  EXPECT_EQ(err, file("c") +
                     ": error: was written with precision.policy=pfq, not with "
                     "static; resume with the same --set, or start again "
                     "without --resume\n");
  // The indicator has turned twice, lists of two stages allow for once.
  EXPECT_EQ(trainWith({"policy=pfq", "forward=[3,8]"},
                      {"--epochs=12", "--resume", "--checkpoint=" + file("c")}),
            1);
  EXPECT_TRUE(contains(err, "holds a state of precision that the recipe's does "
                            "not fit"))
      << err;
  EXPECT_EQ(folder.read("c"), before);
}

TEST_F(QuantizedExecutable, DamageBehindAGoodChecksumDoesNoHarm) {
  std::vector<std::string> settings = pfq;
  settings.push_back("interval=2");
  ASSERT_EQ(
      trainWith(settings, {"--iterations=5", "--checkpoint=" + file("c")}), 0);
  std::vector<unsigned char> good = folder.read("c");
  for (uint32_t i = 0; i < 400; ++i) {
    std::vector<unsigned char> body(good.begin(), good.end() - 4);
    body = mutated(body, i);
    uint32_t crc = crc32c(body.data(), body.size());
    const auto *crcBytes = reinterpret_cast<const unsigned char *>(&crc);
    body.insert(body.end(), crcBytes, crcBytes + 4);
    folder.write("c", body);
    stepWidths.clear();
    int status = trainWith(
        settings, {"--iterations=6", "--resume", "--checkpoint=" + file("c")});
    EXPECT_TRUE(status == 0 || status == 1 || status == 3) << err;
    evalWidths.clear();
    status = run({"eval", "--data=synthetic:50", "--threads=1",
                  "--checkpoint=" + file("c")});
    EXPECT_TRUE(status == 0 || status == 1) << err;
    for (const auto *all : {&stepWidths, &evalWidths})
      for (const Widths &widths : *all)
        for (int32_t bits : widths)
          ASSERT_TRUE(bits >= 2 && bits <= 16) << i;
  }
}

TEST_F(QuantizedExecutable, EvaluatesACheckpointAsTrainingDid) {
  ASSERT_EQ(trainWith(pfq, {"--epochs=5", "--checkpoint=" + file("c"),
                            "--report=" + file("r.json")}),
            0);
  auto eval = [&](std::vector<std::string> flags) {
    evalWidths.clear();
    flags.insert(flags.begin(), {"eval", "--data=synthetic:50", "--seed=3",
                                 "--threads=1", "--report=" + file("e.json")});
    EXPECT_EQ(run(flags), 0) << err;
    return evalWidths.empty() ? Widths() : evalWidths[0];
  };
  // A stage began after the last epoch, but was never trained in.
  EXPECT_EQ(eval({"--checkpoint=" + file("c")}), (Widths{3, 3, 6, 16}));
  EXPECT_TRUE(contains(out, "  bits 3  ")) << out;
  EXPECT_EQ(json("e.json")["test_loss"],
            json("r.json")["epochs"][4]["test_loss"]);
  EXPECT_EQ(json("e.json")["bits"], Json({{"activation", 3}, {"weight", 3}}));
  EXPECT_EQ(eval({"--checkpoint=" + file("c"), "--set", "precision.eval=5"}),
            (Widths{5, 5, 8, 16}));
  // Without a checkpoint: what the policy ends with.
  EXPECT_EQ(eval({}), (Widths{8, 8, 8, 16}));
  EXPECT_EQ(eval({"--set", "precision.policy=pfq", "--set",
                  "precision.forward=[3,6]"}),
            (Widths{6, 6, 8, 16}));
  ASSERT_EQ(trainWith(cpt, {"--epochs=1", "--checkpoint=" + file("d")}), 0);
  EXPECT_EQ(eval({"--checkpoint=" + file("d")}), (Widths{8, 8, 8, 16}));
}

TEST_F(QuantizedExecutable, GradientsHaveTheFirstStage) {
  auto grad = [&](const std::vector<std::string> &settings) {
    std::vector<std::string> flags = {"grad", "--data=synthetic:50",
                                      "--out=" + file("g.npz")};
    for (const std::string &setting : settings) {
      flags.push_back("--set");
      flags.push_back("precision." + setting);
    }
    EXPECT_EQ(run(flags), 0) << err;
    return gradWidths.back();
  };
  EXPECT_EQ(grad({}), (Widths{8, 8, 8, 16}));
  EXPECT_EQ(grad({"forward=6", "backward=12"}), (Widths{6, 6, 12, 16}));
  EXPECT_EQ(grad(pfq), (Widths{3, 3, 6, 16}));
  EXPECT_EQ(grad(cpt), (Widths{3, 3, 8, 16}));
}

TEST_F(QuantizedExecutable, WrongPrecisionIsOneLineAndStatus2) {
  const std::vector<std::vector<std::string>> wrong = {
      {"forward=12"},
      {"forward=[3,4]"},
      {"policy=pfq"},
      {"policy=none"},
      {"momentum=0.5"},
      {"backward=many"},
      {"policy=cpt", "forward=[8,3]"}};
  for (const auto &settings : wrong) {
    EXPECT_EQ(trainWith(settings, {"--epochs=1"}), 2);
    EXPECT_EQ(std::count(err.begin(), err.end(), '\n'), 1) << err;
    EXPECT_TRUE(contains(err, ": error: ")) << err;
  }
  EXPECT_TRUE(stepWidths.empty());
}

TEST_F(QuantizedExecutable, InfoShowsSymbolsAndOperands) {
  ASSERT_EQ(run({"info", "--threads=1"}), 0) << err;
  EXPECT_TRUE(contains(out, "policy static, forward 8, backward 8, weight as "
                            "forward, eval as the policy has it"))
      << out;
  EXPECT_TRUE(contains(out, "linear.activation x linear.weight")) << out;
  EXPECT_TRUE(contains(out, "float x fixed.error")) << out;
  EXPECT_TRUE(contains(out, "16, fixed by the method")) << out;
  std::vector<std::string> flags = {"info", "--threads=1"};
  for (const std::string &setting : pfq) {
    flags.push_back("--set");
    flags.push_back("precision." + setting);
  }
  ASSERT_EQ(run(flags), 0) << err;
  EXPECT_TRUE(contains(out, "3           3, 4, 6, 8\n")) << out;
  EXPECT_TRUE(contains(out, "6           6, 8, 16\n")) << out;
}

TEST_F(QuantizedExecutable, RangeTestTriesEveryWidth) {
  ASSERT_EQ(train({"--range-test", "--iterations=9"}), 0) << err;
  ASSERT_EQ(stepWidths.size(), 7 * 9u);
  for (size_t step = 0; step < stepWidths.size(); ++step) {
    auto bits = static_cast<int32_t>(2 + step / 9);
    EXPECT_EQ(stepWidths[step], (Widths{bits, bits, 8, 16})) << step;
  }
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 9) << out;
  EXPECT_TRUE(contains(out, "\nsmallest width: 2, ")) << out;
  EXPECT_TRUE(contains(out, "precision.forward = [2, 8]")) << out;
  EXPECT_EQ(train({"--range-test", "--range-test-max=9"}), 2);
  EXPECT_EQ(err, "--range-test-max=9: error: 'linear.activation' was compiled "
                 "for at most 8 bits; give that\n");
  EXPECT_EQ(train({"--range-test", "--report=" + file("r.json")}), 2);
  EXPECT_TRUE(contains(err, "--report: error: --range-test writes no files"));
  divergeAtIteration = 3;
  EXPECT_EQ(train({"--range-test"}), 3);
  divergeAtIteration = -1;
  interruptAtIteration = 3;
  EXPECT_EQ(train({"--range-test"}), 130);
}

TEST_F(Executable, RangeTestNeedsQuantizedOperands) {
  EXPECT_EQ(train({"--range-test"}), 2);
  EXPECT_TRUE(contains(err, "--range-test: error: the program was compiled to "
                            "compute in float"));
}

TEST_F(QuantizedExecutable, EventsHaveWidthsAndCost) {
  ASSERT_EQ(trainWith({}, {"--epochs=1", "--log-every=1",
                           "--log-dir=" + file("logs")}),
            0)
      << err;
  std::string events;
  for (const auto &entry : std::filesystem::directory_iterator(file("logs"))) {
    std::ifstream stream(entry.path(), std::ios::binary);
    events.append(std::istreambuf_iterator<char>(stream), {});
  }
  for (const char *name :
       {"step/bits_activation", "step/bits_weight", "step/bits_error",
        "bits/linear.error", "precision/stage", "bitmacs/forward",
        "bitmacs/weight_gradient"})
    EXPECT_TRUE(contains(events, name)) << name;
}
