//===- EnergyMeter.h - What a run would cost on an accelerator --*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_METRICS_ENERGYMETER_H
#define FRAC_RUNTIME_METRICS_ENERGYMETER_H

#include "runtime/cost/CostMemory.h"
#include "runtime/program/Program.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace frac {

/// Sums over steps.
struct EnergySums {
  /// Joules by pass.
  PassCounts joules;
  /// Time on the accelerator.
  double seconds = 0;

  double total() const {
    return joules.forward + joules.error + joules.weightGradient;
  }
};

/// What the energies of a report go by.
struct EnergySource {
  /// Empty if nothing is metered.
  std::string model, accelerator;
  /// What goes beyond the published model.
  std::vector<std::string> extensions;
  /// Products that are in no energy, by the reason.
  std::map<std::string, int64_t> refused;

  bool isKnown() const { return !model.empty(); }
};

/// Evaluates the cost model that a program was compiled with at the widths that
/// its steps really have. Each product is searched for once a pair of widths;
/// afterwards a step costs a look-up for each product. For one thread.
class EnergyMeter {
public:
  /// Costs are those of products of `batch` samples, in proportion for fewer.
  /// `program` must outlive it; without an accelerator, or without widths that
  /// are chosen, nothing is metered.
  EnergyMeter(const Program &program, int64_t batch);

  bool isOn() const { return model != nullptr; }

  /// Adds the cost of products for `samples` samples whose widths by symbol are
  /// these: of those whose widths the gate of block `block` chooses, or with -1
  /// of all that no gate does.
  void add(const std::vector<int32_t> &widths, double samples, EnergySums &sums,
           int block = -1);

  /// What the energies go by. Nothing is known if no product has had a cost.
  EnergySource source() const;

private:
  /// A sample's share of the cost of a product at a pair of widths.
  struct Entry {
    OperandBits bits;
    double joules = 0;
    double seconds = 0;
  };
  /// An operation that counts.
  struct Metered {
    const Operation *operation;
    TrainingProduct product;
    double PassCounts::*pass;
    int block;
    std::vector<Entry> entries;
    std::string refusal;
  };

  const Entry &find(Metered &metered, OperandBits bits);

  int64_t batch;
  std::unique_ptr<CostModel> model;
  std::unique_ptr<CostMemory> memory;
  std::vector<Metered> metered;
  /// Operations that have no shape to model.
  std::map<std::string, int64_t> problems;
  bool isAsked = false, hasCost = false;
};

} // namespace frac

#endif // FRAC_RUNTIME_METRICS_ENERGYMETER_H
