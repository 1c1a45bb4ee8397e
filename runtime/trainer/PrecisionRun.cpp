//===- PrecisionRun.cpp - The widths of a run of training -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/trainer/PrecisionRun.h"

#include "runtime/precision/PrecisionPolicy.h"
#include "runtime/support/Error.h"

#include <utility>

namespace frac {

std::unique_ptr<PrecisionController> makeController(const Program &program,
                                                    const Recipe &recipe) {
  if (program.symbols.empty())
    return nullptr;
  return findPrecisionPolicy(recipe.precision.policy)->make(recipe.precision);
}

void setPrecision(Runner &runner, const PrecisionController &controller,
                  const PrecisionSettings &settings, const RoleWidths &widths,
                  std::optional<int64_t> iteration) {
  runner.setWidths(symbolWidths(runner.program().symbols, widths));
  if (std::optional<GateAim> aim = controller.aim())
    runner.setGates(gateNumbers(settings.gate, widths.weight, *aim, iteration));
}

RoleWidths evaluationWidths(const PrecisionSettings &settings,
                            RoleWidths widths) {
  if (settings.eval)
    widths.activation = widths.weight = settings.eval;
  return widths;
}

PrecisionRun::PrecisionRun(const Program &program, const Recipe &recipe,
                           int64_t batch, PrecisionProgress &progress)
    : program(program), settings(recipe.precision), progress(progress),
      controller(makeController(program, recipe)), meter(program, batch) {
  if (!controller)
    return;
  progress.policy = settings.policy;
  progress.inForce = controller->widthsAt(0, 1);
}

void PrecisionRun::restore(const std::string &path) {
  if (!controller)
    return;
  if (progress.policy != settings.policy)
    fail(path,
         "was written with precision.policy=" + printable(progress.policy) +
             ", not with " + settings.policy +
             "; resume with the same --set, or start again without "
             "--resume");
  ByteReader in(progress.controller.data(), progress.controller.size());
  size_t gated = progress.epoch.choices.size();
  bool choicesFit = gated == 0 || gated == program.blocks.size();
  for (const std::vector<double> &block : progress.epoch.choices)
    choicesFit &= block.size() == static_cast<size_t>(program.candidates);
  bool isWhole = choicesFit && controller->restore(in) && in.remaining() == 0 &&
                 widthsFit(program.symbols, progress.inForce);
  size_t counted = progress.epoch.counts.size();
  if (!isWhole || (counted != 0 && counted != program.symbols.size()))
    fail(path, "holds a state of precision that the recipe's does not fit; "
               "resume with the same --set precision keys, or start again "
               "without --resume");
}

void PrecisionRun::beginStep(Runner &runner, int64_t iteration,
                             int64_t runLength) {
  if (!controller)
    return;
  progress.inForce = controller->widthsAt(iteration, runLength);
  widths = symbolWidths(program.symbols, progress.inForce);
  setPrecision(runner, *controller, settings, progress.inForce, iteration);
}

void PrecisionRun::observe(double loss) {
  controller->observe(loss);
  progress.epoch.observedLosses.push_back(loss);
}

void PrecisionRun::endStep(const Runner &runner, double loss, int64_t samples,
                           int64_t iterations) {
  if (!controller)
    return;
  if (program.blocks.empty())
    progress.epoch.addStep(program, progress.inForce, widths, samples, meter);
  else
    progress.epoch.addGatedStep(program, settings.gate, progress.inForce,
                                widths, samples, runner.choices(), meter);
  progress.epoch.stage = controller->stage();
  progress.epoch.target = controller->target();
  if (settings.interval == 0)
    return;
  progress.intervalLossSum += loss * static_cast<double>(samples);
  progress.intervalSamples += samples;
  if (iterations % settings.interval != 0)
    return;
  observe(progress.intervalLossSum /
          static_cast<double>(progress.intervalSamples));
  progress.intervalLossSum = 0;
  progress.intervalSamples = 0;
}

RoleWidths PrecisionRun::evaluation() const {
  return controller ? evaluationWidths(settings,
                                       controller->evaluation(progress.inForce))
                    : RoleWidths();
}

void PrecisionRun::beginEvaluation(Runner &runner) const {
  if (controller)
    setPrecision(runner, *controller, settings, evaluation(), std::nullopt);
}

void PrecisionRun::endEpoch(EpochRecord &record, bool isComplete) {
  if (!controller)
    return;
  if (settings.interval == 0 && isComplete)
    observe(record.trainLoss);
  record.precision = std::exchange(progress.epoch, PrecisionRecord());
}

void PrecisionRun::save() const {
  if (!controller)
    return;
  ByteWriter out;
  controller->save(out);
  progress.controller = std::move(out.bytes);
  progress.evaluation = evaluation();
}

} // namespace frac
