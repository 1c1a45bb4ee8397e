//===- CostJson.cpp - Costs for machines ----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/cost/CostReport.h"

#include "runtime/cost/AcceleratorText.h"

using namespace frac;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

static Object getEnergy(const CostEnergy &energy) {
  return Object{{"core", energy.core},
                {"weight_buffer", energy.weightBuffer},
                {"input_buffer", energy.inputBuffer},
                {"output_buffer", energy.outputBuffer},
                {"sram", energy.sram()},
                {"dram", energy.dram},
                {"leakage", energy.leakage},
                {"total", energy.total}};
}

static Object getTraffic(const CostSums &sums) {
  auto pair = [](double read, double write) {
    return Object{{"read", read}, {"write", write}};
  };
  return Object{{"input_buffer", pair(sums.inputRead, sums.inputWrite)},
                {"weight_buffer", pair(sums.weightRead, sums.weightWrite)},
                {"output_buffer", pair(sums.outputRead, sums.outputWrite)},
                {"dram", pair(sums.dramRead, sums.dramWrite)}};
}

/// Of a product, of a pass or of all. What has no cost at all has nulls.
static Object getSums(const CostSums &sums, const CostModel &model) {
  Object object{{"macs", sums.macs}, {"bitmacs", sums.bitMacs}};
  // Elementwise work costs something without a product.
  bool isCosted = sums.costedMacs > 0 || sums.totalCycles > 0;
  auto set = [&](llvm::StringRef key, Value value) {
    object[key] = isCosted ? std::move(value) : Value(nullptr);
  };
  set("compute_cycles", sums.computeCycles);
  set("stall_cycles", sums.stallCycles);
  set("total_cycles", sums.totalCycles);
  set("seconds", sums.totalCycles / (model.accelerator().megahertz * 1e6));
  set("utilization", sums.utilization());
  set("energy_nj", getEnergy(sums.energy));
  set("pj_per_mac", sums.picojoulesPerMac());
  set("traffic_bits", getTraffic(sums));
  return object;
}

static Object getSumsOfSeveral(const CostSums &sums, const CostModel &model) {
  Object object = getSums(sums, model);
  object["refused"] = sums.refused;
  return object;
}

static Array getNames(CostExtensionSet extensions) {
  Array names;
  for (const std::string &name : extensions.names())
    names.push_back(name);
  return names;
}

static Object getTiling(const Tiling &tiling) {
  return Object{{"dataflow", tiling.dataflow},
                {"batch", tiling.batch},
                {"output_width", tiling.outputWidth},
                {"output_height", tiling.outputHeight},
                {"in_channels", tiling.inChannels},
                {"out_channels", tiling.outChannels},
                {"order", tiling.order}};
}

static Object getProduct(const ProductCost &cost, const CostModel &model) {
  Object object = getSums(cost.sums, model);
  object["name"] = cost.product->name;
  object["op"] = cost.product->opName;
  object["pass"] = getProductName(cost.product->pass);
  object["bits"] = Object{{"left", cost.leftBits}, {"right", cost.rightBits}};
  object["status"] = costStatusName(cost.status);
  object["reason"] = cost.reason;
  object["extensions"] = getNames(cost.extensions);
  bool isOk = cost.status == CostStatus::Ok;
  object["bound"] = !isOk                  ? Value(nullptr)
                    : cost.isBoundByMemory ? Value("memory")
                                           : Value("compute");
  object["tiling"] = isOk && cost.tiling.batch > 0
                         ? Value(getTiling(cost.tiling))
                         : Value(nullptr);
  return object;
}

static Object getStageCost(const StageCost &cost, const CostModel &model,
                           bool withProducts) {
  Object object;
  if (withProducts) {
    Array products;
    for (const ProductCost &product : cost.products)
      products.push_back(getProduct(product, model));
    object["products"] = std::move(products);
  }
  Object passes;
  for (size_t pass = 0; pass < trainingPasses; ++pass)
    passes[getPassName(pass)] = getSumsOfSeveral(cost.passes[pass], model);
  object["passes"] = std::move(passes);
  object["total"] = getSumsOfSeveral(cost.total, model);
  return object;
}

static Array getStages(const CostReport &report) {
  Array stages;
  for (size_t i = 0; i < report.stages.size(); ++i) {
    const CostStage &stage = report.stages[i];
    // Those of the only stage are the mean's.
    Object object =
        getStageCost(report.costs[i], *report.model, report.stages.size() > 1);
    Array widths;
    for (const WidthShare &part : stage.widths)
      widths.push_back(Object{{"activation", part.widths.activation},
                              {"weight", part.widths.weight},
                              {"error", part.widths.error},
                              {"share", part.share}});
    object["name"] = stage.name;
    object["widths"] = std::move(widths);
    object["share"] = stage.share;
    object["iterations"] = report.iterations > 0
                               ? Value(stage.share * report.iterations)
                               : Value(nullptr);
    stages.push_back(std::move(object));
  }
  return stages;
}

/// The whole of training, in joules and seconds.
static Value getTraining(const CostReport &report) {
  if (report.iterations <= 0)
    return nullptr;
  auto joules = [&](const CostSums &sums) {
    return sums.energy.total * 1e-9 * report.iterations;
  };
  CostSums total = report.getTotal();
  Object energy;
  for (size_t pass = 0; pass < trainingPasses; ++pass)
    energy[getPassName(pass)] = joules(report.mean.passes[pass]);
  if (report.elementwise)
    energy["elementwise"] = joules(*report.elementwise);
  energy["total"] = joules(total);
  return Object{{"iterations", report.iterations},
                {"bitmacs", total.bitMacs * report.iterations},
                {"energy_j", std::move(energy)},
                {"accelerator_seconds",
                 total.totalCycles * report.iterations /
                     (report.model->accelerator().megahertz * 1e6)}};
}

Object frac::toJSON(const CostReport &report) {
  const CostModel &model = *report.model;
  Object object = getStageCost(report.mean, model, /*withProducts=*/true);
  if (report.elementwise) {
    object["elementwise"] = getSumsOfSeveral(*report.elementwise, model);
    object["total"] = getSumsOfSeveral(report.getTotal(), model);
  }
  object["model"] = report.subject;
  object["cost_model"] = model.name();
  object["batch"] = report.batch;
  object["mapping"] = trainingMappingName(report.mapping);
  // Written by ourselves, so that it can be read.
  llvm::Expected<Value> accelerator =
      llvm::json::parse(acceleratorJson(model.accelerator()));
  if (accelerator)
    object["accelerator"] = std::move(*accelerator);
  else
    llvm::consumeError(accelerator.takeError());
  object["extensions"] = getNames(switchedOn(model.accelerator().extensions));
  auto optional = [](std::optional<double> number) {
    return number ? Value(*number) : Value(nullptr);
  };
  object["area_mm2"] = optional(model.accelerator().areaSquareMillimetres());
  object["leakage_mw"] = optional(model.accelerator().leakageMilliwatts());
  Array notes;
  for (const std::string &note : report.notes)
    notes.push_back(note);
  object["notes"] = std::move(notes);
  object["stages"] = getStages(report);
  object["training"] = getTraining(report);
  if (report.baseline) {
    CostSums total = report.getTotal();
    object["baseline"] = Object{
        {"widths", report.baselineName},
        {"total", getSumsOfSeveral(*report.baseline, model)},
        {"energy_ratio", total.energy.total / report.baseline->energy.total},
        {"cycles_ratio", total.totalCycles / report.baseline->totalCycles}};
  }
  return object;
}
