//===- Evaluation.cpp - Loss and accuracy of a split ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/trainer/Evaluation.h"

#include "runtime/data/Shuffle.h"
#include "runtime/metrics/EpochRecord.h"

#include <algorithm>

namespace frac {

std::optional<Evaluation>
evaluateSplit(Runner &runner, BatchMaker &batches, const Split &split,
              int64_t batch, const std::function<bool(int64_t)> &proceed) {
  std::vector<int64_t> order = fileOrder(split.count);
  double lossSum = 0, correctSum = 0;
  for (int64_t at = 0; at < split.count; at += batch) {
    if (!proceed(at))
      return std::nullopt;
    int64_t count = std::min(batch, split.count - at);
    CallResult result = runner.evaluate(
        batches.make(split, order.data() + at, count, false, 0), count);
    lossSum += static_cast<double>(result.loss) * static_cast<double>(count);
    correctSum += result.correct;
  }
  auto samples = static_cast<double>(split.count);
  Evaluation evaluation;
  evaluation.loss = lossSum / samples;
  evaluation.accuracy =
      runner.program().data.classes > 0 ? correctSum / samples : unknownNumber;
  return evaluation;
}

} // namespace frac
