//===- Timeline.h - Epochs along a chart ---------------------- -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_TIMELINE_H
#define FRAC_COMPILER_REPORT_TIMELINE_H

#include "compiler/report/TrainingReport.h"

#include <functional>
#include <string>
#include <vector>

namespace frac::report {

/// Neighbouring epochs that share a column of a chart, by their indices in the
/// report: `first` to `end - 1`.
struct Column {
  size_t first = 0;
  size_t end = 0;
};

/// Where a stage of the precision policy begins: the index of the first epoch
/// that ended in it.
struct StageBegin {
  size_t epoch = 0;
  int64_t stage = 0;
};

/// What all charts of a run have in common along their horizontal axis. Charts
/// with a column for each epoch join neighbours where a run has more epochs
/// than columns that the eye can tell apart.
class Timeline {
public:
  static constexpr size_t maxColumns = 80;

  explicit Timeline(const std::vector<Epoch> &epochs);

  const std::vector<Column> &getColumns() const { return columns; }
  /// The most epochs that share a column.
  size_t getEpochsPerColumn() const { return epochsPerColumn; }
  /// Empty unless the stage changes; then with the first stage.
  const std::vector<StageBegin> &getStages() const { return stages; }

  /// "epoch 7" or "epochs 7 to 9".
  std::string getName(const Column &column) const;
  /// The same of columns from `first` to the one before `end`.
  std::string getName(size_t first, size_t end) const;
  /// The number of the first epoch of a column.
  int64_t getNumber(const Column &column) const;

  /// The column that holds an epoch.
  size_t findColumn(size_t epoch) const { return epoch / epochsPerColumn; }

  /// For each column the mean of `getNumber` over its epochs; none where none
  /// has a number.
  std::vector<Number>
  average(const std::function<Number(const Epoch &)> &getNumber) const;

private:
  const std::vector<Epoch> &epochs;
  size_t epochsPerColumn = 1;
  std::vector<Column> columns;
  std::vector<StageBegin> stages;
};

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_TIMELINE_H
