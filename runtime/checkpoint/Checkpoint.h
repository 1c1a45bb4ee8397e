//===- Checkpoint.h - Saved training ----------------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_CHECKPOINT_CHECKPOINT_H
#define FRAC_RUNTIME_CHECKPOINT_CHECKPOINT_H

#include "runtime/metrics/EpochRecord.h"
#include "runtime/program/Program.h"

#include <cstdint>
#include <string>
#include <vector>

namespace frac {

/// What must be the same for a resumed run to end in the same bits.
struct RunIdentity {
  uint64_t seed = 0;
  int64_t batch = 0;
  /// Checksum of the dataset, see `fingerprint`.
  uint32_t data = 0;
  std::string augment;
  std::string normalize;
};

/// Where the precision policy stands. `policy` is empty for a program whose
/// operands are float.
struct PrecisionProgress {
  std::string policy;
  /// What `PrecisionController::save` wrote.
  std::vector<unsigned char> controller;
  /// The widths of the last step, and those of an evaluation after it.
  RoleWidths inForce, evaluation;
  /// Of the samples since the last observation, where an interval is not an
  /// epoch.
  double intervalLossSum = 0;
  int64_t intervalSamples = 0;
  /// The running epoch.
  PrecisionRecord epoch;
};

/// How far training has come.
struct TrainingProgress {
  /// Steps taken since the start.
  int64_t iteration = 0;
  /// The running epoch, counted from 0, and the samples it has seen.
  int64_t epoch = 0;
  int64_t samplesInEpoch = 0;
  /// Sums over these samples.
  double lossSum = 0;
  double correctSum = 0;
  /// Wall time of the running epoch, and of all training so far.
  double epochSeconds = 0;
  /// What the processors drew in the running epoch, if that is known.
  double epochCpuJoules = 0;
  double wallSeconds = 0;
  double bestTestAccuracy = unknownNumber;
  /// Learning rate of the last step.
  double lastRate = 0;
  PrecisionProgress precision;
  /// The epochs that are complete.
  std::vector<EpochRecord> epochs;
};

/// Everything a checkpoint holds. The file is little-endian: the eight
/// characters "FRACCKPT", version (u32), size of the header (u64), size of the
/// state (u64), header, state, CRC-32C of all before (u32).
struct Checkpoint {
  RunIdentity identity;
  TrainingProgress progress;
  /// Worker threads of the run that wrote it.
  int32_t threads = 0;
  /// The variables in `state`; `modelOffset` is not kept.
  std::vector<Variable> variables;
  std::vector<unsigned char> state;
};

/// Writes a checkpoint of the state of `program`, atomically: whatever goes
/// wrong, an older file of that name stays whole.
void writeCheckpoint(const std::string &path, const Program &program,
                     const RunIdentity &identity,
                     const TrainingProgress &progress, int32_t threads,
                     const unsigned char *state);

/// Reads and checks a checkpoint. Throws Error for anything but a whole one.
Checkpoint readCheckpoint(const std::string &path);

/// Whether the file begins as a checkpoint does.
bool isCheckpoint(const std::string &path);

/// Throws Error, naming what differs, unless a run of `program` with `identity`
/// can go on from `checkpoint`.
void checkResumable(const std::string &path, const Checkpoint &checkpoint,
                    const Program &program, const RunIdentity &identity);

/// Throws Error unless the checkpoint's state is that of `program`: the same
/// variables at the same places.
void checkSameProgram(const std::string &path, const Checkpoint &checkpoint,
                      const Program &program);

} // namespace frac

#endif // FRAC_RUNTIME_CHECKPOINT_CHECKPOINT_H
