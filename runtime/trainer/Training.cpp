//===- Training.cpp - The training loop -----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/trainer/Training.h"

#include "runtime/checkpoint/ExportModel.h"
#include "runtime/checkpoint/ExportQuantizedModel.h"
#include "runtime/data/Shuffle.h"
#include "runtime/metrics/Report.h"
#include "runtime/support/Error.h"
#include "runtime/support/Files.h"
#include "runtime/trainer/Evaluation.h"
#include "runtime/trainer/Setup.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace frac {

/// Seconds after which time and energy are counted in the middle of an epoch.
static constexpr double longestCount = 60;

static double secondsBetween(std::chrono::steady_clock::time_point begin,
                             std::chrono::steady_clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

Training::Training(const Program &program, const Options &options)
    : program(program), options(options),
      recipe(resolveRecipe(program, options)),
      batch(resolveBatch(program, options)),
      dataset(loadData(program, options)),
      runner(program, Runner::Mode::Train, options.threads),
      batches(makeBatches(program, options, dataset, runner.runtime())),
      precision(program, recipe, batch, progress.precision),
      line(options.quiet), times(*runner.runtime(), options.profile),
      counted(Clock::now()) {
  for (const std::string *path : {&options.checkpoint, &options.exportPath,
                                  &options.quantizedPath, &options.report})
    if (!path->empty())
      checkWritable(*path);
  int64_t stepsPerEpoch = (dataset.train.count + batch - 1) / batch;
  if (options.iterations > 0) {
    runLength = options.iterations;
    epochCount = (runLength + stepsPerEpoch - 1) / stepsPerEpoch;
  } else {
    epochCount = options.epochs > 0 ? options.epochs : defaultEpochs;
    runLength = epochCount * stepsPerEpoch;
  }
  identity.seed = options.seed;
  identity.batch = batch;
  identity.augment = options.augment;
  identity.normalize = options.normalize;
  if (!options.checkpoint.empty())
    identity.data = fingerprint(dataset);

  if (options.resume && fileExists(options.checkpoint))
    resume();
  else
    applyInit(options, runner);
  if (options.resume && !fileExists(options.checkpoint))
    std::fprintf(stderr,
                 "%s: note: there is no such checkpoint yet; training starts "
                 "from the beginning\n",
                 options.checkpoint.c_str());
  if (!options.logFolder.empty())
    events = std::make_unique<EventFile>(options.logFolder);
}

void Training::resume() {
  const std::string &path = options.checkpoint;
  Checkpoint checkpoint = readCheckpoint(path);
  checkResumable(path, checkpoint, program, identity);
  if (checkpoint.progress.samplesInEpoch > dataset.train.count)
    fail(path, "its position in training is impossible; start again without "
               "--resume");
  progress = std::move(checkpoint.progress);
  precision.restore(path);
  std::memcpy(runner.state(), checkpoint.state.data(), checkpoint.state.size());
  if (checkpoint.threads != runner.threads())
    std::fprintf(stderr,
                 "%s: note: was written by a run with %d thread(s), this one "
                 "has %d: the result may differ in its last bits\n",
                 path.c_str(), checkpoint.threads, runner.threads());
  if (runComplete())
    std::fprintf(stderr,
                 "%s: note: all %lld iterations are done; nothing is left to "
                 "train\n",
                 path.c_str(), static_cast<long long>(runLength));
}

int Training::run() {
  try {
    Outcome outcome = trainEpochs();
    if (outcome == Outcome::Interrupted) {
      if (!options.checkpoint.empty())
        saveCheckpoint();
      writeResults("interrupted", false);
      std::fprintf(stderr, "%s: interrupted after iteration %lld%s\n",
                   program.model.c_str(),
                   static_cast<long long>(progress.iteration),
                   options.checkpoint.empty()
                       ? "; no --checkpoint was given, so nothing is kept"
                       : "; go on with --resume");
      return ExitInterrupted;
    }
  } catch (const DivergedError &) {
    writeResults("diverged", false);
    throw;
  }
  writeResults("done", true);
  return ExitDone;
}

Training::Outcome Training::trainEpochs() {
  counted = Clock::now();
  while (!runComplete() || progress.samplesInEpoch > 0) {
    if (trainEpoch() == Outcome::Interrupted ||
        finishEpoch() == Outcome::Interrupted)
      return Outcome::Interrupted;
    if (interruption.requested() && !runComplete())
      return Outcome::Interrupted;
    // An epoch that the end of the run cuts short is closed in the report only:
    // the checkpoint can go on in its middle.
    if (runComplete())
      break;
  }
  return Outcome::Done;
}

/// Takes the steps that are left of the running epoch.
Training::Outcome Training::trainEpoch() {
  stepMs.clear();
  std::vector<int64_t> order = shuffledOrder(
      dataset.train.count, options.seed, static_cast<uint32_t>(progress.epoch));
  while (!epochComplete() && !runComplete()) {
    if (interruption.requested())
      return Outcome::Interrupted;
    takeStep(order);
    showProgress("train");
    if (!options.checkpoint.empty() && options.checkpointEvery > 0 &&
        progress.iteration % options.checkpointEvery == 0)
      saveCheckpoint();
  }
  return Outcome::Done;
}

void Training::takeStep(const std::vector<int64_t> &order) {
  Clock::time_point begin = Clock::now();
  int64_t count =
      std::min(batch, dataset.train.count - progress.samplesInEpoch);
  Hyper hyper = recipe.hyperAt(progress.iteration, runLength);
  const auto &tensors =
      batches.make(dataset.train, order.data() + progress.samplesInEpoch, count,
                   true, static_cast<uint32_t>(progress.epoch));
  precision.beginStep(runner, progress.iteration, runLength);
  CallResult result = runner.step(tensors, count, hyper, options.seed,
                                  static_cast<uint64_t>(progress.iteration));
  if (!std::isfinite(result.loss) || !std::isfinite(result.gradientNorm))
    throw DivergedError(program.model + ": error: training diverged: the " +
                        (std::isfinite(result.loss) ? "gradient" : "loss") +
                        " of iteration " +
                        std::to_string(progress.iteration + 1) +
                        " is not finite; use a smaller --lr, a warmup, or "
                        "--set optimizer.clip_norm=1");

  progress.lossSum +=
      static_cast<double>(result.loss) * static_cast<double>(count);
  progress.correctSum += result.correct;
  progress.samplesInEpoch += count;
  progress.iteration += 1;
  progress.lastRate = recipe.rateAt(progress.iteration - 1, runLength);
  precision.endStep(runner, result.loss, count, progress.iteration);
  double seconds = secondsBetween(begin, Clock::now());
  stepMs.push_back(seconds * 1000);
  stepSecondsSum += seconds;
  stepSamplesSum += count;
  // Energy counters must not wrap unseen.
  if (secondsBetween(counted, Clock::now()) > longestCount)
    countTime();
  logStep(result);
}

/// Evaluates and closes the epoch.
Training::Outcome Training::finishEpoch() {
  bool complete = epochComplete();
  // Before the evaluation: a run that goes on later must find the epoch open.
  if (!complete && !options.checkpoint.empty())
    saveCheckpoint();
  EpochRecord record = currentRecord();
  if (dataset.test.count > 0) {
    precision.beginEvaluation(runner);
    auto evaluation =
        evaluateSplit(runner, batches, dataset.test, batch, [&](int64_t) {
          showProgress("test");
          return !interruption.requested();
        });
    if (!evaluation)
      return Outcome::Interrupted;
    record.testLoss = evaluation->loss;
    record.testAccuracy = evaluation->accuracy;
  }
  countTime();
  record.seconds = progress.epochSeconds;
  record.cpuJoules = progress.epochCpuJoules;
  // False for an unknown accuracy, true for the first known one.
  if (record.testAccuracy > progress.bestTestAccuracy ||
      (std::isfinite(record.testAccuracy) &&
       !std::isfinite(progress.bestTestAccuracy)))
    progress.bestTestAccuracy = record.testAccuracy;
  precision.endEpoch(record, complete);
  progress.epochs.push_back(record);
  progress.epoch += 1;
  progress.samplesInEpoch = 0;
  progress.lossSum = progress.correctSum = 0;
  progress.epochSeconds = 0;
  progress.epochCpuJoules = 0;
  logEpoch(record);
  line.epochDone(record, std::max(epochCount, record.epoch));
  if (complete && !options.checkpoint.empty())
    saveCheckpoint();
  return Outcome::Done;
}

EpochRecord Training::currentRecord() const {
  EpochRecord record;
  auto samples = static_cast<double>(progress.samplesInEpoch);
  record.epoch = progress.epoch + 1;
  record.iterations = progress.iteration;
  record.samples = progress.samplesInEpoch;
  record.trainLoss = progress.lossSum / samples;
  if (program.data.classes > 0)
    record.trainAccuracy = progress.correctSum / samples;
  record.lr = progress.lastRate;
  if (!stepMs.empty()) {
    std::vector<double> sorted = stepMs;
    auto middle = sorted.begin() + static_cast<ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    record.stepMsMedian = *middle;
  }
  return record;
}

void Training::saveCheckpoint() {
  if (!runner.stateIsFinite())
    throw DivergedError(program.model +
                        ": error: training diverged: after iteration " +
                        std::to_string(progress.iteration) +
                        " a variable is not finite; use a smaller --lr, a "
                        "warmup, or --set optimizer.clip_norm=1");
  countTime();
  precision.save();
  writeCheckpoint(options.checkpoint, program, identity, progress,
                  runner.threads(), runner.state());
}

void Training::countTime() {
  Clock::time_point now = Clock::now();
  double seconds = secondsBetween(counted, now);
  counted = now;
  progress.epochSeconds += seconds;
  progress.wallSeconds += seconds;
  // What is not known stays so, whatever is added.
  progress.epochCpuJoules +=
      cpuEnergy.isKnown() ? cpuEnergy.sinceLast() : unknownNumber;
}

void Training::showProgress(const char *phase) {
  if (!line.due())
    return;
  auto samples = static_cast<double>(progress.samplesInEpoch);
  LiveNumbers numbers;
  numbers.epoch = progress.epoch + 1;
  numbers.epochs = std::max(epochCount, numbers.epoch);
  numbers.iteration = progress.iteration;
  numbers.iterations = runLength;
  numbers.loss = progress.lossSum / samples;
  if (program.data.classes > 0)
    numbers.accuracy = progress.correctSum / samples;
  if (stepSecondsSum > 0)
    numbers.samplesPerSecond =
        static_cast<double>(stepSamplesSum) / stepSecondsSum;
  numbers.widths = precision.inForce();
  numbers.joules = precision.energy().total();
  numbers.phase = phase;
  line.update(numbers);
}

void Training::logStep(const CallResult &result) {
  if (!events || progress.iteration % options.logEvery != 0)
    return;
  std::vector<Scalar> scalars = {
      {"step/loss", result.loss},
      {"step/gradient_norm", result.gradientNorm},
      {"step/lr", static_cast<float>(progress.lastRate)}};
  const RoleWidths &widths = precision.inForce();
  if (widths.weight) {
    scalars.emplace_back("step/bits_activation", widths.activation);
    scalars.emplace_back("step/bits_weight", widths.weight);
    scalars.emplace_back("step/bits_error", widths.error);
  }
  events->write(progress.iteration, scalars);
}

void Training::logEpoch(const EpochRecord &record) {
  if (!events)
    return;
  std::vector<Scalar> scalars;
  auto add = [&](const std::string &name, double value) {
    if (std::isfinite(value))
      scalars.emplace_back(name, static_cast<float>(value));
  };
  add("train/loss", record.trainLoss);
  add("train/accuracy", record.trainAccuracy);
  add("test/loss", record.testLoss);
  add("test/accuracy", record.testAccuracy);
  add("time/epoch_seconds", record.seconds);
  add("time/step_ms_median", record.stepMsMedian);
  add("energy/cpu_joules", record.cpuJoules);
  const PrecisionRecord &widths = record.precision;
  for (size_t i = 0; i < widths.counts.size(); ++i)
    add("bits/" + program.symbols[i].name, meanBits(widths.counts[i]));
  if (!widths.choices.empty()) {
    add("gate/cp", choiceCost(program, recipe.precision.gate,
                              widths.highest.weight, widths.choices)
                       .total);
    add("gate/target_cp", widths.target);
  }
  if (!widths.counts.empty()) {
    add("precision/stage", static_cast<double>(widths.stage));
    add("bitmacs/forward", widths.bitmacs.forward);
    add("bitmacs/error", widths.bitmacs.error);
    add("bitmacs/weight_gradient", widths.bitmacs.weightGradient);
  }
  if (widths.energy.total() > 0) {
    add("energy/forward", widths.energy.joules.forward);
    add("energy/error", widths.energy.joules.error);
    add("energy/weight_gradient", widths.energy.joules.weightGradient);
    add("energy/accelerator_seconds", widths.energy.seconds);
  }
  events->write(record.iterations, scalars);
}

void Training::writeResults(const char *status, bool complete) {
  countTime();
  bool isExported =
      !options.exportPath.empty() || !options.quantizedPath.empty();
  if (complete && isExported) {
    if (!runner.stateIsFinite())
      throw DivergedError(program.model +
                          ": error: training diverged: a variable is not "
                          "finite, so no model is exported; use a smaller "
                          "--lr, a warmup, or --set optimizer.clip_norm=1");
    if (!options.exportPath.empty())
      exportModel(options.exportPath, runner);
    if (!options.quantizedPath.empty())
      exportQuantizedModel(options.quantizedPath, runner,
                           precision.evaluation());
  }
  std::vector<KernelShare> kernels = times.shares();
  printKernelShares(kernels);
  if (options.report.empty())
    return;
  Report report;
  report.status = status;
  report.recipe = recipe.json();
  report.seed = options.seed;
  report.threads = runner.threads();
  report.batch = batch;
  report.epochs = progress.epochs;
  report.gate = recipe.precision.gate;
  report.energySource = precision.energySource();
  report.wallSeconds = progress.wallSeconds;
  report.bestTestAccuracy = progress.bestTestAccuracy;
  report.kernels = std::move(kernels);
  report.work = times.work();
  writeReport(options.report, report, program);
}

} // namespace frac
