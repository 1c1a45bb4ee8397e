//===- BarChart.cpp - Stacked bars over epochs ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/BarChart.h"

#include "compiler/report/Markup.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace llvm;
using namespace frac;
using namespace frac::report;

static constexpr double height = 244;

bool report::hasBars(const BarChart &chart) {
  return any_of(chart.parts, [](const Part &part) {
    return any_of(part.numbers, isDrawable);
  });
}

NumberTable report::makeColumnTable(const Timeline &timeline,
                                    const std::vector<Part> &parts,
                                    std::string (*format)(double)) {
  NumberTable table;
  bool isJoined = timeline.getEpochsPerColumn() > 1;
  table.corner = isJoined ? "epochs (means)" : "epoch";
  table.format = format;
  for (const Part &part : parts)
    table.columns.push_back(part.name);
  const std::vector<Column> &columns = timeline.getColumns();
  for (size_t i = 0; i < columns.size(); ++i) {
    table.rows.push_back(isJoined
                             ? timeline.getName(columns[i])
                             : std::to_string(timeline.getNumber(columns[i])));
    std::vector<Number> &numbers = table.numbers.emplace_back();
    for (const Part &part : parts)
      numbers.push_back(part.numbers[i]);
  }
  return table;
}

static void drawBar(raw_ostream &os, const BarChart &chart,
                    const PlotArea &area, const Scale &y, size_t index) {
  double left = getColumnX(area, *chart.timeline, index);
  double width = getColumnX(area, *chart.timeline, index + 1) - left;
  double gap = std::min(width * 0.15, 4.0);
  std::string epoch =
      chart.timeline->getName(chart.timeline->getColumns()[index]);
  double sum = 0;
  for (const Part &part : chart.parts) {
    if (!isDrawable(part.numbers[index]))
      continue;
    double number = *part.numbers[index];
    double bottom = y(sum), top = y(sum + number);
    sum += number;
    drawRectangle(os, left + gap / 2, top, width - gap, bottom - top,
                  part.color,
                  epoch + ", " + part.name + ": " + chart.format(number));
  }
}

void report::writeBarChart(PageStream &page, const BarChart &chart) {
  size_t count = chart.timeline->getColumns().size();
  Extent extent;
  extent.include(0.0);
  for (size_t i = 0; i < count; ++i) {
    double sum = 0;
    for (const Part &part : chart.parts)
      if (isDrawable(part.numbers[i]))
        sum += *part.numbers[i];
    extent.include(sum);
  }
  PlotArea area;
  Scale y = Scale::makeRound(extent, area.bottom, area.top, 5);
  Prefix prefix = choosePrefix(extent.highest);
  Caption caption = chart.caption;
  std::string unit = prefix.symbol.str() + chart.unit;
  if (!unit.empty())
    caption.title += " / " + unit;
  std::vector<LegendEntry> legend;
  // A single part is named by the title.
  for (const Part &part : chart.parts)
    if (chart.parts.size() > 1)
      legend.push_back({part.name, part.color});
  writeFigure(page, caption, height, legend,
              makeColumnTable(*chart.timeline, chart.parts, chart.format),
              [&](raw_ostream &os) {
                drawVerticalAxis(os, area, y, prefix.factor);
                for (size_t i = 0; i < count; ++i)
                  drawBar(os, chart, area, y, i);
                drawColumnStages(os, area, *chart.timeline);
                drawColumnAxis(os, area, *chart.timeline);
              });
}
