//===- PfqIndicator.h - When progressive quantization moves on --*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_PRECISION_PFQINDICATOR_H
#define FRAC_RUNTIME_PRECISION_PFQINDICATOR_H

#include "runtime/precision/PrecisionSettings.h"
#include "runtime/support/Bytes.h"

#include <cstdint>
#include <vector>

namespace frac {

/// The numbers of the indicator, with the defaults of its authors.
struct PfqIndicatorOptions {
  /// The threshold at first, and what it is multiplied by at the turning points
  /// that lead to stage 1 to `shrinkStages`.
  double epsilon = 0.05;
  double alpha = 0.3;
  int64_t shrinkStages = 2;
  /// Changes of stage, at most.
  int64_t turningPoints = 3;
  /// Losses that are compared: the newest with all before it.
  int64_t window = 5;
  /// The first losses, whose mean normalizes the differences.
  int64_t warmup = 10;
};

/// The numbers of the table `precision.pfq`, for no more than `turningPoints`
/// changes of stage.
PfqIndicatorOptions pfqIndicatorOptions(const PrecisionSettings &settings,
                                        int64_t turningPoints);

/// The indicator of PFQ, which tells from the training losses of intervals when
/// a stage has given what it can (Fu et al.: FracTrain, 2020, as in the
/// authors' code). With L_e the loss of interval e, counted from 1:
///   1. While e <= warmup, Lbar is the mean of L_1 to L_e; it stays as it is
///      from then on.
///   2. Unless the stage is the last, L_e joins the losses since the last
///      turning point, of which the newest `window` h_1 to h_w are kept.
///   3. If there are that many and |h_i - h_w| / Lbar <= epsilon for all i < w,
///      the next stage begins: the losses are forgotten, and epsilon shrinks.
/// So there are at least `window` intervals from one turning point to the next,
/// and the last stage may never come.
class PfqIndicator {
public:
  explicit PfqIndicator(const PfqIndicatorOptions &options);

  /// Takes the loss of the next interval. Returns whether a stage has begun.
  bool observe(double loss);

  int64_t stage() const { return currentStage; }
  /// The threshold in force.
  double epsilon() const { return threshold; }
  /// The normalizer Lbar; 0 before the first loss.
  double normalizer() const;
  /// The losses since the last turning point, the newest last.
  const std::vector<double> &losses() const { return history; }

  void save(ByteWriter &out) const;
  /// False if the bytes are not those of an indicator with these options.
  bool restore(ByteReader &in);

private:
  bool isTurningPoint() const;

  PfqIndicatorOptions options;
  int64_t currentStage = 0;
  double threshold;
  /// Of the losses in the normalizer.
  int64_t normalizerCount = 0;
  double normalizerSum = 0;
  std::vector<double> history;
};

} // namespace frac

#endif // FRAC_RUNTIME_PRECISION_PFQINDICATOR_H
