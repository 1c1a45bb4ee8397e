//===- Report.h - The report of a run ---------------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_METRICS_REPORT_H
#define FRAC_RUNTIME_METRICS_REPORT_H

#include "runtime/metrics/EpochRecord.h"
#include "runtime/metrics/KernelShare.h"
#include "runtime/program/Program.h"

#include <cstdint>
#include <string>
#include <vector>

namespace frac {

/// What `--report` writes.
struct Report {
  /// "done", "interrupted" or "diverged".
  std::string status = "done";
  /// The recipe in force, as JSON text.
  std::string recipe;
  uint64_t seed = 0;
  int threads = 0;
  int64_t batch = 0;
  std::vector<EpochRecord> epochs;
  GateSettings gate;
  EnergySource energySource;
  double wallSeconds = 0;
  double bestTestAccuracy = unknownNumber;
  /// Empty unless the run was profiled.
  std::vector<KernelShare> kernels;
  std::vector<KernelWork> work;
};

/// Writes the report as JSON, atomically; docs/training-executable.md lists
/// its keys.
void writeReport(const std::string &path, const Report &report,
                 const Program &program);

/// What `eval --report` writes.
struct EvalReport {
  double loss = 0;
  double accuracy = unknownNumber;
  int64_t samples = 0;
  double seconds = 0;
  int threads = 0;
  int64_t batch = 0;
  /// The widths that activations and weights had; 0 if all is in float.
  RoleWidths widths;
  /// Empty unless the run was profiled.
  std::vector<KernelShare> kernels;
};

/// Writes the numbers of an evaluation as JSON, atomically.
void writeEvalReport(const std::string &path, const EvalReport &report,
                     const Program &program);

/// The largest resident memory of this process so far.
int64_t peakMemoryBytes();

} // namespace frac

#endif // FRAC_RUNTIME_METRICS_REPORT_H
