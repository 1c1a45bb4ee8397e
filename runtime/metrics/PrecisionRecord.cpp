//===- PrecisionRecord.cpp - The widths of an epoch -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/metrics/PrecisionRecord.h"

#include <algorithm>

namespace frac {

/// Widths of 0 have not been chosen yet; a block that is skipped has none.
static void include(int &lowest, int &highest, int bits) {
  if (bits == 0)
    return;
  lowest = lowest == 0 ? bits : std::min(lowest, bits);
  highest = std::max(highest, bits);
}

void PrecisionRecord::addStep(const Program &program, const RoleWidths &chosen,
                              const std::vector<int32_t> &widths,
                              int64_t samples, EnergyMeter &meter) {
  ++steps;
  counts.resize(widths.size());
  for (size_t i = 0; i < widths.size(); ++i)
    ++counts[i][widths[i]];
  include(lowest.activation, highest.activation, chosen.activation);
  include(lowest.weight, highest.weight, chosen.weight);
  include(lowest.error, highest.error, chosen.error);

  addProducts(program, widths, static_cast<double>(samples), -1, meter);
}

void PrecisionRecord::addProducts(const Program &program,
                                  const std::vector<int32_t> &widths,
                                  double samples, int block,
                                  EnergyMeter &meter) {
  constexpr double floatBits = 32;
  auto share = [&](int64_t symbol) {
    return symbol < 0 ? 1 : widths[static_cast<size_t>(symbol)] / floatBits;
  };
  for (const Operation &operation : program.operations) {
    if (program.blockOf(operation) != block)
      continue;
    double *sum = countOf(bitmacs, operation.pass);
    if (!sum)
      continue;
    double part = share(operation.lhs) * share(operation.rhs);
    *sum += operation.macs * samples * part;
    if (part == 0)
      *countOf(leftOut, operation.pass) += operation.macs * samples;
  }
  meter.add(widths, samples, energy, block);
}

void PrecisionRecord::addGatedStep(
    const Program &program, const GateSettings &gate, const RoleWidths &chosen,
    const std::vector<int32_t> &given, int64_t samples,
    const std::vector<float> &chosenBy, EnergyMeter &meter) {
  ++steps;
  std::vector<int32_t> widths = given;
  counts.resize(widths.size());
  for (size_t i = 0; i < widths.size(); ++i)
    if (program.symbols[i].block < 0)
      counts[i][widths[i]] += samples;
  addProducts(program, widths, static_cast<double>(samples), -1, meter);
  include(lowest.weight, highest.weight, chosen.weight);

  auto candidates = static_cast<size_t>(program.candidates);
  auto setBits = [&](size_t block, int forward, int backward) {
    for (size_t i = 0; i < widths.size(); ++i)
      if (program.symbols[i].block == static_cast<int>(block))
        widths[i] =
            program.symbols[i].role == SymbolRole::Error ? backward : forward;
  };
  choices.resize(program.blocks.size(), std::vector<double>(candidates));
  for (size_t l = 0; l < program.blocks.size(); ++l)
    for (size_t k = 0; k < candidates; ++k) {
      double count = chosenBy[l * candidates + k];
      if (count <= 0)
        continue;
      choices[l][k] += count;
      include(lowest.activation, highest.activation, gate.forward[k]);
      include(lowest.error, highest.error, gate.backward[k]);
      setBits(l, gate.forward[k], gate.backward[k]);
      for (size_t i = 0; i < widths.size(); ++i)
        if (program.symbols[i].block == static_cast<int>(l))
          counts[i][widths[i]] += static_cast<int64_t>(count);
      addProducts(program, widths, count, static_cast<int>(l), meter);
    }
  if (!program.hasSkips())
    return;
  // What was computed besides, in place of nothing.
  const float *besides = chosenBy.data() + program.blocks.size() * candidates;
  for (size_t l = 0; l < program.blocks.size(); ++l)
    for (size_t k = 0; k < candidates; ++k) {
      double count = besides[l * candidates + k];
      if (count <= 0)
        continue;
      setBits(l, 0, 0);
      addProducts(program, widths, -count, static_cast<int>(l), meter);
      setBits(l, gate.forward[k], 0);
      addProducts(program, widths, count, static_cast<int>(l), meter);
    }
}

ChoiceCost choiceCost(const Program &program, const GateSettings &gate,
                      int weight,
                      const std::vector<std::vector<double>> &choices) {
  double macs = 0, depthwiseMacs = 0;
  PassCounts cost;
  for (size_t l = 0; l < choices.size(); ++l) {
    const ProgramBlock &block = program.blocks[l];
    double samples = 0;
    for (double count : choices[l])
      samples += count;
    if (samples <= 0)
      continue;
    macs += block.macs;
    depthwiseMacs += block.depthwiseMacs;
    for (size_t k = 0; k < choices[l].size(); ++k) {
      double part = block.macs * choices[l][k] / samples;
      CandidateCost own = candidateCost(gate, k, weight);
      cost.forward += part * own.forward;
      cost.error += part * own.error;
      cost.weightGradient += part * own.weightGradient;
    }
  }
  if (macs <= 0)
    return {};
  double forward = depthwiseMacs * 64 / 1024,
         error = depthwiseMacs * 128 / 1024;
  double fixed = forward + 2 * error;
  double sum = cost.forward + cost.error + cost.weightGradient;
  return {100 * (sum + fixed) / (3 * macs + fixed),
          {100 * (cost.forward + forward) / (macs + forward),
           100 * (cost.error + error) / (macs + error),
           100 * (cost.weightGradient + error) / (macs + error)}};
}

double meanBits(const WidthCounts &counts) {
  double bits = 0, steps = 0;
  for (const auto &entry : counts) {
    bits +=
        static_cast<double>(entry.first) * static_cast<double>(entry.second);
    steps += static_cast<double>(entry.second);
  }
  return steps > 0 ? bits / steps : 0;
}

std::string shortWidths(const RoleWidths &lowest, const RoleWidths &highest) {
  if (highest == RoleWidths())
    return "";
  auto range = [](int low, int high) {
    return std::to_string(low) +
           (low == high ? "" : "-" + std::to_string(high));
  };
  std::string forward = range(lowest.activation, highest.activation);
  std::string weight = range(lowest.weight, highest.weight);
  std::string out = "fw " + forward;
  if (weight != forward)
    out += " w " + weight;
  return out + " bw " + range(lowest.error, highest.error);
}

} // namespace frac
