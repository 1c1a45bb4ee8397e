//===- TrainingReport.h - What a training run told ------------ -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_TRAININGREPORT_H
#define FRAC_COMPILER_REPORT_TRAININGREPORT_H

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace frac::report {

/// A number of a report; none where the report has null or lacks the key.
using Number = std::optional<double>;

/// `value`, or none if it is not finite, as a sum of large numbers may be.
Number makeNumber(double value);

/// A figure for each of the three products of training.
struct Passes {
  Number forward, error, weightGradient;

  /// The sum of those that are known; none if none is, or if it is no finite
  /// number.
  Number total() const;
};

/// The widths that a tensor had in an epoch.
struct Widths {
  /// The mean, in bits.
  Number bits;
  /// The fraction of steps at each width in bits.
  std::map<int, double> histogram;
};

/// What was paid in an epoch, in percent of training in float.
struct CostRatio {
  Number total, forward, error, weightGradient;
};

/// One epoch. Accuracies are fractions; times are seconds unless named
/// otherwise.
struct Epoch {
  int64_t number = 0;
  Number trainLoss, trainAccuracy, testLoss, testAccuracy;
  Number seconds, stepMilliseconds, learningRate;
  int64_t stage = 0;
  /// The cost that a gate aims at, in percent of training in float, and what
  /// was paid.
  Number targetCost;
  CostRatio cost;
  /// By the indices of `TrainingReport::symbols`.
  std::vector<Widths> widths;
  /// By the indices of `TrainingReport::blocks`: the fraction of decisions for
  /// each of `TrainingReport::candidates`. Empty where nothing is known.
  std::vector<std::vector<double>> choices;
  Passes macs, bitmacs, energyJoules;
  Number acceleratorSeconds;
};

/// What a gate can choose: bits forward and backward. Both 0: the block is
/// skipped.
struct Candidate {
  int forward = 0;
  int backward = 0;
};

/// The file that `train --report` writes. Texts are as the file has them, and
/// empty where it lacks them.
struct TrainingReport {
  std::string model, status, policy, optimizer, schedule, loss;
  std::string seed, threads, batch;
  /// In the order of their numbers, which rise.
  std::vector<Epoch> epochs;
  /// Quantized tensors, in the order of the program.
  std::vector<std::string> symbols;
  /// Gated blocks, in the order of the model.
  std::vector<std::string> blocks;
  std::vector<Candidate> candidates;
  Number totalBitmacs, totalEnergyJoules, totalAcceleratorSeconds;
  Number wallSeconds, peakBytes;
  Number bestTestAccuracy;
};

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_TRAININGREPORT_H
