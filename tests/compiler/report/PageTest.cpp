//===- PageTest.cpp - Reports as pages -----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/Page.h"

#include <gtest/gtest.h>

#include <limits>

using namespace frac::report;

static std::string getPage(const TrainingReport &report) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  writePage(stream, report);
  return text;
}

static size_t count(llvm::StringRef text, llvm::StringRef part) {
  return text.count(part);
}

/// Two epochs with losses and times alone.
static TrainingReport makePlain() {
  TrainingReport report;
  report.model = "m.onnx";
  report.policy = "none";
  for (int64_t number : {1, 2}) {
    Epoch epoch;
    epoch.number = number;
    epoch.trainLoss = 0.5;
    epoch.seconds = 2;
    report.epochs.push_back(epoch);
  }
  return report;
}

/// Two gated epochs with everything.
static TrainingReport makeGated() {
  TrainingReport report = makePlain();
  report.policy = "fractrain";
  report.symbols = {"c.activation", "c.weight", "c.error.2", "odd"};
  report.blocks = {"c"};
  report.candidates = {{0, 0}, {3, 6}};
  for (Epoch &epoch : report.epochs) {
    epoch.stage = epoch.number - 1;
    epoch.testAccuracy = 0.5;
    epoch.stepMilliseconds = epoch.learningRate = 1;
    epoch.targetCost = epoch.cost.total = 3;
    epoch.widths.assign(4, Widths{3, {{0, 0.25}, {4, 0.75}}});
    epoch.choices = {{0.25, 0.75}};
    epoch.macs = epoch.bitmacs = epoch.energyJoules = {1e12, 2e12, 3e12};
    epoch.acceleratorSeconds = 1;
  }
  return report;
}

TEST(Page, LeavesOutChartsAndSaysWhy) {
  std::string page = getPage(makePlain());
  // Loss and time.
  EXPECT_EQ(count(page, "<figure>"), 2u);
  for (const char *line :
       {"No chart of accuracy:", "No chart of the learning rate:",
        "No chart of widths: nothing was quantized (policy none).",
        "No chart of the choices of gates:", "No chart of cost and target:",
        "No chart of bit-MACs:", "No chart of energy by pass:",
        "No chart of the accelerator&#39;s time:",
        "No chart of the time of a step:"})
    EXPECT_EQ(count(page, line), 1u) << line;
}

TEST(Page, HasEveryChartOfAGatedRun) {
  std::string page = getPage(makeGated());
  EXPECT_EQ(count(page, "No chart of"), 0u);
  for (const char *title :
       {"Accuracy / %", "Loss", "Learning rate", "Widths of activations / bits",
        "Widths of weights / bits", "Widths of errors / bits",
        "Widths of other tensors / bits", "How often each width was used",
        "Choices of the gates", "Cost paid and target / % of float",
        "Bit-MACs an epoch / T", "Energy an epoch / TJ",
        "Time of the accelerator an epoch / s",
        "Time an epoch, with its evaluation / s", "Median time of a step / ms"})
    EXPECT_EQ(count(page, "<h3>" + std::string(title) + "</h3>"), 1u) << title;
  EXPECT_EQ(count(page, "<figure>"), 15u);
  // Each chart has words for who cannot see it, its numbers, and both stages.
  EXPECT_EQ(count(page, "<desc "), 15u);
  EXPECT_EQ(count(page, "<details>"), 15u);
  EXPECT_EQ(count(page, "class=\"stage\""), 30u);
}

TEST(Page, NeedsNothingElse) {
  std::string page = getPage(makeGated());
  EXPECT_EQ(count(page, "<script"), 0u);
  EXPECT_EQ(count(page, "src="), 0u);
  EXPECT_EQ(count(page, "href="), 0u);
  EXPECT_EQ(count(page, "@import"), 0u);
  // The one address is the name of a namespace.
  EXPECT_EQ(count(page, "://"), 1u);
  EXPECT_EQ(count(page, "http://www.w3.org/1999/xhtml"), 1u);
}

TEST(Page, EscapesEveryName) {
  const std::string evil = "<b onload=\"x\">&'";
  TrainingReport report = makeGated();
  for (std::string *text :
       {&report.model, &report.status, &report.policy, &report.optimizer,
        &report.schedule, &report.loss, &report.seed, &report.threads,
        &report.batch, &report.symbols[0], &report.symbols[3],
        &report.blocks[0]})
    *text = evil;
  report.symbols[0] += ".activation";
  EXPECT_EQ(count(getPage(report), "<b "), 0u);
  std::string comparison;
  llvm::raw_string_ostream stream(comparison);
  writeComparison(stream, {{evil, report}, {"b", makePlain()}});
  EXPECT_EQ(count(comparison, "<b "), 0u);
  EXPECT_GT(count(comparison, "&lt;b onload"), 0u);
}

TEST(Page, ShowsHugeNumbersInTablesAlone) {
  TrainingReport report = makeGated();
  double huge = std::numeric_limits<double>::max();
  report.epochs[1].trainLoss = -huge;
  report.epochs[1].bitmacs = {huge, huge, huge};
  report.totalBitmacs = huge;
  std::string page = getPage(report);
  EXPECT_EQ(count(page, "nan"), 0u);
  // The style sheet's licence has the word "information".
  EXPECT_EQ(count(page, "inf"), count(page, "information"));
  EXPECT_GT(count(page, "<data value=\"-1.7976931348623157e+308\">"), 0u);
}

TEST(Page, SaysThatNoEpochWasFinished) {
  TrainingReport report;
  EXPECT_EQ(count(getPage(report), "No charts: no epoch was finished."), 1u);
}

TEST(Page, ComparesOverLogarithmsWhereCostsDifferMuch) {
  TrainingReport cheap = makeGated(), dear = makeGated();
  for (Epoch &epoch : dear.epochs)
    epoch.bitmacs.forward = 1e15;
  std::string text;
  llvm::raw_string_ostream stream(text);
  writeComparison(stream, {{"cheap", cheap}, {"dear", dear}});
  EXPECT_EQ(count(text, "bit-MACs / P, logarithmic"), 1u);
  EXPECT_EQ(count(text, ", logarithmic"), 1u);
  EXPECT_EQ(count(text, "<figure>"), 5u);
}
