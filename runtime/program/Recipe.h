//===- Recipe.h - What a run may change of a recipe -------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_PROGRAM_RECIPE_H
#define FRAC_RUNTIME_PROGRAM_RECIPE_H

#include "runtime/precision/PrecisionSettings.h"
#include "runtime/program/Program.h"
#include "runtime/program/Runner.h"

#include <cstdint>
#include <string>
#include <vector>

namespace frac {

/// What the compiled update reads. The kind of optimizer is part of the code
/// and cannot be changed here.
struct OptimizerNumbers {
  double lr = 0.1;
  double momentum = 0.9;
  double weightDecay = 0;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  /// 0: gradients are not clipped.
  double clipNorm = 0;
};

enum class ScheduleKind { Constant, Linear, Cosine, Piecewise };

/// The learning rate over the iterations, counted from 0.
struct Schedule {
  ScheduleKind kind = ScheduleKind::Constant;
  /// Piecewise: iterations at which the rate is multiplied by `factor`.
  std::vector<int64_t> milestones;
  double factor = 0.1;
  /// The first iterations, in which the rate rises linearly to its full value.
  int64_t warmup = 0;
  /// Linear and cosine: the iteration at which the rate reaches 0; 0 stands for
  /// the length of the run.
  int64_t total = 0;
  /// Linear and cosine: the learning rate where they end.
  double minRate = 0;
};

/// The learning rate at `iteration` of a run of `runLength`, for the full rate
/// `lr`:
///   constant   lr
///   linear     min + (lr - min) (1 - p)
///   cosine     min + (lr - min) (1 + cos(pi p)) / 2
///              (Loshchilov, Hutter: SGDR, 2017)
///   piecewise  lr factor ^ (number of milestones <= iteration)
/// with p = (iteration - warmup) / (total - warmup), kept within [0, 1]; during
/// the warmup lr (iteration + 1) / warmup instead, times piecewise's factor.
double learningRate(double lr, const Schedule &schedule, int64_t iteration,
                    int64_t runLength);

/// The part of a program's recipe that its executable can change.
class Recipe {
public:
  /// Reads the recipe the program was compiled with.
  explicit Recipe(const Program &program);

  /// Applies KEY=VALUE, as `--set` takes it. Throws UsageError that names the
  /// key, the value and what is accepted.
  void set(const std::string &assignment);

  /// Whether the values of precision agree with each other and with the
  /// program, to be asked when all is set; without quantized operands they have
  /// no effect. Throws UsageError.
  void check() const;

  /// The whole recipe with the values in force, as JSON text.
  const std::string &json() const { return text; }

  /// The learning rate of a step, counted from 0, in a run of that length.
  double rateAt(int64_t iteration, int64_t runLength) const {
    return learningRate(optimizer.lr, schedule, iteration, runLength);
  }

  /// The `hyper` input of that step.
  Hyper hyperAt(int64_t iteration, int64_t runLength) const;

  OptimizerNumbers optimizer;
  Schedule schedule;
  PrecisionSettings precision;

private:
  std::string text;
  std::string optimizerKind = "sgd";
  bool hasSlots;
  std::vector<PrecisionSymbol> symbols;
};

/// The keys that `set` takes, one a line, for a help text.
std::string recipeKeyHelp();

} // namespace frac

#endif // FRAC_RUNTIME_PROGRAM_RECIPE_H
