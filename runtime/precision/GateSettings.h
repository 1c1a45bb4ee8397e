//===- GateSettings.h - What a recipe says of gates -------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_PRECISION_GATESETTINGS_H
#define FRAC_RUNTIME_PRECISION_GATESETTINGS_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace frac {

/// The table `precision.gate` of a recipe, as far as a program may be told it
/// when it runs, and the candidates.
struct GateSettings {
  /// Bits of activations and of errors of each candidate; both 0 for one that
  /// skips a block.
  std::vector<int> forward = {3, 4, 4, 6, 6};
  std::vector<int> backward = {6, 6, 8, 8, 12};
  /// The cost aimed at, in percent of float; what each stage adds.
  double target = 3, targetStep = 0.5;
  /// Weight of the cost in the loss.
  double beta = 1e-3;
  /// Half the width of the range around the target in which the cost has a
  /// tenth of its weight (dfq).
  double relax = 0;
  /// The width of the range above the target in which it has none (fractrain).
  double range = 0;
  /// Whether every sample trains the gates in every step; else one in `period`
  /// does, in turn.
  bool isExact = false;
  int64_t period = 8;
  /// The candidate that every gate chooses; -1: the gates choose.
  int forced = -1;
};

/// The cost that a policy aims at: the percentages of `frac_gate`.
struct GateAim {
  double target = 0, low = 0, high = 0, inside = 0;
};

/// What is wrong with the candidates and what to do, or an empty text.
std::string checkGate(const GateSettings &settings);

/// The cost of candidate `k` with weights of `weight` bits as a part of float,
/// in the three passes: forward, error, weight gradient (Fu et al.: FracTrain,
/// 2020: w b / 1024, w g / 1024, b g / 1024). Their sum is c_k.
struct CandidateCost {
  double forward, error, weightGradient;
};
CandidateCost candidateCost(const GateSettings &settings, size_t k, int weight);

/// The input `gates` of the step `iteration`, or without it of an evaluation,
/// in which no sample trains the gates (runtime/frac_runtime.h).
std::vector<float> gateNumbers(const GateSettings &settings, int weight,
                               const GateAim &aim,
                               std::optional<int64_t> iteration);

} // namespace frac

#endif // FRAC_RUNTIME_PRECISION_GATESETTINGS_H
