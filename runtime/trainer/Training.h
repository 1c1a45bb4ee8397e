//===- Training.h - The training loop ---------------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_TRAINER_TRAINING_H
#define FRAC_RUNTIME_TRAINER_TRAINING_H

#include "runtime/checkpoint/Checkpoint.h"
#include "runtime/data/BatchMaker.h"
#include "runtime/metrics/CpuEnergy.h"
#include "runtime/metrics/EventFile.h"
#include "runtime/metrics/ProgressLine.h"
#include "runtime/program/Recipe.h"
#include "runtime/program/Runner.h"
#include "runtime/trainer/Interruption.h"
#include "runtime/trainer/KernelTimes.h"
#include "runtime/trainer/Options.h"
#include "runtime/trainer/PrecisionRun.h"

#include <chrono>
#include <memory>

namespace frac {

/// A run of `train`, from the first step (or a checkpoint) to the last. The
/// order of samples, their augmentation and every update depend on the seed and
/// on the position in training alone, so a run that is stopped and resumed
/// computes what it would have computed without the stop.
class Training {
public:
  /// Loads data and weights. Throws Error if anything does not fit.
  Training(const Program &program, const Options &options);

  /// Trains to the end. Returns an exit status: done, diverged or interrupted.
  int run();

private:
  enum class Outcome { Done, Interrupted };

  void resume();
  Outcome trainEpochs();
  Outcome trainEpoch();
  Outcome finishEpoch();
  void takeStep(const std::vector<int64_t> &order);
  void saveCheckpoint();
  void logStep(const CallResult &result);
  void logEpoch(const EpochRecord &record);
  void showProgress(const char *phase);
  void writeResults(const char *status, bool complete);
  EpochRecord currentRecord() const;

  /// Moves the time and the energy since the last call into the progress.
  void countTime();

  bool epochComplete() const {
    return progress.samplesInEpoch == dataset.train.count;
  }
  bool runComplete() const { return progress.iteration >= runLength; }

  using Clock = std::chrono::steady_clock;

  const Program &program;
  Options options;
  Recipe recipe;
  int64_t batch;
  Dataset dataset;
  Runner runner;
  BatchMaker batches;
  RunIdentity identity;
  TrainingProgress progress;
  PrecisionRun precision;
  int64_t runLength = 0;
  int64_t epochCount = 0;

  std::unique_ptr<EventFile> events;
  ProgressLine line;
  Interruption interruption;
  KernelTimes times;
  CpuEnergy cpuEnergy;

  Clock::time_point counted;
  /// Durations of the running epoch's steps since the program was started.
  std::vector<double> stepMs;
  double stepSecondsSum = 0;
  int64_t stepSamplesSum = 0;
};

} // namespace frac

#endif // FRAC_RUNTIME_TRAINER_TRAINING_H
