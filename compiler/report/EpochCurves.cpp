//===- EpochCurves.cpp - Curves over epochs -------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/EpochCurves.h"

#include "compiler/report/Markup.h"
#include "compiler/report/Palette.h"
#include "compiler/report/Sections.h"

using namespace llvm;
using namespace frac;
using namespace frac::report;

/// "test: 81.00 % at epoch 1, 92.10 % at epoch 8, highest 92.30 %".
static std::string describeCurve(const Curve &curve,
                                 std::string (*format)(double)) {
  const Point *first = nullptr, *last = nullptr;
  Extent extent;
  for (const Point &point : curve.points)
    if (isDrawable(point.y)) {
      first = first ? first : &point;
      last = &point;
      extent.include(point.y);
    }
  if (!first)
    return curve.name + ": unknown.";
  return curve.name + ": " + format(*first->y) + " at epoch " +
         shortText(*first->x, 9) + ", " + format(*last->y) + " at epoch " +
         shortText(*last->x, 9) + ", between " + format(extent.lowest) +
         " and " + format(extent.highest) + ".";
}

LineChart report::makeCurves(const TrainingReport &report,
                             const Timeline &timeline, StringRef title,
                             ArrayRef<CurveSource> sources,
                             std::string (*format)(double)) {
  LineChart chart;
  chart.caption.title = title.str();
  chart.caption.description = "Curves over epochs.";
  chart.horizontal = "epoch";
  chart.timeline = &timeline;
  chart.table.corner = "epoch";
  chart.table.format = format;
  for (const Epoch &epoch : report.epochs) {
    chart.epochs.push_back(epoch.number);
    chart.table.rows.push_back(std::to_string(epoch.number));
    chart.table.numbers.emplace_back();
  }
  for (const CurveSource &source : sources) {
    Curve curve{
        source.name.str(), getSeriesColor(source.color), source.isDashed, {}};
    bool isKnown = false;
    for (const Epoch &epoch : report.epochs) {
      Number number = source.getNumber(epoch);
      isKnown |= number.has_value();
      curve.points.push_back({static_cast<double>(epoch.number), number});
    }
    if (!isKnown)
      continue;
    for (size_t i = 0; i < curve.points.size(); ++i)
      chart.table.numbers[i].push_back(curve.points[i].y);
    chart.table.columns.push_back(curve.name);
    chart.caption.description += " " + describeCurve(curve, format);
    chart.curves.push_back(std::move(curve));
  }
  return chart;
}

void report::writeCurves(PageStream &page, const LineChart &chart,
                         StringRef name, StringRef reason) {
  if (hasPoints(chart))
    writeLineChart(page, chart);
  else
    writeAbsence(page, name, reason);
}
