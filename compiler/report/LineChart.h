//===- LineChart.h - Curves ----------------------------------- -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_LINECHART_H
#define FRAC_COMPILER_REPORT_LINECHART_H

#include "compiler/report/Figure.h"

namespace frac::report {

/// A place on a curve; a gap where one of the two is not drawable.
struct Point {
  Number x, y;
};

struct Curve {
  std::string name, color;
  bool isDashed = false;
  std::vector<Point> points;
};

/// Curves over a horizontal axis of any kind.
struct LineChart {
  Caption caption;
  /// The name of the horizontal axis, "epoch" or "bit-MACs".
  std::string horizontal;
  std::vector<Curve> curves;
  /// What the horizontal axis counts in, behind an SI prefix; without
  /// `hasPrefix` it shows the numbers as they are.
  std::string unit;
  bool hasPrefix = false;
  /// The horizontal axis is logarithmic; points at 0 or below are left out.
  bool isLogarithmic = false;
  /// The vertical axis shows its numbers divided by this.
  double verticalFactor = 1;
  /// The vertical axis begins at 0 even where all numbers are far above.
  bool beginsAtZero = false;
  /// Of the run whose epochs the horizontal axis has; null if it has no epochs.
  const Timeline *timeline = nullptr;
  /// The numbers of the epochs at which the curves' points lie, one a point,
  /// if there is a timeline.
  std::vector<int64_t> epochs;
  NumberTable table;
};

/// Whether any point would be drawn.
bool hasPoints(const LineChart &chart);

void writeLineChart(PageStream &page, const LineChart &chart);

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_LINECHART_H
