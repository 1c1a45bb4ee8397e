//===- Setup.h - What all commands that compute begin with ------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_TRAINER_SETUP_H
#define FRAC_RUNTIME_TRAINER_SETUP_H

#include "runtime/checkpoint/Checkpoint.h"
#include "runtime/data/BatchMaker.h"
#include "runtime/program/Recipe.h"
#include "runtime/program/Runner.h"
#include "runtime/trainer/Options.h"

#include <optional>

namespace frac {

/// The program's recipe with the settings of the command line, checked.
Recipe resolveRecipe(const Program &program, const Options &options);

/// The batch of the command line, or the planned one. Throws UsageError if the
/// program has no memory for it.
int64_t resolveBatch(const Program &program, const Options &options);

/// `--normalize`, or its default: none, but for a command that takes the
/// weights of a checkpoint what that was trained with.
std::string resolveNormalize(const Options &options);

/// Loads the dataset of `--data`; UsageError if none was given.
Dataset loadData(const Program &program, const Options &options);

/// Makes batches of `dataset` as the options say.
BatchMaker makeBatches(const Program &program, const Options &options,
                       const Dataset &dataset, frac_runtime *runtime);

/// Fills the state from `--init`, if given, and says so on stderr when some
/// variables keep their own values.
void applyInit(const Options &options, Runner &runner);

/// The widths to evaluate at: those of a `checkpoint` that training left,
/// unless there is none or `--set` says something of precision; else what the
/// policy ends with. 0 for a program without precision symbols.
RoleWidths resolveEvaluation(const Program &program, const Options &options,
                             const Recipe &recipe,
                             const std::optional<Checkpoint> &checkpoint);

/// Fills the state from `--checkpoint`, if given, for commands that do not
/// train, and returns it. It must be of this program.
std::optional<Checkpoint> applyCheckpoint(const Options &options,
                                          Runner &runner);

} // namespace frac

#endif // FRAC_RUNTIME_TRAINER_SETUP_H
