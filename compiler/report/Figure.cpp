//===- Figure.cpp - A chart with its caption, legend and numbers ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/Figure.h"

#include "compiler/report/Markup.h"

#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace frac;
using namespace frac::report;

static void writeLegend(raw_ostream &os, ArrayRef<LegendEntry> legend) {
  if (legend.empty())
    return;
  os << "<ul class=\"legend\">\n";
  for (const LegendEntry &entry : legend) {
    os << "<li><svg class=\"key\" viewBox=\"0 0 24 12\" aria-hidden=\"true\">";
    if (entry.isLine)
      os << "<path class=\"line" << (entry.isDashed ? " dashed" : "")
         << "\" style=\"stroke:" << entry.color << "\" d=\"M0 6H24\"/>";
    else
      os << "<rect class=\"box\" x=\"6\" y=\"0\" width=\"12\" height=\"12\" "
            "fill=\""
         << entry.color << "\"/>";
    os << "</svg>" << escape(entry.name) << "</li>\n";
  }
  os << "</ul>\n";
}

static void writeNumber(raw_ostream &os, Number number,
                        std::string (*format)(double)) {
  if (!number) {
    os << "<td class=\"none\">\xE2\x80\x93</td>";
    return;
  }
  std::string exact = exactText(*number);
  std::string shown = format(*number);
  if (exact == shown)
    os << "<td>" << exact << "</td>";
  else
    os << "<td><data value=\"" << exact << "\">" << escape(shown)
       << "</data></td>";
}

static void writeTable(raw_ostream &os, const Caption &caption,
                       const NumberTable &table) {
  os << "<details><summary>Numbers</summary>\n<div class=\"scroll\" "
        "tabindex=\"0\">\n<table>\n<caption>"
     << escape(caption.title) << "</caption>\n<thead><tr><th scope=\"col\">"
     << escape(table.corner) << "</th>";
  for (const std::string &column : table.columns)
    os << "<th scope=\"col\">" << escape(column) << "</th>";
  os << "</tr></thead>\n<tbody>\n";
  for (size_t row = 0; row < table.rows.size(); ++row) {
    os << "<tr><th scope=\"row\">" << escape(table.rows[row]) << "</th>";
    for (Number number : table.numbers[row])
      writeNumber(os, number, table.format);
    os << "</tr>\n";
  }
  os << "</tbody>\n</table>\n</div>\n</details>\n";
}

void report::writeFigure(PageStream &page, const Caption &caption,
                         double height, ArrayRef<LegendEntry> legend,
                         const NumberTable &table,
                         function_ref<void(raw_ostream &)> draw) {
  raw_ostream &os = page.os;
  std::string id = "f" + std::to_string(++page.figures);
  os << "<figure>\n<figcaption><h3>" << escape(caption.title) << "</h3>";
  if (!caption.note.empty())
    os << "<p>" << escape(caption.note) << "</p>";
  os << "</figcaption>\n";
  writeLegend(os, legend);
  os << "<svg class=\"chart\" role=\"img\" aria-labelledby=\"" << id << "t "
     << id << "d\" viewBox=\"0 0 " << coordinate(drawingWidth) << ' '
     << coordinate(height) << "\">\n<title id=\"" << id << "t\">"
     << escape(caption.title) << "</title>\n<desc id=\"" << id << "d\">"
     << escape(caption.description) << "</desc>\n";
  draw(os);
  os << "</svg>\n";
  writeTable(os, caption, table);
  os << "</figure>\n";
}

void report::drawText(raw_ostream &os, double x, double y, StringRef anchor,
                      StringRef text) {
  os << "<text x=\"" << coordinate(x) << "\" y=\"" << coordinate(y) << '"';
  if (anchor != "start")
    os << " text-anchor=\"" << anchor << '"';
  os << '>' << escape(text) << "</text>\n";
}

void report::drawRectangle(raw_ostream &os, double x, double y, double width,
                           double height, StringRef color, StringRef note) {
  os << "<rect x=\"" << coordinate(x) << "\" y=\"" << coordinate(y)
     << "\" width=\"" << coordinate(width) << "\" height=\""
     << coordinate(height) << "\" fill=\"" << color << "\"><title>"
     << escape(note) << "</title></rect>\n";
}

void report::drawVerticalAxis(raw_ostream &os, const PlotArea &area,
                              const Scale &scale, double factor) {
  for (double tick : scale.getTicks()) {
    double y = scale(tick);
    os << "<path class=\"grid\" d=\"M" << coordinate(area.left) << ' '
       << coordinate(y) << 'H' << coordinate(area.right) << "\"/>\n";
    drawText(os, area.left - 6, y + 4, "end", scale.getLabel(tick, factor));
  }
}

void report::drawHorizontalAxis(raw_ostream &os, const PlotArea &area,
                                const Scale &scale, StringRef name,
                                double factor) {
  os << "<path class=\"axis\" d=\"M" << coordinate(area.left) << ' '
     << coordinate(area.bottom) << 'H' << coordinate(area.right) << "\"/>\n";
  for (double tick : scale.getTicks()) {
    double x = scale(tick);
    os << "<path class=\"axis\" d=\"M" << coordinate(x) << ' '
       << coordinate(area.bottom) << "v4\"/>\n";
    // A long label at the right end would leave the drawing.
    bool isLast = x > area.right - 12;
    drawText(os, isLast ? drawingWidth - 2 : x, area.bottom + 17,
             isLast ? "end" : "middle", scale.getLabel(tick, factor));
  }
  drawText(os, area.right, area.bottom + 33, "end", name);
}

double report::getColumnX(const PlotArea &area, const Timeline &timeline,
                          size_t index) {
  return area.left + (area.right - area.left) * static_cast<double>(index) /
                         static_cast<double>(timeline.getColumns().size());
}

void report::drawColumnAxis(raw_ostream &os, const PlotArea &area,
                            const Timeline &timeline) {
  os << "<path class=\"axis\" d=\"M" << coordinate(area.left) << ' '
     << coordinate(area.bottom) << 'H' << coordinate(area.right) << "\"/>\n";
  const std::vector<Column> &columns = timeline.getColumns();
  size_t digits = std::to_string(timeline.getNumber(columns.back())).size();
  // A digit is about 7 wide; labels keep 10 between them.
  double room = 7 * static_cast<double>(digits) + 10;
  double width = (area.right - area.left) / static_cast<double>(columns.size());
  auto every = static_cast<size_t>(std::max(1.0, std::ceil(room / width)));
  // Epochs count from 1, and 5, 10, 15 are easier to follow than 1, 6, 11.
  if (every > 2 && every <= 5)
    every = 5;
  else if (every > 5)
    every = (every + 9) / 10 * 10;
  for (size_t i = 0; i < columns.size(); ++i)
    if (i == 0 || (i + 1) % every == 0) {
      if (i != 0 && static_cast<double>(i) * width < room)
        continue;
      drawText(os, getColumnX(area, timeline, i) + width / 2, area.bottom + 17,
               "middle", std::to_string(timeline.getNumber(columns[i])));
    }
  drawText(os, area.right, area.bottom + 33, "end", "epoch");
}

void report::drawStages(raw_ostream &os, const PlotArea &area,
                        const Timeline &timeline,
                        function_ref<double(size_t)> getX) {
  const std::vector<StageBegin> &stages = timeline.getStages();
  for (size_t i = 0; i < stages.size(); ++i) {
    double x = getX(stages[i].epoch);
    double end = i + 1 < stages.size() ? getX(stages[i + 1].epoch) : area.right;
    std::string number = std::to_string(stages[i].stage);
    os << "<path class=\"stage\" d=\"M" << coordinate(x) << ' '
       << coordinate(area.top - 18) << 'V' << coordinate(area.bottom)
       << "\"><title>stage " << number << "</title></path>\n";
    double room = end - x;
    double digits = 7 * static_cast<double>(number.size());
    if (room > 42 + digits)
      drawText(os, x + 4, area.top - 8, "start", "stage " + number);
    else if (room > 6 + digits)
      drawText(os, x + 4, area.top - 8, "start", number);
  }
}

void report::drawColumnStages(raw_ostream &os, const PlotArea &area,
                              const Timeline &timeline) {
  drawStages(os, area, timeline, [&](size_t epoch) {
    return getColumnX(area, timeline, timeline.findColumn(epoch));
  });
}
