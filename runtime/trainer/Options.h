//===- Options.h - What the user asked for ----------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_TRAINER_OPTIONS_H
#define FRAC_RUNTIME_TRAINER_OPTIONS_H

#include <cstdint>
#include <string>
#include <vector>

namespace frac {

/// The flags of the executable, see docs and `--help`. Empty text and 0 mean
/// that a flag was not given.
struct Options {
  std::string data;
  std::string augment = "none";
  std::string normalize;
  int64_t epochs = 0;
  int64_t iterations = 0;
  /// KEY=VALUE, in the order given; `--lr` is among them.
  std::vector<std::string> settings;
  uint64_t seed = 0;
  int threads = 0;
  int64_t batch = 0;
  std::string checkpoint;
  int64_t checkpointEvery = 0;
  bool resume = false;
  std::string init;
  std::string exportPath;
  /// `train` and `eval`: the model with quantized operands.
  std::string quantizedPath;
  std::string report;
  std::string logFolder;
  int64_t logEvery = 10;
  bool quiet = false;
  /// `train`: look for the range of cyclic precision in place of training, up
  /// to this width.
  bool rangeTest = false;
  int rangeTestMax = 8;
  /// `train` and `eval`: measure the kernels.
  bool profile = false;
  /// `grad`: the archive to write, and the step, counted from 0, whose random
  /// numbers and samples that train the gates are used.
  std::string out;
  int64_t gradIteration = 0;
};

/// Epochs of a run for which neither `--epochs` nor `--iterations` was given.
constexpr int64_t defaultEpochs = 10;

/// Exit statuses of the executable.
enum ExitStatus {
  ExitDone = 0,
  ExitBadInput = 1,
  ExitWrongUsage = 2,
  ExitDiverged = 3,
  ExitInterrupted = 130,
};

} // namespace frac

#endif // FRAC_RUNTIME_TRAINER_OPTIONS_H
