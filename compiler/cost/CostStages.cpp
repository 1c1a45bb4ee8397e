//===- CostStages.cpp - The widths that a recipe will use -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/cost/CostStages.h"

#include "runtime/precision/PrecisionPolicy.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace llvm;
using namespace frac;

/// Weights of policies that choose the widths of activations and errors alone,
/// where the recipe does not say.
static constexpr int defaultGatedWeight = 4;

Expected<RoleWidths> frac::parseWidths(StringRef text) {
  SmallVector<StringRef> parts;
  text.split(parts, '/');
  SmallVector<int> bits;
  for (StringRef part : parts) {
    int width = 0;
    if (part.trim().getAsInteger(10, width) || width < minWidth ||
        width > maxWidth)
      break;
    bits.push_back(width);
  }
  if (bits.size() != parts.size() || (bits.size() != 1 && bits.size() != 3))
    return createStringError(
        "'" + text + "' is not ACTIVATIONS/WEIGHTS/ERRORS with " +
        Twine(minWidth) + " to " + Twine(maxWidth) + " bits each, as 4/4/8");
  return RoleWidths{bits.front(), bits.size() == 3 ? bits[1] : bits[0],
                    bits.back()};
}

double frac::getCostPercent(const RoleWidths &widths) {
  double products = widths.activation * widths.weight +
                    widths.error * widths.weight +
                    widths.activation * widths.error;
  return 100 * products / (3.0 * 32 * 32);
}

std::vector<WidthShare> frac::mixCandidates(std::vector<RoleWidths> candidates,
                                            double target, std::string &note) {
  // What is skipped costs nothing, whatever its other width.
  for (RoleWidths &candidate : candidates)
    if (candidate.activation == 0 || candidate.error == 0)
      candidate = {0, 0, 0};
  llvm::stable_sort(candidates, [](const RoleWidths &a, const RoleWidths &b) {
    return getCostPercent(a) < getCostPercent(b);
  });
  size_t above = 0;
  while (above < candidates.size() &&
         getCostPercent(candidates[above]) < target)
    ++above;
  std::vector<WidthShare> mixture;
  if (above == 0 || above == candidates.size()) {
    const RoleWidths &end = above == 0 ? candidates.front() : candidates.back();
    if (getCostPercent(end) != target)
      note = formatv("the target of {0:f2} % is {1} every candidate; all "
                     "samples are taken to have {2}/{3}/{4} bits, {5:f2} %",
                     target, above == 0 ? "below" : "above", end.activation,
                     end.weight, end.error, getCostPercent(end))
                 .str();
    mixture.push_back({end, 1});
  } else {
    double low = getCostPercent(candidates[above - 1]);
    double high = getCostPercent(candidates[above]);
    double share = (target - low) / (high - low);
    mixture = {{candidates[above - 1], 1 - share}, {candidates[above], share}};
  }
  llvm::erase_if(mixture, [](const WidthShare &part) {
    return part.widths.activation == 0 || part.share == 0;
  });
  return mixture;
}

/// "4/4/8".
static std::string getName(const RoleWidths &widths) {
  return formatv("{0}/{1}/{2}", widths.activation, widths.weight, widths.error)
      .str();
}

namespace {
/// Makes the schedule of one recipe.
class ScheduleMaker {
public:
  ScheduleMaker(StringRef path, ArrayRef<std::string> overrides, Recipe recipe,
                const TrainingLength &length)
      : path(path), overrides(overrides.begin(), overrides.end()),
        recipe(std::move(recipe)), length(length) {}

  Error run(std::optional<RoleWidths> widths, int64_t batch,
            const Accelerator &accelerator);

  CostSchedule schedule;

private:
  Error setLength(int64_t batch);
  Error addStages(std::vector<CostStage> stages);
  Error addPolicy(StringRef policy);
  Error addGated(bool isProgressive);
  void addCycle(const PrecisionSettings &settings);
  Error useStatic(const RoleWidths &widest, ArrayRef<std::string> keepFloat);

  StringRef path;
  std::vector<std::string> overrides;
  Recipe recipe;
  const TrainingLength &length;
};
} // namespace

/// Lets quantizers have a symbol for every width, up to `widest`.
Error ScheduleMaker::useStatic(const RoleWidths &widest,
                               ArrayRef<std::string> keepFloat) {
  std::vector<std::string> all = overrides;
  all.push_back("precision.policy=static");
  all.push_back("precision.forward=" + std::to_string(widest.activation));
  all.push_back("precision.weight=" + std::to_string(widest.weight));
  all.push_back("precision.backward=" + std::to_string(widest.error));
  std::string list;
  for (const std::string &word : keepFloat)
    list += (list.empty() ? "'" : ", '") + word + "'";
  all.push_back("precision.keep_float=[" + list + "]");
  Expected<Recipe> derived = Recipe::load(path, all);
  if (!derived)
    return derived.takeError();
  schedule.quantization = std::move(*derived);
  return Error::success();
}

Error ScheduleMaker::setLength(int64_t batch) {
  if (length.iterations > 0) {
    schedule.iterations = static_cast<double>(length.iterations);
    return Error::success();
  }
  if (length.epochs <= 0 && length.samples <= 0)
    return Error::success();
  if (length.epochs <= 0 || length.samples <= 0)
    return createStringError(
        "the length of training needs both --epochs and --samples, or "
        "--iterations");
  schedule.iterations =
      length.epochs * std::ceil(static_cast<double>(length.samples) /
                                static_cast<double>(batch));
  return Error::success();
}

/// Adds stages of a schedule whose lengths depend on the losses.
Error ScheduleMaker::addStages(std::vector<CostStage> stages) {
  double total = 0;
  for (double part : length.stages)
    total += part;
  if (!length.stages.empty() && length.stages.size() != stages.size())
    return createStringError(
        "--stage-epochs has " + Twine(length.stages.size()) +
        " entries, the recipe has " + Twine(stages.size()) + " stages");
  for (auto [index, stage] : enumerate(stages))
    stage.share = length.stages.empty()
                      ? 1.0 / static_cast<double>(stages.size())
                      : length.stages[index] / total;
  if (length.stages.empty() && stages.size() > 1)
    schedule.notes.push_back(
        "when a stage ends depends on the losses of training; stages of equal "
        "length are assumed (--stage-epochs states others)");
  schedule.stages = std::move(stages);
  return Error::success();
}

/// A stage for each width of the cycle.
void ScheduleMaker::addCycle(const PrecisionSettings &settings) {
  // Without a length, one in which every cycle has many steps.
  int64_t run = schedule.iterations > 0
                    ? static_cast<int64_t>(schedule.iterations)
                    : 1000 * settings.integer("cpt.cycles");
  // Long runs are sampled evenly; cycles are shorter than that.
  constexpr int64_t mostSteps = 1 << 20;
  int64_t step = std::max<int64_t>(1, run / mostSteps);
  std::unique_ptr<PrecisionController> controller =
      findPrecisionPolicy(settings.policy)->make(settings);
  double counted = 0;
  for (int64_t i = 0; i < run; i += step) {
    RoleWidths widths = controller->widthsAt(i, run);
    auto known = llvm::find_if(schedule.stages, [&](const CostStage &stage) {
      return stage.widths.front().widths == widths;
    });
    if (known == schedule.stages.end())
      known = schedule.stages.insert(schedule.stages.end(),
                                     {getName(widths), {{widths, 1}}, 0});
    known->share += 1;
    ++counted;
  }
  for (CostStage &stage : schedule.stages)
    stage.share /= counted;
}

Error ScheduleMaker::addGated(bool isProgressive) {
  std::vector<int64_t> forward = recipe.getIntegers("precision.gate.forward");
  std::vector<int64_t> backward = recipe.getIntegers("precision.gate.backward");
  if (forward.empty() || forward.size() != backward.size())
    return createStringError(
        "precision.gate.forward and precision.gate.backward need one entry for "
        "each candidate, at least one");
  std::vector<int64_t> weights = recipe.getIntegers("precision.weight");
  if (weights.size() != 1)
    return createStringError("precision.policy = \"" +
                             recipe.getString("precision.policy") +
                             "\" takes one number in precision.weight");
  int weight = static_cast<int>(weights.front());
  if (weight == 0) {
    weight = defaultGatedWeight;
    schedule.notes.push_back(
        formatv("weights of {0} bits are assumed, as precision.weight is 0",
                weight)
            .str());
  }
  std::vector<RoleWidths> candidates;
  RoleWidths widest = {minWidth, weight, minWidth};
  for (auto [a, g] : zip_equal(forward, backward)) {
    candidates.push_back({static_cast<int>(a), weight, static_cast<int>(g)});
    widest.activation = std::max(widest.activation, static_cast<int>(a));
    widest.error = std::max(widest.error, static_cast<int>(g));
  }
  // What no sample may skip has one of these.
  std::vector<RoleWidths> others = candidates;
  llvm::erase_if(others, [](const RoleWidths &candidate) {
    return candidate.activation == 0;
  });
  size_t count = isProgressive ? static_cast<size_t>(recipe.getNumber(
                                     "precision.pfq.turning_points")) +
                                     1
                               : 1;
  std::vector<CostStage> stages;
  for (size_t i = 0; i < std::min<size_t>(count, 64); ++i) {
    double target = recipe.getNumber("precision.gate.target_cp") +
                    static_cast<double>(i) *
                        recipe.getNumber("precision.gate.target_cp_step");
    std::string note, unused;
    stages.push_back({formatv("cp {0:f2} %", target).str(),
                      mixCandidates(candidates, target, note), 1});
    if (others.size() < candidates.size())
      stages.back().unskipped = mixCandidates(others, target, unused);
    if (!note.empty())
      schedule.notes.push_back(note);
  }
  schedule.notes.push_back(
      "gates choose while they are trained; the mixture of the two candidates "
      "next to the target cost is assumed, the same for all layers");
  if (Error error = addStages(std::move(stages)))
    return error;
  return useStatic(widest, recipe.getStrings("precision.keep_float"));
}

Error ScheduleMaker::addPolicy(StringRef policy) {
  if (policy == "dfq" || policy == "fractrain")
    return addGated(policy == "fractrain");
  PrecisionSettings settings = recipe.getPrecision();
  schedule.quantization = recipe;
  if (policy == "cpt") {
    addCycle(settings);
    return Error::success();
  }
  std::vector<CostStage> stages;
  for (size_t i = 0; i < settings.stages(); ++i)
    stages.push_back(
        {"stage " + std::to_string(i), {{settings.widthsOfStage(i), 1}}, 1});
  return addStages(std::move(stages));
}

Error ScheduleMaker::run(std::optional<RoleWidths> widths, int64_t batch,
                         const Accelerator &accelerator) {
  if (Error error = setLength(batch))
    return error;
  std::string policy = recipe.getString("precision.policy");
  if (!widths && policy != "none")
    return addPolicy(policy);
  if (!widths) {
    int bits = static_cast<int>(
        std::clamp<int64_t>(accelerator.maxBits, minWidth, maxWidth));
    widths = RoleWidths{bits, bits, bits};
    schedule.notes.push_back(
        formatv("the recipe quantizes nothing; {0} bits are assumed for every "
                "operand (--widths states others)",
                bits)
            .str());
  }
  schedule.stages = {{getName(*widths), {{*widths, 1}}, 1}};
  return useStatic(*widths, {});
}

Expected<CostSchedule> frac::makeCostSchedule(StringRef path,
                                              ArrayRef<std::string> overrides,
                                              std::optional<RoleWidths> widths,
                                              int64_t batch,
                                              const TrainingLength &length,
                                              const Accelerator &accelerator) {
  Expected<Recipe> recipe = Recipe::load(path, overrides);
  if (!recipe)
    return recipe.takeError();
  ScheduleMaker maker(path, overrides, std::move(*recipe), length);
  if (Error error = maker.run(widths, batch, accelerator))
    return error;
  return std::move(maker.schedule);
}
