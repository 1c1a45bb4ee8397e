//===- Report.cpp - The report of a run -----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/metrics/Report.h"

#include "runtime/support/Files.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

namespace frac {

using Json = nlohmann::ordered_json;

int64_t peakMemoryBytes() {
  struct rusage usage;
  if (::getrusage(RUSAGE_SELF, &usage) != 0)
    return 0;
  return static_cast<int64_t>(usage.ru_maxrss) * 1024;
}

static Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

static Json passes(const PassCounts &counts, double times) {
  return {{"forward", counts.forward * times},
          {"error", counts.error * times},
          {"weight_gradient", counts.weightGradient * times}};
}

/// The widths by symbol: their mean, and the fraction of steps at each.
static Json precisionJson(const PrecisionRecord &record,
                          const Program &program) {
  Json json = Json::object();
  size_t known = std::min(record.counts.size(), program.symbols.size());
  for (size_t i = 0; i < known; ++i) {
    Json histogram = Json::object();
    double total = 0;
    for (const auto &entry : record.counts[i])
      total += static_cast<double>(entry.second);
    for (const auto &entry : record.counts[i])
      histogram[std::to_string(entry.first)] =
          static_cast<double>(entry.second) / total;
    json[program.symbols[i].name] = {{"bits", meanBits(record.counts[i])},
                                     {"histogram", std::move(histogram)}};
  }
  return json;
}

/// Multiply-accumulates of what was computed.
static PassCounts macs(const EpochRecord &record, const Program &program) {
  auto samples = static_cast<double>(record.samples);
  const PassCounts &leftOut = record.precision.leftOut;
  return {program.macs.forward * samples - leftOut.forward,
          program.macs.error * samples - leftOut.error,
          program.macs.weightGradient * samples - leftOut.weightGradient};
}

/// Multiply-accumulates weighed by the widths of their operands. Where all are
/// float, that is 32 / 32 of every product.
static PassCounts bitmacs(const EpochRecord &record, const Program &program) {
  if (!program.symbols.empty())
    return record.precision.bitmacs;
  return macs(record, program);
}

/// The choices of the gates and what they cost, in percent of float.
static void addGates(Json &json, const PrecisionRecord &record,
                     const Program &program, const GateSettings &gate) {
  ChoiceCost cost =
      choiceCost(program, gate, record.highest.weight, record.choices);
  json["cp"] = passes(cost.products, 1);
  json["cp"]["total"] = cost.total;
  Json blocks = Json::object();
  for (size_t l = 0; l < record.choices.size(); ++l) {
    double samples = 0;
    for (double count : record.choices[l])
      samples += count;
    Json parts = Json::array();
    for (double count : record.choices[l])
      parts.push_back(samples > 0 ? count / samples : 0);
    blocks[program.blocks[l].name] = {{"choices", std::move(parts)}};
  }
  json["blocks"] = std::move(blocks);
}

/// Joules by pass, or nulls where nothing has a cost.
static Json energyJson(const EnergySums &energy, bool isKnown) {
  if (!isKnown)
    return {
        {"forward", nullptr}, {"error", nullptr}, {"weight_gradient", nullptr}};
  return passes(energy.joules, 1);
}

static Json epochJson(const EpochRecord &record, const Program &program,
                      const GateSettings &gate, bool isEnergyKnown) {
  const EnergySums &energy = record.precision.energy;
  Json json = {{"epoch", record.epoch},
               {"train_loss", number(record.trainLoss)},
               {"train_accuracy", number(record.trainAccuracy)},
               {"test_loss", number(record.testLoss)},
               {"test_accuracy", number(record.testAccuracy)},
               {"seconds", number(record.seconds)},
               {"step_ms_median", number(record.stepMsMedian)},
               {"lr", number(record.lr)},
               {"iterations", record.iterations},
               {"stage", record.precision.stage},
               {"target_cp", number(record.precision.target)},
               {"precision", precisionJson(record.precision, program)},
               {"observed_losses", record.precision.observedLosses},
               {"macs", passes(macs(record, program), 1)},
               {"bitmacs", passes(bitmacs(record, program), 1)},
               {"energy_j", energyJson(energy, isEnergyKnown)},
               {"accelerator_seconds",
                number(isEnergyKnown ? energy.seconds : unknownNumber)}};
  if (!record.precision.choices.empty())
    addGates(json, record.precision, program, gate);
  // Measured, unlike all else: absent where the machine does not tell.
  if (std::isfinite(record.cpuJoules))
    json["cpu_joules"] = record.cpuJoules;
  return json;
}

/// What the energies go by.
static Json energySourceJson(const EnergySource &source) {
  Json refused = Json::array();
  for (const auto &entry : source.refused)
    refused.push_back({{"products", entry.second}, {"reason", entry.first}});
  return {{"model", source.model},
          {"accelerator", source.accelerator},
          {"extensions", source.extensions},
          {"refused", std::move(refused)}};
}

namespace {
/// Sums over epochs.
struct Totals {
  double bitmacs = 0, joules = 0, seconds = 0, cpuJoules = 0;

  void add(const EpochRecord &record, const Program &program) {
    PassCounts counts = frac::bitmacs(record, program);
    bitmacs += counts.forward + counts.error + counts.weightGradient;
    joules += record.precision.energy.total();
    seconds += record.precision.energy.seconds;
    cpuJoules += record.cpuJoules;
  }

  Json toJson(bool isEnergyKnown) const {
    Json json = {{"bitmacs", bitmacs},
                 {"energy_j", number(isEnergyKnown ? joules : unknownNumber)},
                 {"accelerator_seconds",
                  number(isEnergyKnown ? seconds : unknownNumber)}};
    if (std::isfinite(cpuJoules))
      json["cpu_joules"] = cpuJoules;
    return json;
  }
};
} // namespace

/// The sums up to the first epoch with the best accuracy, or null.
static Json toBestJson(const Report &report, const Program &program) {
  Totals totals;
  for (const EpochRecord &record : report.epochs) {
    totals.add(record, program);
    if (!(record.testAccuracy >= report.bestTestAccuracy))
      continue;
    Json json = totals.toJson(report.energySource.isKnown());
    json["epoch"] = record.epoch;
    return json;
  }
  return nullptr;
}

static Json kernelsJson(const std::vector<KernelShare> &kernels) {
  Json json = Json::array();
  for (const KernelShare &kernel : kernels)
    json.push_back({{"product", kernel.product},
                    {"shape", kernel.shape},
                    {"batch", kernel.batch},
                    {"implementation", kernel.implementation},
                    {"calls", kernel.calls},
                    {"macs", kernel.macs},
                    {"seconds", kernel.seconds},
                    {"share", kernel.share}});
  return json;
}

static Json workJson(const std::vector<KernelWork> &work) {
  Json json = Json::object();
  for (const KernelWork &item : work)
    json[item.product] = {
        {"calls", item.calls}, {"macs", item.macs}, {"bitmacs", item.bitmacs}};
  return json;
}

static void writeJson(const std::string &path, const Json &json) {
  std::string text =
      json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  writeFileAtomically(path, {{text.data(), text.size()}});
}

void writeReport(const std::string &path, const Report &report,
                 const Program &program) {
  bool isEnergyKnown = report.energySource.isKnown();
  Json epochs = Json::array();
  Totals sums;
  for (const EpochRecord &record : report.epochs) {
    epochs.push_back(epochJson(record, program, report.gate, isEnergyKnown));
    sums.add(record, program);
  }
  Json totals = sums.toJson(isEnergyKnown);
  totals["wall_seconds"] = report.wallSeconds;
  totals["peak_rss_bytes"] = peakMemoryBytes();
  totals["to_best"] = toBestJson(report, program);
  Json json = {
      {"model", program.model},
      {"status", report.status},
      {"recipe", Json::parse(report.recipe, nullptr, false)},
      {"seed", report.seed},
      {"threads", report.threads},
      {"batch", report.batch},
      {"epochs", std::move(epochs)},
      {"totals", std::move(totals)},
      {"best_test_accuracy", number(report.bestTestAccuracy)},
  };
  if (!program.blocks.empty()) {
    Json candidates = Json::array();
    for (size_t k = 0; k < report.gate.forward.size(); ++k)
      candidates.push_back({{"forward", report.gate.forward[k]},
                            {"backward", report.gate.backward[k]}});
    json["candidates"] = std::move(candidates);
  }
  if (isEnergyKnown)
    json["energy_source"] = energySourceJson(report.energySource);
  if (!report.kernels.empty())
    json["kernels"] = kernelsJson(report.kernels);
  if (!report.work.empty())
    json["kernel_work"] = workJson(report.work);
  writeJson(path, json);
}

void writeEvalReport(const std::string &path, const EvalReport &report,
                     const Program &program) {
  Json json = {{"model", program.model},
               {"threads", report.threads},
               {"batch", report.batch},
               {"samples", report.samples},
               {"test_loss", number(report.loss)},
               {"test_accuracy", number(report.accuracy)},
               {"seconds", report.seconds},
               {"peak_rss_bytes", peakMemoryBytes()}};
  if (!program.symbols.empty())
    json["bits"] = {{"activation", report.widths.activation},
                    {"weight", report.widths.weight}};
  if (!report.kernels.empty())
    json["kernels"] = kernelsJson(report.kernels);
  writeJson(path, json);
}

} // namespace frac
