//===- Overview.cpp - The head of a run's page ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/Markup.h"
#include "compiler/report/Sections.h"

using namespace llvm;
using namespace frac;
using namespace frac::report;

/// Longer texts do not help a reader; the file has them.
static constexpr size_t maxShown = 120;

std::string report::formatPlain(double number) { return shortText(number); }

std::string report::formatPrefixed(double number) {
  return prefixedText(number);
}

size_t report::findBestEpoch(const TrainingReport &report) {
  size_t best = report.epochs.size();
  for (size_t i = 0; i < report.epochs.size(); ++i) {
    Number accuracy = report.epochs[i].testAccuracy;
    if (accuracy && (best == report.epochs.size() ||
                     *accuracy > *report.epochs[best].testAccuracy))
      best = i;
  }
  return best;
}

Number
report::sumEpochs(const TrainingReport &report, size_t end,
                  const std::function<Number(const Epoch &)> &getNumber) {
  if (end == 0)
    return std::nullopt;
  double sum = 0;
  for (size_t i = 0; i < end; ++i) {
    Number number = getNumber(report.epochs[i]);
    if (!number)
      return std::nullopt;
    sum += *number;
  }
  return makeNumber(sum);
}

static void writeEntry(PageStream &page, StringRef name, StringRef value) {
  if (!value.empty())
    page.os << "<div><dt>" << escape(name) << "</dt><dd>"
            << escape(keepBegin(value, maxShown)) << "</dd></div>\n";
}

/// The same of a number, whose exact value is in the mark-up.
static void writeEntry(PageStream &page, StringRef name, Number value,
                       StringRef shown) {
  if (value)
    page.os << "<div><dt>" << escape(name) << "</dt><dd><data value=\""
            << exactText(*value) << "\">" << escape(shown)
            << "</data></dd></div>\n";
}

static void writeEntry(PageStream &page, StringRef name, Number value,
                       std::string (*format)(double)) {
  writeEntry(page, name, value, value ? format(*value) : "");
}

/// "1.2 T, 1/16 of float".
static std::string describeBitmacs(double bitmacs, Number macs) {
  std::string text = prefixedText(bitmacs);
  if (macs && bitmacs > 0 && *macs > bitmacs * 1.0005)
    text += ", 1/" + shortText(*macs / bitmacs, 3) + " of float";
  return text;
}

static std::string formatJoules(double number) {
  return prefixedText(number, "J");
}

static void writeCountedTotals(PageStream &page, const TrainingReport &report) {
  size_t count = report.epochs.size();
  auto getMacs = [](const Epoch &epoch) { return epoch.macs.total(); };
  auto getBitmacs = [](const Epoch &epoch) { return epoch.bitmacs.total(); };
  auto getEnergy = [](const Epoch &epoch) {
    return epoch.energyJoules.total();
  };
  page.os << "<section class=\"totals counted\"><h2>Counted</h2>\n<p>From the "
             "widths that were used, by a model of the work; nothing here was "
             "timed.</p>\n<dl>\n";
  Number macs = sumEpochs(report, count, getMacs);
  writeEntry(page, "MACs", macs, formatPrefixed);
  if (report.totalBitmacs)
    writeEntry(page, "bit-MACs", report.totalBitmacs,
               describeBitmacs(*report.totalBitmacs, macs));
  size_t best = findBestEpoch(report);
  if (best + 1 < count) {
    Number toBest = sumEpochs(report, best + 1, getBitmacs);
    writeEntry(page, "bit-MACs to the best accuracy", toBest, formatPrefixed);
  }
  writeEntry(page, "energy of the accelerator", report.totalEnergyJoules,
             formatJoules);
  if (report.totalEnergyJoules && best + 1 < count)
    writeEntry(page, "energy to the best accuracy",
               sumEpochs(report, best + 1, getEnergy), formatJoules);
  writeEntry(page, "time of the accelerator", report.totalAcceleratorSeconds,
             durationText);
  page.os << "</dl>\n";
  if (!report.totalEnergyJoules)
    page.os << "<p>No energy: the report has no estimate of it.</p>\n";
  page.os << "</section>\n";
}

static void writeMeasuredTotals(PageStream &page,
                                const TrainingReport &report) {
  page.os << "<section class=\"totals measured\"><h2>Measured</h2>\n<p>On the "
             "machine that trained, by its clock.</p>\n<dl>\n";
  writeEntry(page, "wall time", report.wallSeconds, durationText);
  Number seconds = sumEpochs(report, report.epochs.size(),
                             [](const Epoch &epoch) { return epoch.seconds; });
  if (seconds)
    writeEntry(page, "an epoch, in the mean",
               *seconds / static_cast<double>(report.epochs.size()),
               durationText);
  writeEntry(page, "memory at its peak", report.peakBytes, bytesText);
  page.os << "</dl>\n</section>\n";
}

/// "stage 0 from epoch 1, stage 1 from epoch 7".
static std::string describeStages(const TrainingReport &report,
                                  const Timeline &timeline) {
  constexpr size_t mostNamed = 12;
  const std::vector<StageBegin> &stages = timeline.getStages();
  std::string text;
  for (size_t i = 0; i < stages.size() && i < mostNamed; ++i)
    text += (text.empty() ? "stage " : ", stage ") +
            std::to_string(stages[i].stage) + " from epoch " +
            std::to_string(report.epochs[stages[i].epoch].number);
  return stages.size() > mostNamed ? text + " and more" : text;
}

void report::writeOverview(PageStream &page, const TrainingReport &report,
                           const Timeline &timeline) {
  page.os << "<header>\n<p class=\"kind\">Training report</p>\n<h1>"
          << escape(report.model.empty() ? "a model without a name"
                                         : keepBegin(report.model, maxShown))
          << "</h1>\n<dl class=\"facts\">\n";
  size_t best = findBestEpoch(report);
  writeEntry(page, "best test accuracy", report.bestTestAccuracy, percentText);
  if (report.bestTestAccuracy && best < report.epochs.size())
    writeEntry(page, "at epoch", std::to_string(report.epochs[best].number));
  writeEntry(page, "precision policy", report.policy);
  writeEntry(page, "epochs", std::to_string(report.epochs.size()));
  writeEntry(page, "status", report.status);
  writeEntry(page, "batch", report.batch);
  writeEntry(page, "seed", report.seed);
  writeEntry(page, "threads", report.threads);
  writeEntry(page, "loss", report.loss);
  writeEntry(page, "optimizer", report.optimizer);
  writeEntry(page, "learning rate", report.schedule);
  page.os << "</dl>\n";
  if (std::string stages = describeStages(report, timeline); !stages.empty())
    page.os << "<p class=\"stages\">Stages of the policy, as epochs ended: "
            << escape(stages) << ". Charts mark each with a dashed line.</p>\n";
  page.os << "</header>\n<div class=\"pair\">\n";
  writeCountedTotals(page, report);
  writeMeasuredTotals(page, report);
  page.os << "</div>\n";
}
