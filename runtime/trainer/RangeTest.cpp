//===- RangeTest.cpp - The precision range test ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/trainer/RangeTest.h"

#include "runtime/data/Shuffle.h"
#include "runtime/precision/RangeRule.h"
#include "runtime/support/Error.h"
#include "runtime/trainer/Interruption.h"
#include "runtime/trainer/Setup.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace frac {

/// Steps at each width where `--iterations` was not given.
static constexpr int64_t defaultSteps = 100;

namespace {
/// Steps of training through shuffled epochs, at widths that are given.
class RangeTest {
public:
  RangeTest(const Program &program, const Options &options)
      : program(program), options(options),
        recipe(resolveRecipe(program, options)),
        batch(resolveBatch(program, options)),
        dataset(loadData(program, options)),
        runner(program, Runner::Mode::Train, options.threads),
        batches(makeBatches(program, options, dataset, runner.runtime())) {
    applyInit(options, runner);
  }

  /// The mean training accuracy of `steps` steps; nothing if the user
  /// interrupts.
  std::optional<double> accuracyAt(int bits, int64_t steps, int64_t runLength) {
    RoleWidths widths = recipe.precision.widest();
    widths.activation = widths.weight = bits;
    runner.setWidths(symbolWidths(program.symbols, widths));
    double correct = 0, samples = 0;
    for (int64_t step = 0; step < steps; ++step) {
      if (interruption.requested())
        return std::nullopt;
      correct += takeStep(runLength, samples);
    }
    return correct / samples;
  }

private:
  /// Returns the number of correct samples, and adds to that of all.
  double takeStep(int64_t runLength, double &samples) {
    if (order.empty() || position == dataset.train.count) {
      order = shuffledOrder(dataset.train.count, options.seed, epoch++);
      position = 0;
    }
    int64_t count = std::min(batch, dataset.train.count - position);
    const auto &tensors = batches.make(dataset.train, order.data() + position,
                                       count, true, epoch - 1);
    CallResult result =
        runner.step(tensors, count, recipe.hyperAt(iteration, runLength),
                    options.seed, static_cast<uint64_t>(iteration));
    position += count;
    ++iteration;
    if (!std::isfinite(result.loss) || !std::isfinite(result.gradientNorm))
      throw DivergedError(
          program.model + ": error: the range test diverged at iteration " +
          std::to_string(iteration) + "; use a smaller --lr or a warmup");
    samples += static_cast<double>(count);
    return result.correct;
  }

  const Program &program;
  const Options &options;
  Recipe recipe;
  int64_t batch;
  Dataset dataset;
  Runner runner;
  BatchMaker batches;
  Interruption interruption;
  std::vector<int64_t> order;
  int64_t position = 0;
  uint32_t epoch = 0;
  int64_t iteration = 0;
};
} // namespace

static void check(const Program &program, const Options &options) {
  if (program.symbols.empty())
    throw UsageError("--range-test: error: the program was compiled to compute "
                     "in float; compile the model again with --set "
                     "precision.policy=cpt");
  if (!program.blocks.empty())
    throw UsageError("--range-test: error: gates choose the widths of this "
                     "program; compile the model again with --set "
                     "precision.policy=cpt");
  if (program.data.classes == 0)
    throw UsageError("--range-test: error: it compares accuracies, and the "
                     "program's loss has no classes");
  for (const PrecisionSymbol &symbol : program.symbols)
    if (symbol.role != SymbolRole::Error && !symbol.fixed &&
        options.rangeTestMax > symbol.maxBits)
      throw UsageError(
          "--range-test-max=" + std::to_string(options.rangeTestMax) +
          ": error: '" + symbol.name + "' was compiled for at most " +
          std::to_string(symbol.maxBits) + " bits; give that");
  struct {
    const char *flag;
    bool isGiven;
  } writers[] = {{"--checkpoint", !options.checkpoint.empty()},
                 {"--export", !options.exportPath.empty()},
                 {"--export-quantized", !options.quantizedPath.empty()},
                 {"--report", !options.report.empty()},
                 {"--log-dir", !options.logFolder.empty()},
                 {"--epochs", options.epochs > 0}};
  for (const auto &writer : writers)
    if (writer.isGiven)
      throw UsageError(std::string(writer.flag) +
                       ": error: --range-test writes no files and trains for "
                       "--iterations at each width; leave the flag out");
}

int runRangeTest(const Program &program, const Options &options) {
  check(program, options);
  constexpr double threshold = 0.01;
  int64_t steps = options.iterations > 0 ? options.iterations : defaultSteps;
  int64_t runLength = steps * (options.rangeTestMax - minWidth + 1);
  RangeTest test(program, options);
  std::vector<double> accuracies;
  std::printf("bits  mean training accuracy of %lld steps\n",
              static_cast<long long>(steps));
  for (int bits = minWidth; bits <= options.rangeTestMax; ++bits) {
    auto accuracy = test.accuracyAt(bits, steps, runLength);
    if (!accuracy)
      return ExitInterrupted;
    accuracies.push_back(*accuracy);
    std::printf("%4d  %.4f\n", bits, *accuracy);
    std::fflush(stdout);
  }
  double chance = 1 / static_cast<double>(program.data.classes);
  auto smallest = smallestUsefulWidth(accuracies, minWidth, chance, threshold);
  if (smallest)
    std::printf("smallest width: %d, where accuracy first rises by more than "
                "%g; precision.forward = [%d, %d]\n",
                *smallest, threshold, *smallest, options.rangeTestMax);
  else
    std::printf("no width raises accuracy by more than %g; use more "
                "--iterations\n",
                threshold);
  return ExitDone;
}

} // namespace frac
