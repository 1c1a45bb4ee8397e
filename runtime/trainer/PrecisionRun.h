//===- PrecisionRun.h - The widths of a run of training ---------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_TRAINER_PRECISIONRUN_H
#define FRAC_RUNTIME_TRAINER_PRECISIONRUN_H

#include "runtime/checkpoint/Checkpoint.h"
#include "runtime/precision/PrecisionController.h"
#include "runtime/program/Recipe.h"
#include "runtime/program/Runner.h"

#include <memory>

namespace frac {

/// The precision policy at work in a run of training: gives every call its
/// widths, tells the controller the losses, and counts what was done. All of
/// its functions do nothing for a program without precision symbols.
class PrecisionRun {
public:
  /// Keeps what a checkpoint needs in `progress`, which must outlive it.
  /// The costs of `batch` samples go into the counts.
  PrecisionRun(const Program &program, const Recipe &recipe, int64_t batch,
               PrecisionProgress &progress);

  /// Goes on from `progress`, which came from the checkpoint `path`. Throws
  /// Error if it does not fit the recipe.
  void restore(const std::string &path);

  /// Sets the widths of the step `iteration`, counted from 0.
  void beginStep(Runner &runner, int64_t iteration, int64_t runLength);

  /// Counts the step, and tells the controller the loss where an interval of
  /// iterations ends with it. `iterations` are the steps taken so far.
  void endStep(const Runner &runner, double loss, int64_t samples,
               int64_t iterations);

  /// The widths of an evaluation after the last step; 0 for a program without
  /// symbols.
  RoleWidths evaluation() const;

  /// Sets the widths of an evaluation.
  void beginEvaluation(Runner &runner) const;

  /// Ends an epoch, whose record this is: moves the counts there, and tells the
  /// controller its loss where an interval is an epoch and the epoch is
  /// complete.
  void endEpoch(EpochRecord &record, bool isComplete);

  /// What the energies of the counts go by.
  EnergySource energySource() const { return meter.source(); }

  /// The energy of the running epoch.
  const EnergySums &energy() const { return progress.epoch.energy; }

  /// Brings `progress` up to date for a checkpoint.
  void save() const;

  /// The widths of the last step; before the first, those it will have. 0 for
  /// a program without symbols.
  const RoleWidths &inForce() const { return progress.inForce; }

private:
  void observe(double loss);

  const Program &program;
  PrecisionSettings settings;
  PrecisionProgress &progress;
  /// Null for a program without symbols.
  std::unique_ptr<PrecisionController> controller;
  /// By symbol, of the running step.
  std::vector<int32_t> widths;
  EnergyMeter meter;
};

/// A controller at the start of training, or null for a program without
/// precision symbols.
std::unique_ptr<PrecisionController> makeController(const Program &program,
                                                    const Recipe &recipe);

/// Gives the calls to come `widths` by role, and tells the gates, where the
/// program has any, what `controller` aims at in the step `iteration`, or in an
/// evaluation.
void setPrecision(Runner &runner, const PrecisionController &controller,
                  const PrecisionSettings &settings, const RoleWidths &widths,
                  std::optional<int64_t> iteration);

/// `widths`, or those that `precision.eval` names in their place.
RoleWidths evaluationWidths(const PrecisionSettings &settings,
                            RoleWidths widths);

} // namespace frac

#endif // FRAC_RUNTIME_TRAINER_PRECISIONRUN_H
