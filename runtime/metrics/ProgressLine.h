//===- ProgressLine.h - What the user sees while it trains ------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_METRICS_PROGRESSLINE_H
#define FRAC_RUNTIME_METRICS_PROGRESSLINE_H

#include "runtime/metrics/EpochRecord.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace frac {

/// The state of the running epoch.
struct LiveNumbers {
  int64_t epoch = 0;
  int64_t epochs = 0;
  /// Steps taken and steps of the whole run.
  int64_t iteration = 0;
  int64_t iterations = 0;
  double loss = 0;
  double accuracy = unknownNumber;
  double samplesPerSecond = 0;
  /// The widths of the last step; 0 if all is in float.
  RoleWidths widths;
  /// The running epoch's energy on the accelerator; 0 if there is none.
  double joules = 0;
  /// What is being done: "train" or "test".
  const char *phase = "train";
};

/// A line that is written over and over on a terminal (stderr), and one plain
/// line an epoch on stdout.
class ProgressLine {
public:
  /// `quiet` leaves out both.
  explicit ProgressLine(bool quiet);
  /// Erases the live line.
  ~ProgressLine();
  ProgressLine(const ProgressLine &) = delete;
  ProgressLine &operator=(const ProgressLine &) = delete;

  /// Whether the next `update` would be shown: a terminal, and some time has
  /// passed since the last one.
  bool due() const;

  void update(const LiveNumbers &numbers);
  void epochDone(const EpochRecord &record, int64_t epochs);

private:
  void erase();

  using Clock = std::chrono::steady_clock;
  bool quiet;
  bool live;
  bool drawn = false;
  Clock::time_point started = Clock::now();
  Clock::time_point last;
  int64_t firstIteration = -1;
};

/// "1:02:03" or "2:03".
std::string clockText(double seconds);

/// The line of an epoch, without its newline.
std::string epochText(const EpochRecord &record, int64_t epochs);

} // namespace frac

#endif // FRAC_RUNTIME_METRICS_PROGRESSLINE_H
