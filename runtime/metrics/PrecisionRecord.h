//===- PrecisionRecord.h - The widths of an epoch ---------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_METRICS_PRECISIONRECORD_H
#define FRAC_RUNTIME_METRICS_PRECISIONRECORD_H

#include "runtime/metrics/EnergyMeter.h"
#include "runtime/precision/GateSettings.h"
#include "runtime/program/Program.h"

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace frac {

/// How many steps had each width; where gates choose, how many samples.
using WidthCounts = std::map<int32_t, int64_t>;

/// The widths that the steps of an epoch had and what their products cost.
/// Empty for a program without precision symbols.
struct PrecisionRecord {
  int64_t steps = 0;
  /// By symbol, in the program's order.
  std::vector<WidthCounts> counts;
  /// The smallest and the largest that the policy chose for each role.
  RoleWidths lowest, highest;
  /// Multiply-accumulates of all steps, each weighed by the widths of its
  /// operands, (bits / 32) (bits / 32); float has 32.
  PassCounts bitmacs;
  /// Multiply-accumulates that were not needed, as samples skipped their block.
  PassCounts leftOut;
  /// By block and candidate, the samples that chose it; empty without gates.
  std::vector<std::vector<double>> choices;
  /// What they would cost on the program's accelerator.
  EnergySums energy;
  /// Of the last step: the policy's stage, and the cost it aims at.
  int64_t stage = 0;
  double target = std::numeric_limits<double>::quiet_NaN();
  /// What the policy was told in the epoch, in this order.
  std::vector<double> observedLosses;

  /// Counts a step of `samples` samples with the policy's widths `chosen`,
  /// which are `widths` by symbol.
  void addStep(const Program &program, const RoleWidths &chosen,
               const std::vector<int32_t> &widths, int64_t samples,
               EnergyMeter &meter);

  /// The same for a program with gates, whose blocks chose as
  /// `Runner::choices` says.
  void addGatedStep(const Program &program, const GateSettings &gate,
                    const RoleWidths &chosen,
                    const std::vector<int32_t> &widths, int64_t samples,
                    const std::vector<float> &chosenBy, EnergyMeter &meter);

private:
  /// Counts the products of `samples` samples at `widths`: those whose widths
  /// the gate of block `block` chooses, or with -1 all that no gate does. A
  /// width of 0 is that of samples that are left out.
  void addProducts(const Program &program, const std::vector<int32_t> &widths,
                   double samples, int block, EnergyMeter &meter);
};

/// The cost of the choices of gates in percent of float.
struct ChoiceCost {
  /// Of all products: the measure of the paper.
  double total = 0;
  /// Of each.
  PassCounts products;
};

/// The cost of the choices as a mean over the blocks by their size, with
/// weights of `weight` bits. Depthwise products count at 8 bits and errors of
/// 16, above and below the fraction line (Fu et al.: FracTrain, 2020).
ChoiceCost choiceCost(const Program &program, const GateSettings &gate,
                      int weight,
                      const std::vector<std::vector<double>> &choices);

/// The mean over the steps.
double meanBits(const WidthCounts &counts);

/// "fw 4 bw 6"; "fw 3-8 w 4 bw 8" where widths changed or weights have another
/// than activations; empty where nothing is quantized.
std::string shortWidths(const RoleWidths &lowest, const RoleWidths &highest);

} // namespace frac

#endif // FRAC_RUNTIME_METRICS_PRECISIONRECORD_H
