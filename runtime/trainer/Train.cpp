//===- Train.cpp - The train command --------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/ExportQuantizedModel.h"
#include "runtime/support/Error.h"
#include "runtime/trainer/Commands.h"
#include "runtime/trainer/RangeTest.h"
#include "runtime/trainer/Setup.h"
#include "runtime/trainer/Training.h"

namespace frac {

int runTrain(const Program &program, const Options &options) {
  if (options.resume && options.checkpoint.empty())
    throw UsageError("--resume: error: it needs the --checkpoint to go on "
                     "from");
  if (options.checkpointEvery > 0 && options.checkpoint.empty())
    throw UsageError("--checkpoint-every: error: it needs --checkpoint=FILE to "
                     "write to");
  Options complete = options;
  if (complete.normalize.empty())
    complete.normalize = "none";
  if (options.rangeTest)
    return runRangeTest(program, complete);
  if (!options.quantizedPath.empty())
    checkQuantizedExport(program,
                         resolveEvaluation(program, options,
                                           resolveRecipe(program, options),
                                           std::nullopt));
  return Training(program, complete).run();
}

} // namespace frac
