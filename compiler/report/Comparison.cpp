//===- Comparison.cpp - Several runs on one page --------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/LineChart.h"
#include "compiler/report/Markup.h"
#include "compiler/report/Page.h"
#include "compiler/report/Palette.h"
#include "compiler/report/Sections.h"

#include <algorithm>

using namespace llvm;
using namespace frac;
using namespace frac::report;

static constexpr size_t maxShown = 60;

static void writeCell(raw_ostream &os, Number number,
                      std::string (*format)(double)) {
  os << "<td>";
  if (number)
    os << "<data value=\"" << exactText(*number) << "\">"
       << escape(format(*number)) << "</data>";
  else
    os << "\xE2\x80\x93";
  os << "</td>";
}

static std::string formatJoules(double number) {
  return prefixedText(number, "J");
}

static void writeRuns(raw_ostream &os, ArrayRef<NamedReport> runs) {
  os << "<div class=\"scroll\" tabindex=\"0\">\n<table class=\"runs\">\n"
        "<caption>Counted: bit-MACs, energy and the accelerator's time, from "
        "the widths that were used. Measured: wall time.</caption>\n"
        "<thead><tr>";
  for (StringRef column :
       {"run", "model", "policy", "batch", "seed", "threads", "epochs",
        "best test accuracy", "bit-MACs (counted)", "energy (counted)",
        "accelerator (counted)", "wall time (measured)"})
    os << "<th scope=\"col\">" << column << "</th>";
  os << "</tr></thead>\n<tbody>\n";
  for (const NamedReport &run : runs) {
    const TrainingReport &report = run.report;
    os << "<tr><th scope=\"row\">" << escape(keepEnd(run.name, maxShown))
       << "</th>";
    for (const std::string &text :
         {report.model, report.policy, report.batch, report.seed,
          report.threads, std::to_string(report.epochs.size())})
      os << "<td>" << escape(keepEnd(text, maxShown)) << "</td>";
    writeCell(os, report.bestTestAccuracy, percentText);
    writeCell(os, report.totalBitmacs, formatPrefixed);
    writeCell(os, report.totalEnergyJoules, formatJoules);
    writeCell(os, report.totalAcceleratorSeconds, durationText);
    writeCell(os, report.wallSeconds, durationText);
    os << "</tr>\n";
  }
  os << "</tbody>\n</table>\n</div>\n";
}

/// Whether runs differ so much in what they cost in the end that one axis shows
/// them all only by logarithms.
static bool doEndsDiffer(ArrayRef<Curve> curves) {
  constexpr double manifold = 5;
  Extent ends;
  for (const Curve &curve : curves)
    if (!curve.points.empty() && curve.points.back().x.value_or(0) > 0)
      ends.include(curve.points.back().x);
  return !ends.isEmpty() && ends.highest > manifold * ends.lowest;
}

/// Test accuracies over what `getCost` adds up to, from the first epoch on. The
/// table has a row an epoch.
static LineChart
makeChart(ArrayRef<NamedReport> runs, StringRef title, StringRef horizontal,
          StringRef unit, const std::function<Number(const Epoch &)> &getCost) {
  LineChart chart;
  chart.caption.title = title.str();
  chart.caption.description =
      "Test accuracy of each run in percent; a point for each epoch.";
  chart.horizontal = horizontal.str();
  chart.unit = unit.str();
  chart.verticalFactor = 0.01;
  chart.table.corner = "epoch";
  chart.table.format = percentText;
  size_t most = 0;
  for (const NamedReport &run : runs)
    most = std::max(most, run.report.epochs.size());
  for (size_t i = 0; i < most; ++i)
    chart.table.rows.push_back(std::to_string(i + 1));
  chart.table.numbers.resize(most);
  for (size_t r = 0; r < runs.size(); ++r) {
    Curve curve{keepEnd(runs[r].name, maxShown),
                getSeriesColor(static_cast<int>(r)),
                r % 2 == 1,
                {}};
    const std::vector<Epoch> &epochs = runs[r].report.epochs;
    Number cost = 0;
    for (size_t i = 0; i < most; ++i) {
      if (i >= epochs.size()) {
        chart.table.numbers[i].insert(chart.table.numbers[i].end(), 2,
                                      std::nullopt);
        continue;
      }
      // What is not known of one epoch is not known of all that follow.
      Number more = getCost(epochs[i]);
      cost = cost && more ? makeNumber(*cost + *more) : std::nullopt;
      curve.points.push_back({cost, epochs[i].testAccuracy});
      chart.table.numbers[i].push_back(cost);
      chart.table.numbers[i].push_back(epochs[i].testAccuracy);
    }
    chart.table.columns.push_back(curve.name + ", " + horizontal.str());
    chart.table.columns.push_back(curve.name + ", accuracy");
    chart.curves.push_back(std::move(curve));
  }
  chart.hasPrefix = true;
  chart.isLogarithmic = doEndsDiffer(chart.curves);
  return chart;
}

static void writeChart(PageStream &page, const LineChart &chart,
                       StringRef name) {
  if (hasPoints(chart))
    writeLineChart(page, chart);
  else
    writeAbsence(page, name, "no report has both numbers");
}

void report::writeComparison(raw_ostream &os, ArrayRef<NamedReport> runs) {
  PageStream page{os};
  writeDocument(os, "Training reports compared", [&] {
    os << "<header>\n<p class=\"kind\">Training reports</p>\n<h1>"
       << runs.size() << " runs compared</h1>\n";
    writeRuns(os, runs);
    os << "</header>\n<section class=\"counted\"><h2>Accuracy over counted "
          "costs</h2>\n<p>Computed from the widths in use, up to each epoch's "
          "end; not timed.</p>\n<div class=\"charts\">\n";
    writeChart(
        page,
        makeChart(runs, "Test accuracy / % over bit-MACs", "bit-MACs", "",
                  [](const Epoch &epoch) { return epoch.bitmacs.total(); }),
        "accuracy over bit-MACs");
    writeChart(page,
               makeChart(runs, "Test accuracy / % over energy", "energy", "J",
                         [](const Epoch &epoch) {
                           return epoch.energyJoules.total();
                         }),
               "accuracy over energy");
    writeChart(
        page,
        makeChart(runs, "Test accuracy / % over accelerator time", "time", "s",
                  [](const Epoch &epoch) { return epoch.acceleratorSeconds; }),
        "accuracy over the accelerator's time");
    os << "</div>\n</section>\n<section class=\"measured\"><h2>Accuracy over "
          "measured time</h2>\n<p>By the clock of the machine that trained; "
          "runs that shared it with other work compare badly.</p>\n<div "
          "class=\"charts\">\n";
    writeChart(page,
               makeChart(runs, "Test accuracy / % over wall time", "time", "s",
                         [](const Epoch &epoch) { return epoch.seconds; }),
               "accuracy over time");
    writeChart(page,
               makeChart(runs, "Test accuracy / % over epochs", "epochs", "",
                         [](const Epoch &) { return Number(1); }),
               "accuracy over epochs");
    os << "</div>\n</section>\n";
  });
}
