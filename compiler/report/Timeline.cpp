//===- Timeline.cpp - Epochs along a chart --------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/Timeline.h"

#include <algorithm>

using namespace frac::report;

Timeline::Timeline(const std::vector<Epoch> &epochs) : epochs(epochs) {
  epochsPerColumn =
      std::max<size_t>(1, (epochs.size() + maxColumns - 1) / maxColumns);
  for (size_t first = 0; first < epochs.size(); first += epochsPerColumn)
    columns.push_back(
        {first, std::min(first + epochsPerColumn, epochs.size())});
  for (size_t i = 0; i < epochs.size(); ++i)
    if (stages.empty() || epochs[i].stage != stages.back().stage)
      stages.push_back({i, epochs[i].stage});
  if (stages.size() == 1)
    stages.clear();
}

int64_t Timeline::getNumber(const Column &column) const {
  return epochs[column.first].number;
}

std::string Timeline::getName(const Column &column) const {
  int64_t first = epochs[column.first].number;
  int64_t last = epochs[column.end - 1].number;
  if (first == last)
    return "epoch " + std::to_string(first);
  return "epochs " + std::to_string(first) + " to " + std::to_string(last);
}

std::string Timeline::getName(size_t first, size_t end) const {
  return getName({columns[first].first, columns[end - 1].end});
}

std::vector<Number>
Timeline::average(const std::function<Number(const Epoch &)> &getNumber) const {
  std::vector<Number> means;
  for (const Column &column : columns) {
    double sum = 0, count = 0;
    for (size_t i = column.first; i < column.end; ++i)
      if (Number number = getNumber(epochs[i])) {
        // Of one number the mean is that number, without any rounding.
        sum += *number;
        ++count;
      }
    means.push_back(count > 0 ? makeNumber(sum / count) : std::nullopt);
  }
  return means;
}
