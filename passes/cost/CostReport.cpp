//===- CostReport.cpp - Costs for people and machines ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/cost/CostReport.h"

#include <charconv>

using namespace frac;

llvm::StringRef frac::getPassName(size_t pass) {
  return getProductName(static_cast<Product>(pass));
}

CostSums CostReport::getTotal() const {
  CostSums total = mean.total;
  if (elementwise)
    total.add(*elementwise);
  return total;
}

/// Adds the widths of a stage to those of others.
static void addWidths(std::vector<WidthShare> &sums,
                      llvm::ArrayRef<WidthShare> widths, double share) {
  for (const WidthShare &part : widths) {
    auto known = llvm::find_if(sums, [&](const WidthShare &other) {
      return other.widths == part.widths;
    });
    if (known == sums.end())
      sums.push_back({part.widths, share * part.share});
    else
      known->share += share * part.share;
  }
}

/// The widths of all stages, by how long each is.
static CostStage getMeanStage(const CostReport &report) {
  CostStage mean;
  for (const CostStage &stage : report.stages) {
    addWidths(mean.widths, stage.widths, stage.share);
    addWidths(mean.unskipped, stage.unskipped, stage.share);
  }
  return mean;
}

void frac::evaluateReport(CostReport &report,
                          llvm::ArrayRef<CostedProduct> products,
                          CostMemory &memory) {
  for (const CostStage &stage : report.stages)
    report.costs.push_back(costStage(products, stage, report.mapping, memory));
  report.mean =
      costStage(products, getMeanStage(report), report.mapping, memory);
}

std::vector<std::string> frac::getCsvHeader() {
  return {"layer",
          "op",
          "pass",
          "left_bits",
          "right_bits",
          "status",
          "macs",
          "bitmacs",
          "compute_cycles",
          "stall_cycles",
          "total_cycles",
          "utilization",
          "bound",
          "act_read_bits",
          "act_write_bits",
          "wgt_read_bits",
          "wgt_write_bits",
          "out_read_bits",
          "out_write_bits",
          "dram_read_bits",
          "dram_write_bits",
          "core_nJ",
          "wbuf_nJ",
          "ibuf_nJ",
          "obuf_nJ",
          "dram_nJ",
          "leakage_nJ",
          "energy_total_nJ",
          "pJ_per_mac",
          "dataflow",
          "tile_b",
          "tile_ow",
          "tile_oh",
          "tile_ic",
          "tile_oc",
          "extensions",
          "reason"};
}

std::string frac::shortestText(double value) {
  char text[40];
  std::to_chars_result end = std::to_chars(text, text + sizeof text, value);
  return {text, end.ptr};
}

std::vector<std::string> frac::getCsvRow(const ProductCost &cost) {
  const CostedProduct &product = *cost.product;
  const CostSums &sums = cost.sums;
  std::vector<std::string> row = {product.name,
                                  product.opName,
                                  getProductName(product.pass).str(),
                                  shortestText(cost.leftBits),
                                  shortestText(cost.rightBits),
                                  costStatusName(cost.status),
                                  shortestText(sums.macs),
                                  shortestText(sums.bitMacs)};
  if (cost.status == CostStatus::Ok) {
    for (double cycles : {sums.computeCycles, sums.stallCycles,
                          sums.totalCycles, sums.utilization()})
      row.push_back(shortestText(cycles));
    row.push_back(cost.isBoundByMemory ? "memory" : "compute");
    for (double bits :
         {sums.inputRead, sums.inputWrite, sums.weightRead, sums.weightWrite,
          sums.outputRead, sums.outputWrite, sums.dramRead, sums.dramWrite})
      row.push_back(shortestText(bits));
    const CostEnergy &energy = sums.energy;
    for (double joules : {energy.core, energy.weightBuffer, energy.inputBuffer,
                          energy.outputBuffer, energy.dram, energy.leakage,
                          energy.total, sums.picojoulesPerMac()})
      row.push_back(shortestText(joules));
    row.push_back(cost.tiling.dataflow);
    for (int64_t extent :
         {cost.tiling.batch, cost.tiling.outputWidth, cost.tiling.outputHeight,
          cost.tiling.inChannels, cost.tiling.outChannels})
      row.push_back(extent > 0 ? std::to_string(extent) : "");
  }
  row.resize(getCsvHeader().size());
  row[row.size() - 2] = cost.extensions.text(";");
  row.back() = cost.reason;
  return row;
}
