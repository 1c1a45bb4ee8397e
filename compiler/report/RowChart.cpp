//===- RowChart.cpp - A row for each layer over epochs --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/RowChart.h"

#include "compiler/report/Markup.h"
#include "compiler/report/Palette.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>
#include <set>

using namespace llvm;
using namespace frac;
using namespace frac::report;

static constexpr double heatRowHeight = 15;
static constexpr double shareRowHeight = 26;
static constexpr double shareRowGap = 4;
static constexpr double belowRows = 38;
/// Letters of a name at the left, all of the same width.
static constexpr size_t maxLabel = 20;

static PlotArea getArea(size_t rows, double rowHeight) {
  PlotArea area;
  area.left = 142;
  area.bottom = area.top + rowHeight * static_cast<double>(rows);
  return area;
}

std::vector<std::string>
report::shortenLayerNames(ArrayRef<std::string> names) {
  SmallVector<SmallVector<StringRef>> paths;
  for (const std::string &name : names) {
    SmallVector<StringRef> folders, kept;
    StringRef(name).split(folders, '/', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
    for (size_t i = 0; i < folders.size(); ++i)
      if (i + 1 == folders.size() ||
          !folders[i + 1].starts_with((folders[i] + ".").str()))
        kept.push_back(folders[i]);
    paths.push_back(std::move(kept));
  }
  // The operator's own name says nothing where all have the same.
  std::set<StringRef> operators;
  size_t nested = 0;
  for (const auto &path : paths)
    if (path.size() > 1) {
      operators.insert(path.back());
      ++nested;
    }
  bool isLastCommon = nested > 1 && operators.size() == 1;
  std::vector<std::string> shortened;
  for (auto &path : paths) {
    if (isLastCommon && path.size() > 1)
      path.pop_back();
    shortened.push_back(join(path, "/"));
  }
  return shortened;
}

std::vector<LegendEntry> report::makeWidthLegend(Extent widths, bool hasZero) {
  std::vector<LegendEntry> legend;
  if (hasZero)
    legend.push_back({"skipped (0 bits)", getWidthColor(0, 0, 0)});
  if (widths.isEmpty())
    return legend;
  double lowest = std::floor(widths.lowest),
         highest = std::ceil(widths.highest);
  double step = std::ceil((highest - lowest + 1) / 12);
  for (double bits = lowest; bits <= highest; bits += step)
    legend.push_back({shortText(bits) + (bits != lowest ? ""
                                         : bits == 1    ? " bit"
                                                        : " bits"),
                      getWidthColor(bits, lowest, highest)});
  return legend;
}

static void drawRowName(raw_ostream &os, const PlotArea &area, double y,
                        StringRef shortened, StringRef name) {
  os << "<g class=\"name\"><title>" << escape(name) << "</title>";
  drawText(os, area.left - 5, y, "end", keepEnd(shortened, maxLabel));
  os << "</g>\n";
}

/// A row, neighbours of the same width as one rectangle with the width in it
/// where it fits.
static void drawHeatRow(raw_ostream &os, const HeatMap &map,
                        const PlotArea &area, const HeatRow &row, double y) {
  double lowest = std::floor(map.widths.lowest);
  double highest = std::ceil(map.widths.highest);
  for (size_t first = 0; first < row.numbers.size();) {
    size_t end = first + 1;
    while (end < row.numbers.size() && row.numbers[end] == row.numbers[first])
      ++end;
    if (Number bits = row.numbers[first]) {
      double left = getColumnX(area, *map.timeline, first);
      double width = getColumnX(area, *map.timeline, end) - left;
      std::string text = shortText(*bits, 3);
      drawRectangle(os, left, y, width, heatRowHeight - 1,
                    getWidthColor(*bits, lowest, highest),
                    row.name + ", " + map.timeline->getName(first, end) + ": " +
                        text + " bits");
      if (*bits > 0 && width > 8 + 6 * static_cast<double>(text.size())) {
        bool isBright =
            highest <= lowest || (*bits - lowest) / (highest - lowest) >= 0.45;
        os << "<g class=\"" << (isBright ? "onbright" : "ondark") << "\">";
        drawText(os, left + width / 2, y + 11, "middle", text);
        os << "</g>\n";
      }
    }
    first = end;
  }
}

/// The table of a chart of rows: the same numbers, a row a layer.
static NumberTable makeRowTable(const Timeline &timeline) {
  NumberTable table;
  table.corner = timeline.getEpochsPerColumn() > 1 ? "layer, by epochs (means)"
                                                   : "layer, by epoch";
  table.format = [](double number) { return shortText(number); };
  for (const Column &column : timeline.getColumns()) {
    std::string number = std::to_string(timeline.getNumber(column));
    table.columns.push_back(timeline.getEpochsPerColumn() > 1
                                ? timeline.getName(column)
                                : std::move(number));
  }
  return table;
}

void report::writeHeatMap(PageStream &page, const HeatMap &map) {
  NumberTable table = makeRowTable(*map.timeline);
  std::vector<std::string> names;
  bool hasZero = false;
  for (const HeatRow &row : map.rows) {
    names.push_back(row.name);
    table.rows.push_back(row.name);
    table.numbers.push_back(row.numbers);
    hasZero |= is_contained(row.numbers, Number(0));
  }
  std::vector<std::string> shortened = shortenLayerNames(names);
  PlotArea area = getArea(map.rows.size(), heatRowHeight);
  writeFigure(page, map.caption, area.bottom + belowRows,
              makeWidthLegend(map.widths, hasZero), table,
              [&](raw_ostream &os) {
                double y = area.top;
                for (size_t i = 0; i < map.rows.size(); ++i) {
                  drawRowName(os, area, y + 11, shortened[i], names[i]);
                  drawHeatRow(os, map, area, map.rows[i], y);
                  y += heatRowHeight;
                }
                drawColumnStages(os, area, *map.timeline);
                drawColumnAxis(os, area, *map.timeline);
              });
}

static void drawShareRow(raw_ostream &os, const ShareChart &chart,
                         const PlotArea &area, const ShareRow &row, double y) {
  double height = shareRowHeight - shareRowGap;
  for (size_t first = 0; first < row.shares.size();) {
    size_t end = first + 1;
    while (end < row.shares.size() && row.shares[end] == row.shares[first])
      ++end;
    double left = getColumnX(area, *chart.timeline, first);
    double width = getColumnX(area, *chart.timeline, end) - left;
    double bottom = y + height;
    std::string place =
        row.name + ", " + chart.timeline->getName(first, end) + ", ";
    for (size_t i = 0; i < row.shares[first].size(); ++i) {
      double share = row.shares[first][i];
      if (share <= 0)
        continue;
      double part = share * height;
      bottom -= part;
      drawRectangle(os, left, bottom, width, part, chart.choices[i].color,
                    place + chart.choices[i].name + ": " + percentText(share));
    }
    first = end;
  }
}

void report::writeShareChart(PageStream &page, const ShareChart &chart) {
  NumberTable table = makeRowTable(*chart.timeline);
  table.corner += ": fractions";
  std::vector<std::string> names;
  for (const ShareRow &row : chart.rows) {
    names.push_back(row.name);
    for (size_t i = 0; i < chart.choices.size(); ++i) {
      table.rows.push_back(row.name + ", " + chart.choices[i].name);
      std::vector<Number> &numbers = table.numbers.emplace_back();
      for (const std::vector<double> &shares : row.shares)
        numbers.push_back(i < shares.size() ? Number(shares[i]) : std::nullopt);
    }
  }
  std::vector<std::string> shortened = shortenLayerNames(names);
  PlotArea area = getArea(chart.rows.size(), shareRowHeight);
  writeFigure(page, chart.caption, area.bottom + belowRows, chart.choices,
              table, [&](raw_ostream &os) {
                double y = area.top;
                for (size_t i = 0; i < chart.rows.size(); ++i) {
                  drawRowName(os, area, y + 15, shortened[i], names[i]);
                  drawShareRow(os, chart, area, chart.rows[i], y);
                  y += shareRowHeight;
                }
                drawColumnStages(os, area, *chart.timeline);
                drawColumnAxis(os, area, *chart.timeline);
              });
}
