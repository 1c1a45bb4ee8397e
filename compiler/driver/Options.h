//===- Options.h - What the command line asks for
//------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_DRIVER_OPTIONS_H
#define FRAC_COMPILER_DRIVER_OPTIONS_H

#include "compiler/cost/CostChoice.h"
#include "compiler/cost/CostStages.h"

#include <cstdint>
#include <string>
#include <vector>

namespace frac {

/// Where compilation stops and what it prints, in the order of the pipeline.
enum class Stage {
  /// The model in the nn dialect.
  OnnxImport,
  /// The training program with gradients and update.
  Backward,
  /// The same with quantize operators, if the recipe's policy has any.
  Quantized,
  /// Kernels, runtime calls and a planned workspace, before LLVM.
  Lowered,
  /// Optimized LLVM IR.
  LLVM,
  /// A relocatable object.
  Object,
  /// The training executable.
  Executable,
};

/// What to do with BatchNormalization.
enum class BatchNormMode {
  /// Train what is there.
  Keep,
  /// Put an identity in after every Conv that feeds an activation or addition.
  Unfold,
};

/// What every command on a model takes.
struct ModelOptions {
  std::string modelPath;
  /// Empty: the default recipe.
  std::string recipePath;
  /// KEY=VALUE.
  std::vector<std::string> overrides;
  /// Samples the program is planned for.
  int64_t batch = 128;
  BatchNormMode batchNorm = BatchNormMode::Keep;
  /// Regular expressions on initializer names; empty: no restriction.
  std::string trainable;
  std::string frozen;
  std::string targetCpu = "native";
};

struct CompileOptions : ModelOptions {
  /// The executable, or where a stage is printed; empty with a stage: stdout.
  std::string outputPath;
  Stage stage = Stage::Executable;
  /// What the energies in the program's reports go by.
  CostChoice cost;
  /// Tell on stderr what takes long.
  bool verbose = false;
};

struct RunOptions : ModelOptions {
  std::string inputsPath;
  std::string outputsPath;
};

struct InspectOptions : ModelOptions {
  /// Also write the summary as JSON; empty: do not.
  std::string jsonPath;
};

struct EstimateOptions : ModelOptions {
  /// A table of shapes to estimate in place of a model; empty: none.
  std::string shapesPath;
  CostChoice cost;
  TrainingMapping mapping = TrainingMapping::Best;
  /// Whether all images are written out as matrices of windows, not the first
  /// convolution's alone.
  bool allWindows = false;
  /// Widths in place of the recipe's, and others to compare with; as
  /// `parseWidths` reads them, or empty.
  std::string widths, compare;
  TrainingLength length;
  /// A copy of the model with the widths of its layers as ZigZag reads them;
  /// empty: none.
  std::string zigzagPath;
  /// Where to write what the table says; empty: nowhere, but with shapes the
  /// CSV goes to standard output.
  std::string jsonPath, csvPath;
};

struct TestOnnxOptions {
  std::vector<std::string> folders;
  std::string targetCpu = "native";
};

struct ReportOptions {
  /// Files that `train --report` wrote.
  std::vector<std::string> reportPaths;
  /// The page; "-" is standard output.
  std::string outputPath;
};

} // namespace frac

#endif // FRAC_COMPILER_DRIVER_OPTIONS_H
