//===- EpochRecord.h - What happened in an epoch ----------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_METRICS_EPOCHRECORD_H
#define FRAC_RUNTIME_METRICS_EPOCHRECORD_H

#include "runtime/metrics/PrecisionRecord.h"

#include <cstdint>
#include <limits>

namespace frac {

/// A number that is not known: no test split, or a loss without classes.
constexpr double unknownNumber = std::numeric_limits<double>::quiet_NaN();

/// One line of the report.
struct EpochRecord {
  /// Counted from 1.
  int64_t epoch = 0;
  /// Steps taken since the start of training, this epoch's included.
  int64_t iterations = 0;
  /// Training samples of this epoch, and the means over them.
  int64_t samples = 0;
  double trainLoss = unknownNumber;
  double trainAccuracy = unknownNumber;
  double testLoss = unknownNumber;
  double testAccuracy = unknownNumber;
  /// Time of training and evaluation.
  double seconds = 0;
  double stepMsMedian = unknownNumber;
  /// The learning rate of the last step.
  double lr = 0;
  /// What the processors drew in this time, everything on the machine included.
  double cpuJoules = unknownNumber;
  PrecisionRecord precision;
};

} // namespace frac

#endif // FRAC_RUNTIME_METRICS_EPOCHRECORD_H
