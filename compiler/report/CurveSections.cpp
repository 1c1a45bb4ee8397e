//===- CurveSections.cpp - Charts of learning and of costs ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/BarChart.h"
#include "compiler/report/EpochCurves.h"
#include "compiler/report/Markup.h"
#include "compiler/report/Palette.h"
#include "compiler/report/Sections.h"

using namespace llvm;
using namespace frac;
using namespace frac::report;

void report::writeAbsence(PageStream &page, StringRef chart, StringRef reason) {
  page.os << "<p class=\"absent\">No chart of " << escape(chart) << ": "
          << escape(reason) << ".</p>\n";
}

void report::writeLearning(PageStream &page, const TrainingReport &report,
                           const Timeline &timeline) {
  page.os << "<section><h2>Learning</h2>\n<div class=\"charts\">\n";
  LineChart accuracy = makeCurves(
      report, timeline, "Accuracy / %",
      {{"test", [](const Epoch &epoch) { return epoch.testAccuracy; }, 0,
        false},
       {"train", [](const Epoch &epoch) { return epoch.trainAccuracy; }, 1,
        true}},
      percentText);
  accuracy.verticalFactor = 0.01;
  writeCurves(page, accuracy, "accuracy",
              "the report has none, as for losses without classes");
  LineChart loss = makeCurves(
      report, timeline, "Loss",
      {{"test", [](const Epoch &epoch) { return epoch.testLoss; }, 0, false},
       {"train", [](const Epoch &epoch) { return epoch.trainLoss; }, 1, true}},
      formatPlain);
  writeCurves(page, loss, "loss", "the report has none");
  LineChart rate = makeCurves(
      report, timeline, "Learning rate",
      {{"of the epoch's last step",
        [](const Epoch &epoch) { return epoch.learningRate; }, 2, false}},
      formatPlain);
  rate.beginsAtZero = true;
  writeCurves(page, rate, "the learning rate", "the report has none");
  page.os << "</div>\n</section>\n";
}

/// A stacked chart of the three products.
static BarChart makePassBars(const Timeline &timeline, StringRef title,
                             StringRef unit,
                             const std::function<Passes(const Epoch &)> &get,
                             std::string (*format)(double)) {
  BarChart chart;
  chart.caption.title = title.str();
  chart.timeline = &timeline;
  chart.unit = unit.str();
  chart.format = format;
  if (timeline.getEpochsPerColumn() > 1)
    chart.caption.note = "A bar is the mean of up to " +
                         std::to_string(timeline.getEpochsPerColumn()) +
                         " epochs.";
  auto add = [&](StringRef name, int color, Number Passes::*member) {
    chart.parts.push_back({name.str(), getSeriesColor(color),
                           timeline.average([&](const Epoch &epoch) {
                             return get(epoch).*member;
                           })});
  };
  add("forward", 0, &Passes::forward);
  add("error", 3, &Passes::error);
  add("weight gradient", 4, &Passes::weightGradient);
  chart.caption.description = "A bar for each epoch, of the parts forward, "
                              "error and weight gradient from the bottom up.";
  return chart;
}

static BarChart makeBars(const Timeline &timeline, StringRef title,
                         StringRef name, StringRef unit, int color,
                         const std::function<Number(const Epoch &)> &getNumber,
                         std::string (*format)(double)) {
  BarChart chart;
  chart.caption.title = title.str();
  chart.caption.description = "A bar for each epoch.";
  chart.timeline = &timeline;
  chart.unit = unit.str();
  chart.format = format;
  chart.parts.push_back(
      {name.str(), getSeriesColor(color), timeline.average(getNumber)});
  return chart;
}

static void writeBars(PageStream &page, const BarChart &chart, StringRef name,
                      StringRef reason) {
  if (hasBars(chart))
    writeBarChart(page, chart);
  else
    writeAbsence(page, name, reason);
}

static std::string formatJoules(double number) {
  return prefixedText(number, "J");
}

static std::string formatSeconds(double number) {
  return shortText(number) + " s";
}

static std::string formatMilliseconds(double number) {
  return shortText(number) + " ms";
}

void report::writeCounted(PageStream &page, const TrainingReport &report,
                          const Timeline &timeline) {
  page.os << "<section class=\"counted\"><h2>Counted costs</h2>\n"
             "<p>Computed from the widths in use. A bit-MAC is a "
             "multiply-accumulate that weighs bits/32 \xC3\x97 bits/32 of its "
             "two operands. Energy and time are those of the accelerator that "
             "the cost model stands for, not of this machine.</p>\n"
             "<div class=\"charts\">\n";
  writeBars(page,
            makePassBars(
                timeline, "Bit-MACs an epoch", "",
                [](const Epoch &epoch) { return epoch.bitmacs; },
                formatPrefixed),
            "bit-MACs", "the report has none");
  writeBars(page,
            makePassBars(
                timeline, "Energy an epoch", "J",
                [](const Epoch &epoch) { return epoch.energyJoules; },
                formatJoules),
            "energy by pass",
            "the report has no estimate of it, as those of programs without "
            "the energy meter");
  writeBars(page,
            makeBars(
                timeline, "Time of the accelerator an epoch", "accelerator",
                "s", 5,
                [](const Epoch &epoch) { return epoch.acceleratorSeconds; },
                formatSeconds),
            "the accelerator's time", "the report has no estimate of it");
  page.os << "</div>\n</section>\n";
}

void report::writeMeasured(PageStream &page, const TrainingReport &report,
                           const Timeline &timeline) {
  page.os << "<section class=\"measured\"><h2>Measured times</h2>\n"
             "<p>By the clock of the machine that trained; other work on it "
             "counts as well.</p>\n<div class=\"charts\">\n";
  writeBars(page,
            makeBars(
                timeline, "Time an epoch, with its evaluation", "wall", "s", 7,
                [](const Epoch &epoch) { return epoch.seconds; },
                formatSeconds),
            "time", "the report has none");
  LineChart steps = makeCurves(
      report, timeline, "Median time of a step / ms",
      {{"step", [](const Epoch &epoch) { return epoch.stepMilliseconds; }, 7,
        false}},
      formatMilliseconds);
  steps.beginsAtZero = true;
  writeCurves(page, steps, "the time of a step", "the report has none");
  page.os << "</div>\n</section>\n";
}
