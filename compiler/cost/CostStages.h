//===- CostStages.h - The widths that a recipe will use ---------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_COST_COSTSTAGES_H
#define FRAC_COMPILER_COST_COSTSTAGES_H

#include "compiler/recipe/Recipe.h"
#include "passes/cost/NetworkCost.h"

#include <optional>
#include <string>
#include <vector>

namespace frac {

/// How long training is; 0 is not stated.
struct TrainingLength {
  double epochs = 0;
  int64_t samples = 0;
  int64_t iterations = 0;
  /// Epochs, or parts in any unit, of each stage of a schedule; empty: alike.
  std::vector<double> stages;
};

/// What a recipe lets expect of the widths of training.
struct CostSchedule {
  std::vector<CostStage> stages;
  /// What had to be assumed, one sentence each.
  std::vector<std::string> notes;
  /// Iterations of all stages; 0 where no length is stated.
  double iterations = 0;
  /// The recipe to insert quantizers by: they have a symbol for each width,
  /// whoever chooses it.
  std::optional<Recipe> quantization;
};

/// Reads "4/4/8", bits of activations, weights and errors; "8" is all three.
llvm::Expected<RoleWidths> parseWidths(llvm::StringRef text);

/// The stages of a recipe that was loaded from `path` and `overrides`:
///   none       every width as given, or the widest of the array
///   static     one stage
///   pfq        one for each entry of the lists, of equal length unless stated
///   cpt        one for each width of the cycle, by how often it comes
///   dfq        the mixture of the two candidates next to the target cost
///   fractrain  the same for the target of each stage
/// Both with a mixture of their own for what no sample may skip, if candidates
/// of 0 bits skip the rest.
/// `widths` are in force in place of the recipe's if there are any.
llvm::Expected<CostSchedule>
makeCostSchedule(llvm::StringRef path, llvm::ArrayRef<std::string> overrides,
                 std::optional<RoleWidths> widths, int64_t batch,
                 const TrainingLength &length, const Accelerator &accelerator);

/// The mean cost of a product at these widths in percent of float, as FracTrain
/// has it: (a w + g w + a g) / (3 * 32 * 32).
double getCostPercent(const RoleWidths &widths);

/// The mixture of the two candidates whose costs are next to `target` that has
/// it in the mean. Candidates of 0 bits skip the product. `note` tells if the
/// target is out of reach.
std::vector<WidthShare> mixCandidates(std::vector<RoleWidths> candidates,
                                      double target, std::string &note);

} // namespace frac

#endif // FRAC_COMPILER_COST_COSTSTAGES_H
