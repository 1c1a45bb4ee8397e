//===- EnergyMeter.cpp - What a run would cost on an accelerator ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/metrics/EnergyMeter.h"

#include <utility>

namespace frac {

/// The sum that a pass belongs to, or null.
static double PassCounts::*passOf(const std::string &pass) {
  if (pass == "forward")
    return &PassCounts::forward;
  if (pass == "error")
    return &PassCounts::error;
  if (pass == "weight_gradient")
    return &PassCounts::weightGradient;
  return nullptr;
}

EnergyMeter::EnergyMeter(const Program &program, int64_t batch) : batch(batch) {
  const CostModelKind *kind = findCostModel(program.costModel);
  if (!program.accelerator || !kind || program.symbols.empty())
    return;
  model = kind->make(*program.accelerator);
  memory = std::make_unique<CostMemory>(*model);
  for (const Operation &operation : program.operations) {
    double PassCounts::*pass = passOf(operation.pass);
    if (!pass)
      continue;
    if (operation.product)
      metered.push_back({&operation,
                         operation.product->at(batch),
                         pass,
                         program.blockOf(operation),
                         {},
                         ""});
    else if (!operation.problem.empty())
      ++problems[operation.problem];
  }
}

const EnergyMeter::Entry &EnergyMeter::find(Metered &metered,
                                            OperandBits bits) {
  for (const Entry &entry : metered.entries)
    if (entry.bits == bits)
      return entry;
  isAsked = true;
  Entry entry;
  entry.bits = bits;
  const CostResult &result =
      costOf(metered.product, bits, TrainingMapping::Best, *memory);
  if (result.isOk()) {
    auto samples = static_cast<double>(batch);
    entry.joules = result.cost.energy.total * 1e-9 / samples;
    entry.seconds = static_cast<double>(result.cost.totalCycles) /
                    (model->accelerator().megahertz * 1e6) / samples;
    hasCost = true;
  } else if (metered.refusal.empty()) {
    metered.refusal = result.reason;
  }
  metered.entries.push_back(entry);
  return metered.entries.back();
}

void EnergyMeter::add(const std::vector<int32_t> &widths, double samples,
                      EnergySums &sums, int block) {
  auto bitsOf = [&](int64_t symbol) {
    return symbol < 0 ? floatOperandBits : widths[static_cast<size_t>(symbol)];
  };
  for (Metered &one : metered) {
    if (one.block != block)
      continue;
    OperandBits bits = {bitsOf(one.operation->lhs), bitsOf(one.operation->rhs)};
    if (one.operation->product->isSwapped)
      std::swap(bits.left, bits.right);
    // A width of 0 is a product that is skipped.
    if (bits.left == 0 || bits.right == 0)
      continue;
    const Entry &entry = find(one, bits);
    sums.joules.*one.pass += samples * entry.joules;
    sums.seconds += samples * entry.seconds;
  }
}

EnergySource EnergyMeter::source() const {
  EnergySource source;
  if (!isOn() || (isAsked && !hasCost))
    return source;
  source.model = model->name();
  source.accelerator = model->accelerator().name;
  source.extensions = switchedOn(model->accelerator().extensions).names();
  source.refused = problems;
  for (const Metered &one : metered)
    if (!one.refusal.empty())
      ++source.refused[one.refusal];
  return source;
}

} // namespace frac
