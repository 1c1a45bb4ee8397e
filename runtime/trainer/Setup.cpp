//===- Setup.cpp - What all commands that compute begin with --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/trainer/Setup.h"

#include "runtime/checkpoint/InitialWeights.h"
#include "runtime/support/Error.h"
#include "runtime/trainer/PrecisionRun.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace frac {

Recipe resolveRecipe(const Program &program, const Options &options) {
  Recipe recipe(program);
  for (const std::string &setting : options.settings)
    recipe.set(setting);
  recipe.check();
  return recipe;
}

int64_t resolveBatch(const Program &program, const Options &options) {
  if (options.batch == 0)
    return program.batch;
  if (options.batch > program.batch)
    throw UsageError("--batch=" + std::to_string(options.batch) +
                     ": error: the program is planned for batches of at most " +
                     std::to_string(program.batch) +
                     "; compile it with a larger --batch");
  return options.batch;
}

std::string resolveNormalize(const Options &options) {
  if (!options.normalize.empty())
    return options.normalize;
  for (const std::string *path : {&options.checkpoint, &options.init})
    if (!path->empty() && isCheckpoint(*path))
      return readCheckpoint(*path).identity.normalize;
  return "none";
}

Dataset loadData(const Program &program, const Options &options) {
  if (options.data.empty())
    throw UsageError("--data: error: no dataset was given; accepted are "
                     "idx:DIR, cifar10:DIR, cifar100:DIR, "
                     "npz:TRAIN.npz[,TEST.npz] and synthetic:N[:CLASSES]");
  return loadDataset(options.data, program.data, options.seed);
}

BatchMaker makeBatches(const Program &program, const Options &options,
                       const Dataset &dataset, frac_runtime *runtime) {
  BatchOptions batchOptions;
  batchOptions.normalize = options.normalize;
  batchOptions.augment = options.augment == "cifar";
  batchOptions.seed = options.seed;
  batchOptions.batch = resolveBatch(program, options);
  return BatchMaker(options.data, dataset, program.data, batchOptions, runtime);
}

void applyInit(const Options &options, Runner &runner) {
  if (options.init.empty())
    return;
  InitialWeights found = loadInitialWeights(options.init, runner);
  if (found.missing)
    std::fprintf(stderr,
                 "%s: note: gives %lld variables; %lld others keep the values "
                 "they were compiled with\n",
                 options.init.c_str(), static_cast<long long>(found.loaded),
                 static_cast<long long>(found.missing));
}

RoleWidths resolveEvaluation(const Program &program, const Options &options,
                             const Recipe &recipe,
                             const std::optional<Checkpoint> &checkpoint) {
  std::unique_ptr<PrecisionController> controller =
      makeController(program, recipe);
  if (!controller)
    return RoleWidths();
  bool isSet = std::any_of(
      options.settings.begin(), options.settings.end(),
      [](const std::string &text) { return text.rfind("precision.", 0) == 0; });
  if (checkpoint && !isSet) {
    RoleWidths widths = checkpoint->progress.precision.evaluation;
    if (!widthsFit(program.symbols, widths))
      fail(options.checkpoint, "holds widths of evaluation that the program "
                               "has no storage for; give others with --set "
                               "precision.eval=N");
    return widths;
  }
  return evaluationWidths(recipe.precision, controller->lastWidths());
}

std::optional<Checkpoint> applyCheckpoint(const Options &options,
                                          Runner &runner) {
  if (options.checkpoint.empty())
    return std::nullopt;
  Checkpoint checkpoint = readCheckpoint(options.checkpoint);
  checkSameProgram(options.checkpoint, checkpoint, runner.program());
  std::memcpy(runner.state(), checkpoint.state.data(), checkpoint.state.size());
  return checkpoint;
}

} // namespace frac
