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

namespace frac {

/// The program's recipe with the settings of the command line.
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

/// Fills the state from `--checkpoint`, if given, for commands that do not
/// train. The checkpoint must be of this program.
void applyCheckpoint(const Options &options, Runner &runner);

} // namespace frac

#endif // FRAC_RUNTIME_TRAINER_SETUP_H
