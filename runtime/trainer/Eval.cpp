//===- Eval.cpp - The eval command ----------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/ExportQuantizedModel.h"
#include "runtime/metrics/Report.h"
#include "runtime/support/Error.h"
#include "runtime/support/Files.h"
#include "runtime/trainer/Commands.h"
#include "runtime/trainer/Evaluation.h"
#include "runtime/trainer/Interruption.h"
#include "runtime/trainer/KernelTimes.h"
#include "runtime/trainer/PrecisionRun.h"
#include "runtime/trainer/Setup.h"

#include <chrono>
#include <cmath>
#include <cstdio>

namespace frac {

/// "8", or "4 of activations, 8 of weights"; with gates the most that they
/// choose, "up to 6 of activations, 4 of weights".
static std::string evalWidthsText(const RoleWidths &widths, bool isGated) {
  std::string activation =
      (isGated ? "up to " : "") + std::to_string(widths.activation);
  if (widths.activation == widths.weight && !isGated)
    return activation;
  return activation + " of activations, " + std::to_string(widths.weight) +
         " of weights";
}

int runEval(const Program &program, const Options &given) {
  Options options = given;
  options.normalize = resolveNormalize(given);
  Recipe recipe = resolveRecipe(program, options);
  int64_t batch = resolveBatch(program, options);
  Dataset dataset = loadData(program, options);
  if (dataset.test.count == 0)
    fail(options.data, "has no test split; give one with "
                       "npz:TRAIN.npz,TEST.npz");
  for (const std::string *path : {&options.quantizedPath, &options.report})
    if (!path->empty())
      checkWritable(*path);
  Runner runner(program, Runner::Mode::Evaluate, options.threads);
  BatchMaker batches = makeBatches(program, options, dataset, runner.runtime());
  applyInit(options, runner);
  std::optional<Checkpoint> checkpoint = applyCheckpoint(options, runner);
  RoleWidths widths = resolveEvaluation(program, options, recipe, checkpoint);
  if (auto controller = makeController(program, recipe))
    setPrecision(runner, *controller, recipe.precision, widths, std::nullopt);
  if (!options.quantizedPath.empty())
    exportQuantizedModel(options.quantizedPath, runner, widths);

  KernelTimes times(*runner.runtime(), options.profile);
  Interruption interruption;
  auto begin = std::chrono::steady_clock::now();
  auto evaluation =
      evaluateSplit(runner, batches, dataset.test, batch,
                    [&](int64_t) { return !interruption.requested(); });
  if (!evaluation)
    return ExitInterrupted;
  double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
          .count();
  std::printf("test loss %.6f", evaluation->loss);
  if (std::isfinite(evaluation->accuracy))
    std::printf(" accuracy %.4f", evaluation->accuracy);
  if (widths.weight)
    std::printf("  bits %s",
                evalWidthsText(widths, !program.blocks.empty()).c_str());
  std::printf("  %lld samples  %.1f s\n",
              static_cast<long long>(dataset.test.count), seconds);
  std::vector<KernelShare> kernels = times.shares();
  printKernelShares(kernels);
  if (!options.report.empty()) {
    EvalReport report;
    report.loss = evaluation->loss;
    report.accuracy = evaluation->accuracy;
    report.samples = dataset.test.count;
    report.seconds = seconds;
    report.threads = runner.threads();
    report.batch = batch;
    report.widths = widths;
    report.kernels = kernels;
    writeEvalReport(options.report, report, program);
  }
  return ExitDone;
}

} // namespace frac
