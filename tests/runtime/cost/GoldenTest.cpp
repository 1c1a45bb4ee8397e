//===- GoldenTest.cpp - The simulator's own numbers -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/CostMemory.h"
#include "runtime/cost/Horowitz.h"

#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <sstream>

using namespace frac;

namespace {
using Row = std::map<std::string, std::string>;

std::vector<std::string> split(const std::string &line) {
  std::vector<std::string> fields;
  std::stringstream stream(line);
  for (std::string field; std::getline(stream, field, ',');)
    fields.push_back(field);
  return fields;
}

std::vector<Row> readGolden() {
  std::ifstream file(FRAC_GOLDEN_FILE);
  std::vector<Row> rows;
  std::string line;
  std::getline(file, line);
  std::vector<std::string> names = split(line);
  while (std::getline(file, line)) {
    std::vector<std::string> fields = split(line);
    fields.resize(names.size());
    Row row;
    for (size_t i = 0; i < names.size(); ++i)
      row[names[i]] = fields[i];
    rows.push_back(row);
  }
  return rows;
}

ContractionShape shapeOf(const Row &row) {
  auto number = [&](const char *name) { return std::stoll(row.at(name)); };
  return ContractionShape::convolution(number("K"), number("O"), number("S"),
                                       number("IC"), number("OC"), number("B"),
                                       number("im2col") == 1);
}

OperandBits bitsOf(const Row &row) {
  return {std::stoi(row.at("iprec")), std::stoi(row.at("wprec"))};
}

/// Numbers of the columns of a golden row.
std::map<std::string, int64_t> integersOf(const ContractionCost &cost) {
  return {{"perf_factor", cost.performanceFactor},
          {"macs", static_cast<int64_t>(cost.macs)},
          {"compute_cycles", cost.computeCycles},
          {"stall_cycles", cost.stallCycles},
          {"total_cycles", cost.totalCycles},
          {"act_read_bits", cost.input.readBits},
          {"act_write_bits", cost.input.writeBits},
          {"wgt_read_bits", cost.weight.readBits},
          {"wgt_write_bits", cost.weight.writeBits},
          {"out_read_bits", cost.output.readBits},
          {"out_write_bits", cost.output.writeBits},
          {"dram_read_bits", cost.dram.readBits},
          {"dram_write_bits", cost.dram.writeBits}};
}

std::map<std::string, double> energiesOf(const ContractionCost &cost) {
  return {{"energy_total_nJ", cost.energy.total},
          {"core_nJ", cost.energy.core},
          {"wbuf_nJ", cost.energy.weightBuffer},
          {"ibuf_nJ", cost.energy.inputBuffer},
          {"obuf_nJ", cost.energy.outputBuffer},
          {"sram_nJ", cost.energy.sram()},
          {"dram_nJ", cost.energy.dram}};
}
} // namespace

TEST(Golden, EveryRow) {
  std::vector<Row> rows = readGolden();
  ASSERT_EQ(rows.size(), 684u);
  std::map<std::string, std::unique_ptr<CostModel>> models;
  for (const Accelerator &accelerator : builtinAccelerators())
    models[accelerator.name] = findCostModel("bitfusion")->make(accelerator);
  size_t refused = 0;
  double largestError = 0;
  for (const Row &row : rows) {
    SCOPED_TRACE("row " + row.at("id"));
    CostResult result =
        models.at(row.at("config"))->evaluate(shapeOf(row), bitsOf(row));
    ASSERT_EQ(costStatusName(result.status), row.at("status"));
    if (!result.isOk()) {
      EXPECT_NE(result.reason.find("above the array's maximum of 8"),
                std::string::npos);
      ++refused;
      continue;
    }
    for (const auto &[name, value] : integersOf(result.cost))
      EXPECT_EQ(value, std::stoll(row.at(name))) << name;
    for (const auto &[name, value] : energiesOf(result.cost)) {
      double expected = std::stod(row.at(name));
      double error = std::abs(value - expected) / expected;
      largestError = std::max(largestError, error);
      EXPECT_LE(error, 1e-12) << name;
    }
    EXPECT_EQ(result.cost.tiling.dataflow, row.at("dataflow"));
    EXPECT_TRUE(result.cost.extensions.empty());
  }
  EXPECT_EQ(refused, 56u);
  EXPECT_LE(largestError, 1e-15);
}

TEST(Golden, HorowitzEnergiesAreABandAroundMemoryBoundLayers) {
  // Of the same traffic; operations alone are a floor.
  size_t compared = 0;
  for (const Row &row : readGolden()) {
    if (row.at("config") != "e" || row.at("B") != "128" ||
        row.at("status") != "ok" || row.at("pass") != "fwd")
      continue;
    OperandBits bits = bitsOf(row);
    double macs = std::stod(row.at("macs"));
    double sram = 0, dram = 0;
    for (const char *name :
         {"act_read_bits", "act_write_bits", "wgt_read_bits", "wgt_write_bits",
          "out_read_bits", "out_write_bits"})
      sram += std::stod(row.at(name));
    for (const char *name : {"dram_read_bits", "dram_write_bits"})
      dram += std::stod(row.at(name));
    double total = std::stod(row.at("energy_total_nJ"));
    EXPECT_GT(total, macs * 0.3e-3 * (bits.left * bits.right / 64.0));
    if (row.at("iprec") != "8" || row.at("net") != "cifar_resnet")
      continue;
    double ratio = total / horowitz::energy(macs, bits, sram, dram);
    EXPECT_GE(ratio, 0.5) << row.at("id");
    EXPECT_LE(ratio, 1.0) << row.at("id");
    ++compared;
  }
  EXPECT_GE(compared, 4u);
}

TEST(CostMemory, SearchesOnce) {
  auto model = findCostModel("bitfusion")->make(builtinAccelerators().front());
  CostMemory memory(*model);
  ContractionShape shape = ContractionShape::convolution(3, 32, 1, 16, 16, 16);
  const CostResult &first = memory.get(shape, {8, 8});
  const CostResult &second = memory.get(shape, {8, 8});
  EXPECT_EQ(&first, &second);
  EXPECT_EQ(memory.size(), 1u);
  EXPECT_EQ(first.cost.totalCycles, 191926);
  memory.get(shape, {4, 8});
  shape.im2col = true;
  memory.get(shape, {8, 8});
  EXPECT_EQ(memory.size(), 3u);
}
