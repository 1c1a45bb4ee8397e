//===- Commands.h - The commands of an executable ---------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_TRAINER_COMMANDS_H
#define FRAC_RUNTIME_TRAINER_COMMANDS_H

#include "runtime/program/Program.h"
#include "runtime/trainer/Options.h"

namespace frac {

// Each command returns an exit status and throws Error for what the user has to
// know.

/// `train`: trains as the options say.
int runTrain(const Program &program, const Options &options);

/// `eval`: loss and accuracy on the test split.
int runEval(const Program &program, const Options &options);

/// `grad`: loss and gradients of one batch, without an update.
int runGrad(const Program &program, const Options &options);

/// `info`: what is inside.
int runInfo(const Program &program, const Options &options);

} // namespace frac

#endif // FRAC_RUNTIME_TRAINER_COMMANDS_H
