//===- Figure.h - A chart with its caption, legend and numbers  -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_FIGURE_H
#define FRAC_COMPILER_REPORT_FIGURE_H

#include "compiler/report/Scale.h"
#include "compiler/report/Timeline.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace frac::report {

/// Where a page goes, and what makes the ids of its figures unique.
struct PageStream {
  llvm::raw_ostream &os;
  int figures = 0;
};

/// An entry of a legend: a square of the colour, or a line.
struct LegendEntry {
  std::string name, color;
  bool isLine = false;
  bool isDashed = false;
};

/// A table of the numbers that a chart shows.
struct NumberTable {
  /// Of the first column, which names rows, and of the others.
  std::string corner;
  std::vector<std::string> columns;
  /// One name a row, and its numbers, one a column.
  std::vector<std::string> rows;
  std::vector<std::vector<Number>> numbers;
  /// How a number is shown; the exact one is in the mark-up.
  std::string (*format)(double);
};

/// What stands around a drawing. Texts are plain and get escaped.
struct Caption {
  std::string title;
  /// For those who cannot see the drawing: what it shows and what comes out.
  std::string description;
  /// A line under the title; may be empty.
  std::string note;
};

/// Drawings are this wide in their own coordinates and scaled to the page. Text
/// has 12 of them, so that it stays legible on a telephone.
constexpr double drawingWidth = 400;

/// A rectangle that curves or bars are drawn in.
struct PlotArea {
  double left = 50, right = 392, top = 22, bottom = 206;
};

/// Writes a figure: caption, legend, the SVG that `draw` fills, and a table of
/// numbers to unfold.
void writeFigure(PageStream &page, const Caption &caption, double height,
                 llvm::ArrayRef<LegendEntry> legend, const NumberTable &table,
                 llvm::function_ref<void(llvm::raw_ostream &)> draw);

/// A text in a drawing. `anchor` is start, middle or end.
void drawText(llvm::raw_ostream &os, double x, double y, llvm::StringRef anchor,
              llvm::StringRef text);

/// A rectangle with a note that shows under a pointer.
void drawRectangle(llvm::raw_ostream &os, double x, double y, double width,
                   double height, llvm::StringRef color, llvm::StringRef note);

/// The ticks of `scale` with lines across the plot, at the left.
void drawVerticalAxis(llvm::raw_ostream &os, const PlotArea &area,
                      const Scale &scale, double factor = 1);

/// The ticks of `scale` and the name of what it counts, at the bottom.
void drawHorizontalAxis(llvm::raw_ostream &os, const PlotArea &area,
                        const Scale &scale, llvm::StringRef name,
                        double factor = 1);

/// The numbers of epochs below columns that fill the plot's width.
void drawColumnAxis(llvm::raw_ostream &os, const PlotArea &area,
                    const Timeline &timeline);

/// A mark where each stage begins. `getX` takes the index of an epoch to where
/// its column begins.
void drawStages(llvm::raw_ostream &os, const PlotArea &area,
                const Timeline &timeline,
                llvm::function_ref<double(size_t)> getX);

/// The same for columns that fill the plot's width.
void drawColumnStages(llvm::raw_ostream &os, const PlotArea &area,
                      const Timeline &timeline);

/// Where column `index` begins.
double getColumnX(const PlotArea &area, const Timeline &timeline, size_t index);

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_FIGURE_H
