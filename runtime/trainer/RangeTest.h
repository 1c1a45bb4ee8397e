//===- RangeTest.h - The precision range test -------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_TRAINER_RANGETEST_H
#define FRAC_RUNTIME_TRAINER_RANGETEST_H

#include "runtime/program/Program.h"
#include "runtime/trainer/Options.h"

namespace frac {

/// `train --range-test`: trains for `--iterations` steps at each width of
/// activations and weights from the narrowest to `--range-test-max`, one after
/// the other on the same weights, with errors at the widest that the recipe
/// gives them. Prints the mean training accuracy of each width and the smallest
/// one that is worth while (`smallestUsefulWidth`) on stdout. Writes no file.
/// Returns an exit status; throws Error.
int runRangeTest(const Program &program, const Options &options);

} // namespace frac

#endif // FRAC_RUNTIME_TRAINER_RANGETEST_H
