//===- ReportReaderTest.cpp - Reads the report of a run ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/ReportReader.h"

#include <gtest/gtest.h>

using namespace frac::report;

static TrainingReport parse(llvm::StringRef text) {
  llvm::Expected<TrainingReport> report = parseReport(text, "r.json");
  if (report)
    return std::move(*report);
  ADD_FAILURE() << llvm::toString(report.takeError());
  return {};
}

static std::string getError(llvm::StringRef text) {
  llvm::Expected<TrainingReport> report = parseReport(text, "r.json");
  return report ? "" : llvm::toString(report.takeError());
}

/// A report whose only epoch has `fields` besides its number.
static std::string withEpoch(const std::string &fields) {
  return R"({"candidates": [{"forward": 3, "backward": 6}, {}],
             "epochs": [{"epoch": 1, )" +
         fields + "}]}";
}

TEST(ReportReader, TakesWhatIsThere) {
  TrainingReport report = parse(R"({
    "model": "m.onnx", "seed": 18446744073709551615, "threads": 2,
    "recipe": {"precision": {"policy": "pfq"}},
    "candidates": [{"forward": 3, "backward": 6}],
    "epochs": [{"epoch": 4, "train_loss": 0.5, "test_accuracy": 0.25,
      "stage": 1, "target_cp": 3, "cp": {"total": 2.5},
      "precision": {"z": {"bits": 5, "histogram": {"4": 0.5, "6": 0.5}},
                    "a": {"bits": 8, "histogram": {}}},
      "blocks": {"b": {"choices": [1]}},
      "bitmacs": {"forward": 1, "error": null, "weight_gradient": 2},
      "something": "new"}],
    "totals": {"wall_seconds": 9}, "best_test_accuracy": 0.25})");
  EXPECT_EQ(report.seed, "18446744073709551615");
  EXPECT_EQ(report.policy, "pfq");
  // In the order of the file, not of the alphabet.
  EXPECT_EQ(report.symbols, (std::vector<std::string>{"z", "a"}));
  ASSERT_EQ(report.epochs.size(), 1u);
  const Epoch &epoch = report.epochs[0];
  EXPECT_EQ(epoch.number, 4);
  EXPECT_EQ(epoch.trainLoss, 0.5);
  EXPECT_FALSE(epoch.testLoss);
  EXPECT_EQ(epoch.stage, 1);
  EXPECT_EQ(epoch.targetCost, 3);
  EXPECT_EQ(epoch.cost.total, 2.5);
  EXPECT_EQ(epoch.widths[0].histogram.at(6), 0.5);
  EXPECT_EQ(epoch.choices, (std::vector<std::vector<double>>{{1}}));
  EXPECT_EQ(epoch.bitmacs.total(), 3);
  EXPECT_FALSE(epoch.energyJoules.total());
  EXPECT_EQ(report.wallSeconds, 9);
}

TEST(ReportReader, NamesThePlaceOfAnError) {
  EXPECT_EQ(getError("{\n  \"epochs\": [}"),
            "r.json: error: line 2, column 14: is not valid JSON; give a file "
            "that train --report has written");
  EXPECT_EQ(getError("{}"),
            "r.json: error: epochs: is missing; give a file that train "
            "--report has written");
  EXPECT_EQ(getError("[]"),
            "r.json: error: the file: is of type array, not object");
  EXPECT_EQ(getError(R"({"epochs": [{}]})"),
            "r.json: error: epochs[0].epoch: is missing");
  EXPECT_EQ(getError(R"({"epochs": [{"epoch": 2}, {"epoch": 2}]})"),
            "r.json: error: epochs[1].epoch: must be above that of the epoch "
            "before, 2");
  EXPECT_EQ(getError(withEpoch(R"("train_loss": "x")")),
            "r.json: error: epochs[0].train_loss: is of type string, not "
            "number");
  EXPECT_EQ(getError(withEpoch(R"("test_accuracy": 1.5)")),
            "r.json: error: epochs[0].test_accuracy: is 1.5, not between 0 and "
            "1");
  EXPECT_EQ(getError(withEpoch(R"("seconds": -1)")),
            "r.json: error: epochs[0].seconds: is -1.0, which must not be "
            "negative");
  EXPECT_EQ(getError(withEpoch(R"("stage": 18446744073709551615)")),
            "r.json: error: epochs[0].stage: must be a whole number from 0 to "
            "9007199254740992");
  EXPECT_EQ(getError(withEpoch(R"("train_loss": 1e999)")),
            "r.json: error: holds a number that is too large for a double");
  EXPECT_EQ(
      getError(withEpoch(R"("precision": {"s": {"histogram": {"x": 1}}})")),
      "r.json: error: epochs[0].precision.s.histogram.x: is no width of 0 to "
      "64 bits");
  EXPECT_EQ(getError(withEpoch(R"("blocks": {"b": {"choices": [1]}})")),
            "r.json: error: epochs[0].blocks.b.choices: has 1 entries for 2 "
            "candidates");
}

TEST(ReportReader, SymbolsStayTheSame) {
  EXPECT_EQ(getError(R"({"epochs": [{"epoch": 1, "precision": {"a": {}}},
                                    {"epoch": 2, "precision": {"b": {}}}]})"),
            "r.json: error: epochs[1].precision.a: is missing, though an "
            "earlier epoch has it");
  EXPECT_EQ(
      getError(R"({"epochs": [{"epoch": 1, "precision": {"a": {}}},
                              {"epoch": 2, "precision": {"a": {}, "b": {}}}]})"),
      "r.json: error: epochs[1].precision: has other names than in an earlier "
      "epoch");
  // An epoch that knows of no widths is no contradiction.
  EXPECT_EQ(getError(R"({"epochs": [{"epoch": 1, "precision": {"a": {}}},
                                    {"epoch": 2}]})"),
            "");
}

TEST(ReportReader, RefusesWhatIsTooDeepOrTooWide) {
  std::string deep(100000, '[');
  EXPECT_EQ(getError(deep + std::string(100000, ']')),
            "r.json: error: the file: is nested deeper than 32 levels");
  std::string wide = "{";
  for (int i = 0; i < 5000; ++i)
    wide += "\"" + std::to_string(i) + "\": 0,";
  EXPECT_EQ(getError(wide + "\"x\": 0}"),
            "r.json: error: the file: has an object of more than 2048 members");
  std::string many = R"({"epochs": [)";
  for (int i = 0; i < 10000; ++i)
    many += "{},";
  EXPECT_EQ(
      getError(many + "{}]}"),
      "r.json: error: epochs: has 10001 entries; at most 10000 are drawn");
}

TEST(ReportReader, MessagesStayOneLine) {
  std::string error =
      getError(withEpoch(R"("precision": {"a\nb": {"bits": 99}})"));
  EXPECT_EQ(error, "r.json: error: epochs[0].precision.a?b.bits: is 99.0, not "
                   "between 0 and 64");
}

TEST(ReportReader, EveryPrefixOfAReportIsAnError) {
  const std::string text =
      withEpoch(R"("precision": {"s": {"bits": 4, "histogram": {"4": 1}}})");
  EXPECT_EQ(getError(text), "");
  for (size_t size = 0; size < text.size(); ++size)
    EXPECT_NE(getError(llvm::StringRef(text).take_front(size)), "") << size;
}
