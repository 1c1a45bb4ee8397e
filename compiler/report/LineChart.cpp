//===- LineChart.cpp - Curves ---------------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/LineChart.h"

#include "compiler/report/Markup.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace frac;
using namespace frac::report;

/// More points than this are not marked one by one.
static constexpr size_t maxMarks = 60;

static constexpr double height = 244;

static bool isDrawn(const Point &point) {
  return isDrawable(point.x) && isDrawable(point.y);
}

/// The points of a curve as the horizontal axis has them.
static std::vector<Point> getPoints(const LineChart &chart,
                                    const Curve &curve) {
  std::vector<Point> points = curve.points;
  if (chart.isLogarithmic)
    for (Point &point : points)
      if (point.x && *point.x <= 0)
        point.x = std::nullopt;
  return points;
}

bool report::hasPoints(const LineChart &chart) {
  return any_of(chart.curves, [&](const Curve &curve) {
    return any_of(getPoints(chart, curve), isDrawn);
  });
}

static void drawCurve(raw_ostream &os, const Curve &curve,
                      ArrayRef<Point> points, const Scale &x, const Scale &y,
                      const NumberTable &table) {
  os << "<path class=\"line" << (curve.isDashed ? " dashed" : "")
     << "\" style=\"stroke:" << curve.color << "\" d=\"";
  bool isOpen = false;
  for (size_t i = 0; i < points.size(); ++i) {
    const Point &point = points[i];
    if (!isDrawn(point)) {
      isOpen = false;
      continue;
    }
    os << (isOpen ? 'L' : 'M') << coordinate(x(*point.x)) << ' '
       << coordinate(y(*point.y));
    // A point between gaps is a line without length, which has round ends.
    if (!isOpen && (i + 1 == points.size() || !isDrawn(points[i + 1])))
      os << "h0";
    isOpen = true;
  }
  os << "\"/>\n";
  if (points.size() > maxMarks)
    return;
  for (size_t i = 0; i < points.size(); ++i) {
    const Point &point = points[i];
    if (!isDrawn(point))
      continue;
    os << "<circle r=\"2.2\" cx=\"" << coordinate(x(*point.x)) << "\" cy=\""
       << coordinate(y(*point.y)) << "\" style=\"fill:" << curve.color
       << "\"><title>" << escape(curve.name) << ": "
       << escape(table.format(*point.y));
    if (i < table.rows.size())
      os << ", " << escape(table.corner) << ' ' << escape(table.rows[i]);
    os << "</title></circle>\n";
  }
}

void report::writeLineChart(PageStream &page, const LineChart &chart) {
  Extent across, up;
  std::vector<LegendEntry> legend;
  for (const Curve &curve : chart.curves) {
    legend.push_back(
        {curve.name, curve.color, /*isLine=*/true, curve.isDashed});
    for (const Point &point : getPoints(chart, curve))
      if (isDrawn(point)) {
        across.include(point.x);
        up.include(point.y);
      }
  }
  if (chart.beginsAtZero)
    up.include(0.0);
  if (!chart.timeline && !chart.isLogarithmic)
    across.include(0.0);
  // Half an epoch at both ends, where columns of other charts end.
  if (chart.timeline)
    across = {static_cast<double>(chart.epochs.front()) - 0.5,
              static_cast<double>(chart.epochs.back()) + 0.5};
  PlotArea area;
  Scale x = chart.isLogarithmic
                ? Scale::makeLogarithmic(across, area.left, area.right)
                : Scale::makeExact(across, area.left, area.right, 6,
                                   /*areWhole=*/chart.timeline != nullptr);
  Scale y = Scale::makeRound(up, area.bottom, area.top, 5);
  Prefix prefix = chart.hasPrefix ? choosePrefix(across.highest) : Prefix();
  std::string horizontal = chart.horizontal;
  if (std::string unit = prefix.symbol.str() + chart.unit; !unit.empty())
    horizontal += " / " + unit;
  if (chart.isLogarithmic)
    horizontal += ", logarithmic";

  writeFigure(
      page, chart.caption, height, legend, chart.table, [&](raw_ostream &os) {
        drawVerticalAxis(os, area, y, chart.verticalFactor);
        drawHorizontalAxis(os, area, x, horizontal, prefix.factor);
        if (chart.timeline)
          drawStages(os, area, *chart.timeline, [&](size_t epoch) {
            return x(static_cast<double>(chart.epochs[epoch]) - 0.5);
          });
        for (const Curve &curve : chart.curves)
          drawCurve(os, curve, getPoints(chart, curve), x, y, chart.table);
      });
}
