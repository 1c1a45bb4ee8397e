//===- Grad.cpp - The grad command ----------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/NpzFile.h"
#include "runtime/data/Shuffle.h"
#include "runtime/support/Error.h"
#include "runtime/support/Files.h"
#include "runtime/trainer/Commands.h"
#include "runtime/trainer/PrecisionRun.h"
#include "runtime/trainer/Setup.h"

#include <algorithm>
#include <cstdio>

namespace frac {

int runGrad(const Program &program, const Options &given) {
  Options options = given;
  options.normalize = resolveNormalize(given);
  if (options.out.empty())
    throw UsageError("--out: error: no file was given; give --out=FILE.npz");
  if (!program.code->grad)
    fail(program.model, "the program has no gradient entry; compile it again");
  Recipe recipe = resolveRecipe(program, options);
  int64_t batch = resolveBatch(program, options);
  Dataset dataset = loadData(program, options);
  checkWritable(options.out);
  Runner runner(program, Runner::Mode::Gradients, options.threads);
  BatchMaker batches = makeBatches(program, options, dataset, runner.runtime());
  applyInit(options, runner);
  applyCheckpoint(options, runner);
  // The widths that training would begin with.
  if (auto controller = makeController(program, recipe))
    setPrecision(runner, *controller, recipe.precision,
                 controller->widthsAt(0, 1), options.gradIteration);

  int64_t count = std::min(batch, dataset.train.count);
  std::vector<int64_t> order = fileOrder(count);
  const auto &tensors =
      batches.make(dataset.train, order.data(), count, false, 0);
  CallResult result =
      runner.gradients(tensors, count, recipe.hyperAt(0, 1), options.seed,
                       static_cast<uint64_t>(options.gradIteration));

  std::vector<NpzEntry> entries;
  entries.push_back({"loss", ElementType::F32, {}, &result.loss});
  for (const Variable &variable : program.variables) {
    if (variable.role != VariableRole::Gradient)
      continue;
    if (variable.of == "loss")
      fail(options.out, "cannot hold the gradient of a parameter named 'loss' "
                        "beside the loss; rename the initializer in the model");
    entries.push_back({variable.of, ElementType::F32, variable.shape,
                       runner.values(variable)});
  }
  writeNpz(options.out, entries);
  std::printf("loss %.6f  %lld samples  %zu gradients in %s\n", result.loss,
              static_cast<long long>(count), entries.size() - 1,
              options.out.c_str());
  return ExitDone;
}

} // namespace frac
