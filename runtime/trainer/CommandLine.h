//===- CommandLine.h - The executable's command line ------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_TRAINER_COMMANDLINE_H
#define FRAC_RUNTIME_TRAINER_COMMANDLINE_H

#include "runtime/frac_runtime.h"

namespace frac {

/// Parses the command line and runs a command of `code`. Prints every failure
/// as one line on stderr and returns the exit status; throws nothing.
int runCommandLine(const frac_program &code, int argc, const char *const *argv);

} // namespace frac

#endif // FRAC_RUNTIME_TRAINER_COMMANDLINE_H
