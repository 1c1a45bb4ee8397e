//===- Report.cpp - The report of a run -----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/metrics/Report.h"

#include "runtime/support/Files.h"

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

static Json epochJson(const EpochRecord &record, const Program &program) {
  auto samples = static_cast<double>(record.samples);
  Json unknownPasses = {
      {"forward", nullptr}, {"error", nullptr}, {"weight_gradient", nullptr}};
  return {{"epoch", record.epoch},
          {"train_loss", number(record.trainLoss)},
          {"train_accuracy", number(record.trainAccuracy)},
          {"test_loss", number(record.testLoss)},
          {"test_accuracy", number(record.testAccuracy)},
          {"seconds", number(record.seconds)},
          {"step_ms_median", number(record.stepMsMedian)},
          {"lr", number(record.lr)},
          {"iterations", record.iterations},
          {"stage", 0},
          {"target_cp", nullptr},
          {"precision", Json::object()},
          {"macs", passes(program.macs, samples)},
          // Everything is multiplied in float: 32 / 32 of every product.
          {"bitmacs", passes(program.macs, samples)},
          {"energy_j", unknownPasses},
          {"accelerator_seconds", nullptr}};
}

static void writeJson(const std::string &path, const Json &json) {
  std::string text =
      json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  writeFileAtomically(path, {{text.data(), text.size()}});
}

void writeReport(const std::string &path, const Report &report,
                 const Program &program) {
  Json epochs = Json::array();
  double samples = 0;
  for (const EpochRecord &record : report.epochs) {
    epochs.push_back(epochJson(record, program));
    samples += static_cast<double>(record.samples);
  }
  double macs =
      program.macs.forward + program.macs.error + program.macs.weightGradient;
  Json json = {
      {"model", program.model},
      {"status", report.status},
      {"recipe", Json::parse(report.recipe, nullptr, false)},
      {"seed", report.seed},
      {"threads", report.threads},
      {"batch", report.batch},
      {"epochs", std::move(epochs)},
      {"totals",
       {{"bitmacs", macs * samples},
        {"energy_j", nullptr},
        {"accelerator_seconds", nullptr},
        {"wall_seconds", report.wallSeconds},
        {"peak_rss_bytes", peakMemoryBytes()}}},
      {"best_test_accuracy", number(report.bestTestAccuracy)},
  };
  writeJson(path, json);
}

void writeEvalReport(const std::string &path, const EvalReport &report,
                     const Program &program) {
  writeJson(path, {{"model", program.model},
                   {"threads", report.threads},
                   {"batch", report.batch},
                   {"samples", report.samples},
                   {"test_loss", number(report.loss)},
                   {"test_accuracy", number(report.accuracy)},
                   {"seconds", report.seconds},
                   {"peak_rss_bytes", peakMemoryBytes()}});
}

} // namespace frac
