//===- BitFusionTest.cpp - Worked by hand ---------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/CostModel.h"
#include "runtime/cost/FusionTile.h"
#include "runtime/cost/Horowitz.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

using namespace frac;

namespace {
/// 2 x 2 units with numbers that are easy to work with: halves of 256 bits, an
/// interface of 32, reads 1 pJ, writes 2, DRAM 10, 3 mW at 1 MHz.
Accelerator makeSmall() {
  Accelerator small;
  small.name = "small";
  small.inputLanes = small.outputLanes = 2;
  small.maxBits = 8;
  small.minBits = 2;
  small.megahertz = 1;
  small.picojoulesPerCycle = 10;
  small.arrayLeakageMilliwatts = 0.75;
  small.dramBitsPerCycle = 32;
  small.dramPicojoulesPerBit = 10;
  small.inputBuffer = {64, 1, 2, 0.75, 0.1, ""};
  small.weightBuffer = small.outputBuffer = small.inputBuffer;
  return small;
}

CostResult evaluate(const Accelerator &accelerator,
                    const ContractionShape &shape, OperandBits bits = {8, 8}) {
  EXPECT_TRUE(checkAccelerator(accelerator).empty());
  return findCostModel("bitfusion")->make(accelerator)->evaluate(shape, bits);
}

const ContractionShape product = ContractionShape::gemm(2, 2, 2);

/// The problem of one tile of rows, a sum of `inner` and columns.
FusionProblem makeProblem(LoopNumbers extents, int64_t lanes, int64_t columns,
                          OperandBits bits) {
  FusionProblem problem;
  problem.kernel = problem.stride = problem.dilation = {1, 1};
  problem.extents = extents;
  problem.lanes = lanes;
  problem.columns = columns;
  problem.bits = bits;
  problem.capacity = {1 << 20, 1 << 20, 1 << 20};
  return problem;
}
} // namespace

TEST(BitFusion, OneTile) {
  // Tiles: 2*2*8 = 32 bits of rows and of columns, 2*2*32 = 128 of outputs.
  // First 192 bits in 6 cycles, last 128 in 4, nothing between; 2 cycles of
  // computation. Two rows by two columns, sums of two: 8 products, which read
  // 64 bits of each operand; outputs stay: 128 bits are read and written, and
  // as many filled and drained.
  ContractionCost cost = evaluate(makeSmall(), product).cost;
  EXPECT_EQ(cost.macs, 8);
  EXPECT_EQ(cost.performanceFactor, 1);
  EXPECT_EQ(cost.computeCycles, 2);
  EXPECT_EQ(cost.stallCycles, 10);
  EXPECT_EQ(cost.totalCycles, 12);
  EXPECT_EQ(cost.input.readBits, 64);
  EXPECT_EQ(cost.input.writeBits, 32);
  EXPECT_EQ(cost.weight.readBits, 64);
  EXPECT_EQ(cost.weight.writeBits, 32);
  EXPECT_EQ(cost.output.readBits, 256);
  EXPECT_EQ(cost.output.writeBits, 256);
  EXPECT_EQ(cost.dram.readBits, 192);
  EXPECT_EQ(cost.dram.writeBits, 128);
  EXPECT_DOUBLE_EQ(cost.energy.core, 0.020);
  EXPECT_DOUBLE_EQ(cost.energy.weightBuffer, 0.128);
  EXPECT_DOUBLE_EQ(cost.energy.inputBuffer, 0.128);
  EXPECT_DOUBLE_EQ(cost.energy.outputBuffer, 0.768);
  EXPECT_DOUBLE_EQ(cost.energy.dram, 3.2);
  EXPECT_DOUBLE_EQ(cost.energy.total, 4.244);
  EXPECT_STREQ(cost.tiling.dataflow, "OS");
  EXPECT_TRUE(cost.extensions.empty());
}

TEST(BitFusion, InputStationary) {
  // One row, one term, two columns at 8 bits: IS 8 + 2*(8+32) = 88 bits,
  // OS 2*(32+16) = 96, WS 2*(8+40) = 96.
  FusionProblem problem = makeProblem({1, 1, 1, 1, 2}, 1, 2, {8, 8});
  FusionTile tile(problem, problem.extents);
  FusionAccesses accesses(problem, tile);
  EXPECT_STREQ(accesses.dataflow, "IS");
  EXPECT_EQ(accesses.inputRead, 8);
  EXPECT_EQ(accesses.weightRead, 16);
  EXPECT_EQ(accesses.output, 64);
}

TEST(BitFusion, WeightStationary) {
  // Four rows, one term, two columns at (2,8): IS 4*(2+2*40) = 328 bits,
  // OS 8*(32+10) = 336, WS 2*(8+4*34) = 288. Two such tiles.
  FusionProblem problem = makeProblem({8, 1, 1, 1, 2}, 1, 2, {2, 8});
  FusionTile tile(problem, {4, 1, 1, 1, 2});
  EXPECT_EQ(tile.totalTiles(), 2);
  FusionAccesses accesses(problem, tile);
  EXPECT_STREQ(accesses.dataflow, "WS");
  EXPECT_EQ(accesses.inputRead, 2 * 4 * 2 * 2);
  EXPECT_EQ(accesses.weightRead, 2 * 2 * 8);
  EXPECT_EQ(accesses.output, 2 * 4 * 2 * 32);
}

TEST(BitFusion, TiedDataflowsAreTakenInOrder) {
  // One of everything: 48 bits each way.
  FusionProblem problem = makeProblem({1, 1, 1, 1, 1}, 1, 1, {8, 8});
  EXPECT_STREQ(FusionAccesses(problem, {problem, {1, 1, 1, 1, 1}}).dataflow,
               "IS");
  // More columns than are filled: OS 2*(32+16) = 96 and WS 2*(8+40) = 96 are
  // level, IS at lanes of two 2*(8+2*40) = 176 against 2*(32+32) = 128 is not.
  FusionProblem wider = makeProblem({1, 1, 1, 2, 2}, 2, 2, {8, 8});
  EXPECT_STREQ(FusionAccesses(wider, {wider, {1, 1, 1, 2, 2}}).dataflow, "OS");
}

TEST(BitFusion, LoopsReloadWhatDoesNotStay) {
  // Tiles of 32, 32 and 128 bits, two of each loop, sums innermost. The inputs
  // of one row fit twice, weights and outputs once.
  FusionProblem problem = makeProblem({4, 1, 1, 4, 4}, 2, 2, {8, 8});
  problem.capacity = {64, 32, 128};
  FusionTile tile(problem, {2, 1, 1, 2, 2});
  EXPECT_EQ(tile.bits, (OperandNumbers{32, 32, 128}));
  FusionTransfers transfers(
      problem, tile,
      {FusionLoop::OutChannels, FusionLoop::Batch, FusionLoop::InChannels});
  EXPECT_EQ(transfers.total, (OperandNumbers{256, 256, 512}));
  EXPECT_EQ(transfers.resident, (OperandNumbers{64, 32, 128}));
  // Sums outermost: outputs are read and written twice, the rest once.
  FusionTransfers outside(
      problem, tile,
      {FusionLoop::InChannels, FusionLoop::OutChannels, FusionLoop::Batch});
  EXPECT_EQ(outside.total, (OperandNumbers{128, 128, 1024}));
  EXPECT_EQ(outside.resident, (OperandNumbers{64, 32, 128}));
}

TEST(BitFusion, TilesAtTheEdgeCountAsFull) {
  FusionProblem problem = makeProblem({1, 7, 7, 2, 2}, 2, 2, {8, 8});
  FusionTile tile(problem, {1, 4, 4, 2, 2});
  EXPECT_EQ(tile.totalTiles(), 4);
  EXPECT_EQ(tile.computeCycles, 8 * 8);
}

TEST(BitFusion, FactorsFallAsWidthsGrow) {
  const int64_t factors[] = {4, 4, 2, 2, 1, 1, 1, 1};
  for (int left = 1; left <= 8; ++left)
    for (int right = 1; right <= 8; ++right)
      EXPECT_EQ(
          evaluate(makeSmall(), product, {left, right}).cost.performanceFactor,
          factors[left - 1] * factors[right - 1]);
}

TEST(BitFusion, RefusesWhatDoesNotFit) {
  // The gradient of weights as a convolution by a kernel of 56 x 56.
  CostResult result =
      evaluate(builtinAccelerators().front(),
               ContractionShape::convolution(56, 3, 1, 128, 64, 64));
  EXPECT_EQ(result.status, CostStatus::DoesNotFit);
  EXPECT_EQ(result.reason,
            "does not fit: the smallest weight tile has 802816 bits, half of "
            "the weight buffer holds 262144");
}

TEST(BitFusion, RefusesWithoutTheExtension) {
  ContractionShape shape = product;
  shape.groups = 2;
  EXPECT_EQ(evaluate(makeSmall(), shape).reason,
            "2 groups, which BitFusion does not have (extension depthwise or "
            "groups)");
  shape = product;
  shape.kernel = {1, 3};
  EXPECT_EQ(evaluate(makeSmall(), shape).status, CostStatus::UnsupportedShape);
  shape = product;
  shape.dilation = {2, 2};
  EXPECT_EQ(evaluate(makeSmall(), shape).status, CostStatus::UnsupportedShape);
  for (OperandBits bits : {OperandBits{9, 8}, OperandBits{8, 16},
                           OperandBits{0, 8}, OperandBits{8, 32}})
    EXPECT_EQ(evaluate(makeSmall(), product, bits).status,
              CostStatus::UnsupportedPrecision);
}

TEST(BitFusion, SizesFromOutsideAreBounded) {
  constexpr int64_t largest = std::numeric_limits<int64_t>::max();
  for (int64_t size : {largest, largest / 2 + 1, int64_t{1} << 57}) {
    EXPECT_EQ(evaluate(makeSmall(), ContractionShape::gemm(size, 2, 2)).status,
              CostStatus::TooLarge);
    EXPECT_EQ(evaluate(makeSmall(), ContractionShape::gemm(2, size, 2)).status,
              CostStatus::TooLarge);
    EXPECT_EQ(evaluate(makeSmall(), ContractionShape::convolution(
                                        size, size, size, size, size, size))
                  .status,
              CostStatus::TooLarge);
  }
  for (int64_t size : {int64_t{0}, int64_t{-1}, -largest})
    EXPECT_EQ(evaluate(makeSmall(), ContractionShape::gemm(size, 2, 2)).status,
              CostStatus::UnsupportedShape);
  // Far from the ends and still a search of moments.
  EXPECT_TRUE(evaluate(builtinAccelerators().front(),
                       ContractionShape::convolution(3, 512, 1, 1024, 1024, 64))
                  .isOk());
}

TEST(BitFusionExtensions, Leakage) {
  // 3 mW for 12 cycles of a microsecond.
  Accelerator small = makeSmall();
  small.extensions.leakage = true;
  ContractionCost cost = evaluate(small, product).cost;
  EXPECT_EQ(cost.totalCycles, 12);
  EXPECT_DOUBLE_EQ(cost.energy.leakage, 36);
  EXPECT_DOUBLE_EQ(cost.energy.total, 40.244);
  EXPECT_EQ(cost.extensions.text(","), "leakage");
}

TEST(BitFusionExtensions, ZeroInitialized) {
  // 64 bits come first, in 2 cycles; no output is filled.
  Accelerator small = makeSmall();
  small.extensions.zeroInitialized = true;
  ContractionCost cost = evaluate(small, product).cost;
  EXPECT_EQ(cost.totalCycles, 2 + 2 + 4);
  EXPECT_EQ(cost.dram.readBits, 64);
  EXPECT_EQ(cost.output.writeBits, 128);
  EXPECT_DOUBLE_EQ(cost.energy.total, 0.020 + 0.128 + 0.128 + 0.512 + 1.92);
  EXPECT_EQ(cost.extensions.text(","), "zero_initialized");
}

TEST(BitFusionExtensions, NarrowOutputs) {
  // The finished 128 bits leave as 32.
  Accelerator small = makeSmall();
  small.extensions.outputBits = 8;
  ContractionCost cost = evaluate(small, product).cost;
  EXPECT_EQ(cost.totalCycles, 2 + 6 + 1);
  EXPECT_EQ(cost.dram.writeBits, 32);
  EXPECT_DOUBLE_EQ(cost.energy.total, 4.244 - 0.96);
  EXPECT_EQ(cost.extensions.text(","), "output_bits");
}

TEST(BitFusionExtensions, PartialSumsStayWide) {
  // Four rows of 128 terms, two columns; half of the weights fit and the sums
  // of two rows. Each half of the weights is read once and all sums, 256 bits,
  // go out with either half: 512 bits, of which 256 are finished.
  Accelerator small = makeSmall();
  small.dramBitsPerCycle = 8;
  small.inputBuffer.bytes = 512;
  small.weightBuffer.bytes = 256;
  small.outputBuffer.bytes = 32;
  ContractionShape shape = ContractionShape::gemm(4, 128, 2);
  ContractionCost plain = evaluate(small, shape).cost;
  EXPECT_EQ(plain.dram.readBits, 4096 + 2048 + 512);
  EXPECT_EQ(plain.dram.writeBits, 512);
  small.extensions.outputBits = 8;
  small.extensions.zeroInitialized = true;
  ContractionCost narrow = evaluate(small, shape).cost;
  EXPECT_EQ(narrow.dram.readBits, 4096 + 2048 + 256);
  EXPECT_EQ(narrow.dram.writeBits, 256 + 256 / 4);
}

TEST(BitFusionExtensions, WideOperands) {
  // Rows of 16 bits in two parts: 64 bits of a tile, twice the computation.
  Accelerator small = makeSmall();
  small.extensions.wideOperands = true;
  ContractionCost cost = evaluate(small, product, {16, 8}).cost;
  EXPECT_EQ(cost.computeCycles, 4);
  EXPECT_EQ(cost.totalCycles, 4 + 7 + 4);
  EXPECT_EQ(cost.input.readBits, 128);
  EXPECT_DOUBLE_EQ(cost.energy.total, 0.040 + 0.128 + 0.256 + 0.768 + 3.52);
  EXPECT_EQ(cost.extensions.text(","), "wide_operands");
  // 12 bits are two parts too, and both operands multiply.
  EXPECT_EQ(evaluate(small, product, {12, 17}).cost.computeCycles, 2 * 2 * 3);
  // What fits needs no parts and is not marked.
  EXPECT_TRUE(evaluate(small, product, {8, 8}).cost.extensions.empty());
}

TEST(BitFusionExtensions, FloatsAsIntegers) {
  Accelerator small = makeSmall();
  small.extensions.floatBits = 8;
  ContractionCost cost = evaluate(small, product, {32, 32}).cost;
  EXPECT_DOUBLE_EQ(cost.energy.total, 4.244);
  EXPECT_EQ(cost.extensions.text(","), "float_bits");
  // 16 bits are above the array's maximum.
  small.extensions.floatBits = 16;
  EXPECT_EQ(evaluate(small, product, {32, 32}).status,
            CostStatus::UnsupportedPrecision);
}

TEST(BitFusionExtensions, Groups) {
  Accelerator small = makeSmall();
  small.extensions.groups = true;
  ContractionShape shape = ContractionShape::gemm(2, 4, 4);
  shape.groups = 2;
  ContractionCost cost = evaluate(small, shape).cost;
  EXPECT_EQ(cost.macs, 16);
  EXPECT_EQ(cost.totalCycles, 24);
  EXPECT_EQ(cost.dram.readBits, 2 * 192);
  EXPECT_DOUBLE_EQ(cost.energy.total, 2 * 4.244);
  EXPECT_EQ(cost.extensions.text(","), "groups");
}

TEST(BitFusionExtensions, Depthwise) {
  // Four channels of two rows on two columns: 2 * 2 steps, tiles of 64, 64
  // (padded to two lanes) and 256 bits.
  Accelerator small = makeSmall();
  small.extensions.depthwise = true;
  ContractionShape shape = ContractionShape::gemm(2, 4, 4);
  shape.groups = 4;
  ContractionCost cost = evaluate(small, shape).cost;
  EXPECT_EQ(cost.macs, 8);
  EXPECT_EQ(cost.computeCycles, 4);
  EXPECT_EQ(cost.totalCycles, 4 + 12 + 8);
  EXPECT_EQ(cost.input.readBits, 64);
  EXPECT_EQ(cost.output.readBits, 512);
  EXPECT_DOUBLE_EQ(cost.energy.total, 0.040 + 0.192 + 0.192 + 1.536 + 6.4);
  EXPECT_EQ(cost.extensions.text(","), "depthwise");
  // One after the other: 2 + 5 + 4 cycles each.
  small.extensions.depthwise = false;
  small.extensions.groups = true;
  EXPECT_EQ(evaluate(small, shape).cost.totalCycles, 4 * 11);
}

TEST(BitFusionExtensions, Rectangular) {
  // A kernel of 1 x 3 on an output of 1 x 2: inputs of 1 x 4 pixels.
  Accelerator small = makeSmall();
  small.extensions.rectangular = true;
  ContractionShape shape = ContractionShape::gemm(1, 2, 2);
  shape.kernel = {1, 3};
  shape.output = {1, 2};
  ContractionCost cost = evaluate(small, shape).cost;
  EXPECT_EQ(cost.computeCycles, 6);
  EXPECT_EQ(cost.dram.readBits, 4 * 2 * 8 + 6 * 2 * 8 + 2 * 2 * 32);
  EXPECT_EQ(cost.totalCycles, 6 + 9 + 4);
  EXPECT_EQ(cost.extensions.text(","), "rectangular");
}

TEST(BitFusionExtensions, Dilation) {
  // A kernel of 2 x 2 that spans 3 x 3 pixels.
  Accelerator small = makeSmall();
  small.extensions.dilation = true;
  ContractionShape shape = ContractionShape::gemm(1, 2, 2);
  shape.kernel = shape.dilation = {2, 2};
  ContractionCost cost = evaluate(small, shape).cost;
  EXPECT_EQ(cost.dram.readBits, 9 * 2 * 8 + 8 * 2 * 8 + 2 * 32);
  EXPECT_EQ(cost.totalCycles, 4 + 11 + 2);
  EXPECT_EQ(cost.extensions.text(","), "dilation");
}

TEST(BitFusionExtensions, Objective) {
  // Published effects of cycles first: 16.7 % of energy for 0.13 % of cycles,
  // and 45.7 % for 0.15 %.
  struct {
    ContractionShape shape;
    double cycles, energy;
  } rows[] = {
      {ContractionShape::convolution(3, 16, 1, 32, 32, 128), 0.13, -16.7},
      {ContractionShape::convolution(3, 8, 1, 64, 64, 128), 0.15, -45.7}};
  for (const auto &row : rows) {
    Accelerator e = builtinAccelerators().front();
    ContractionCost cycles = evaluate(e, row.shape).cost;
    e.extensions.objective = CostObjective::Energy;
    ContractionCost energy = evaluate(e, row.shape).cost;
    e.extensions.objective = CostObjective::EnergyDelay;
    ContractionCost both = evaluate(e, row.shape).cost;
    auto percent = [](double value, double base) {
      return 100 * (value / base - 1);
    };
    EXPECT_NEAR(percent(static_cast<double>(energy.totalCycles),
                        static_cast<double>(cycles.totalCycles)),
                row.cycles, 0.006);
    EXPECT_NEAR(percent(energy.energy.total, cycles.energy.total), row.energy,
                0.05);
    EXPECT_LE(both.energy.total * static_cast<double>(both.totalCycles),
              energy.energy.total * static_cast<double>(energy.totalCycles));
    EXPECT_EQ(energy.extensions.text(","), "objective");
  }
}

TEST(CostModel, ElementwiseWork) {
  // 100 operations on 2 columns take 50 cycles, 3200 bits take 100.
  Accelerator small = makeSmall();
  auto model = findCostModel("bitfusion")->make(small);
  ContractionCost cost = model->evaluateElementwise({100, 1600, 1600});
  EXPECT_EQ(cost.computeCycles, 50);
  EXPECT_EQ(cost.totalCycles, 100);
  EXPECT_DOUBLE_EQ(cost.energy.total, 0.46 + 32);
  EXPECT_EQ(cost.extensions.text(","), "elementwise");
}

TEST(Horowitz, TakesAnyWidth) {
  EXPECT_DOUBLE_EQ(horowitz::multiplyAccumulate({8, 8}), 0.3);
  EXPECT_DOUBLE_EQ(horowitz::multiplyAccumulate({4, 8}), 0.2);
  EXPECT_DOUBLE_EQ(horowitz::multiplyAccumulate({32, 32}), 4.6);
  auto model = findCostModel("horowitz")->make(makeSmall());
  // 8 products; 64 bits read and 128 written beside the chip, 128 read on it.
  ContractionCost cost = model->evaluate(product, {8, 8}).cost;
  EXPECT_DOUBLE_EQ(cost.energy.total,
                   (8 * 0.3 + 128 * 0.156 + 192 * 20.3) / 1000);
  EXPECT_EQ(cost.computeCycles, 2);
  EXPECT_EQ(cost.totalCycles, 6);
  EXPECT_TRUE(model->evaluate(product, {32, 32}).isOk());
  EXPECT_FALSE(model->evaluate(product, {0, 8}).isOk());
  EXPECT_FALSE(
      model->evaluate(ContractionShape::gemm(int64_t{1} << 62, 2, 2), {8, 8})
          .isOk());
}
