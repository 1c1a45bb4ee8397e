//===- RowChart.h - A row for each layer over epochs ---------- -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_ROWCHART_H
#define FRAC_COMPILER_REPORT_ROWCHART_H

#include "compiler/report/Figure.h"

namespace frac::report {

/// A layer, by column of the timeline.
struct HeatRow {
  std::string name;
  std::vector<Number> numbers;
};

/// Widths as colours: a row a layer, a column an epoch.
struct HeatMap {
  Caption caption;
  const Timeline *timeline = nullptr;
  std::vector<HeatRow> rows;
  /// The widths at the two ends of the colours; 0 bits do not count.
  Extent widths;
};

void writeHeatMap(PageStream &page, const HeatMap &map);

/// A layer, and for each column of the timeline the fraction of each choice;
/// empty where nothing is known.
struct ShareRow {
  std::string name;
  std::vector<std::vector<double>> shares;
};

/// What was chosen how often: a row a layer, a bar of full height an epoch.
struct ShareChart {
  Caption caption;
  const Timeline *timeline = nullptr;
  std::vector<LegendEntry> choices;
  std::vector<ShareRow> rows;
};

void writeShareChart(PageStream &page, const ShareChart &chart);

/// The names of layers as rows have them: without what all have in common and
/// without folders that the next one repeats ("layer1/layer1.0").
std::vector<std::string> shortenLayerNames(llvm::ArrayRef<std::string> names);

/// An entry for each whole width from the lowest to the highest that colours
/// stand for, fewer if there are many, and one for skipped blocks if `hasZero`.
std::vector<LegendEntry> makeWidthLegend(Extent widths, bool hasZero);

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_ROWCHART_H
