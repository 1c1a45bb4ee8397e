//===- BarChart.h - Stacked bars over epochs ------------------ -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_BARCHART_H
#define FRAC_COMPILER_REPORT_BARCHART_H

#include "compiler/report/Figure.h"

namespace frac::report {

/// One part of every bar.
struct Part {
  std::string name, color;
  /// By column of the timeline, at least 0.
  std::vector<Number> numbers;
};

/// A bar for each column of a timeline, of parts from the bottom up.
struct BarChart {
  Caption caption;
  const Timeline *timeline = nullptr;
  std::vector<Part> parts;
  /// What bars count, behind the SI prefix of their axis: "J".
  std::string unit;
  /// How a number is shown.
  std::string (*format)(double);
};

/// Whether any bar would be drawn.
bool hasBars(const BarChart &chart);

void writeBarChart(PageStream &page, const BarChart &chart);

/// Numbers by column of a timeline, for the table of a chart: one row a column.
NumberTable makeColumnTable(const Timeline &timeline,
                            const std::vector<Part> &parts,
                            std::string (*format)(double));

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_BARCHART_H
