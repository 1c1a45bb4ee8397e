//===- NetworkCost.cpp - What a training step costs -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/cost/NetworkCost.h"

using namespace frac;

/// Fields that are sums, for loops over them.
static constexpr double CostSums::*sumFields[] = {
    &CostSums::macs,        &CostSums::bitMacs,     &CostSums::computeCycles,
    &CostSums::stallCycles, &CostSums::totalCycles, &CostSums::idealCycles,
    &CostSums::inputRead,   &CostSums::inputWrite,  &CostSums::weightRead,
    &CostSums::weightWrite, &CostSums::outputRead,  &CostSums::outputWrite,
    &CostSums::dramRead,    &CostSums::dramWrite,   &CostSums::costedMacs};
static constexpr double CostEnergy::*energyFields[] = {
    &CostEnergy::core,        &CostEnergy::weightBuffer,
    &CostEnergy::inputBuffer, &CostEnergy::outputBuffer,
    &CostEnergy::dram,        &CostEnergy::leakage,
    &CostEnergy::total};

void CostSums::add(const CostSums &other, double share) {
  for (double CostSums::*field : sumFields)
    this->*field += share * other.*field;
  for (double CostEnergy::*field : energyFields)
    energy.*field += share * other.energy.*field;
  refused += other.refused;
}

/// The sums of one product at one pair of widths.
static CostSums makeSums(const ContractionCost &cost, double macs,
                         const Accelerator &accelerator) {
  CostSums sums;
  sums.computeCycles = static_cast<double>(cost.computeCycles);
  sums.stallCycles = static_cast<double>(cost.stallCycles);
  sums.totalCycles = static_cast<double>(cost.totalCycles);
  sums.idealCycles = macs / (static_cast<double>(accelerator.inputLanes) *
                             static_cast<double>(accelerator.outputLanes) *
                             static_cast<double>(cost.performanceFactor));
  sums.inputRead = static_cast<double>(cost.input.readBits);
  sums.inputWrite = static_cast<double>(cost.input.writeBits);
  sums.weightRead = static_cast<double>(cost.weight.readBits);
  sums.weightWrite = static_cast<double>(cost.weight.writeBits);
  sums.outputRead = static_cast<double>(cost.output.readBits);
  sums.outputWrite = static_cast<double>(cost.output.writeBits);
  sums.dramRead = static_cast<double>(cost.dram.readBits);
  sums.dramWrite = static_cast<double>(cost.dram.writeBits);
  sums.energy = cost.energy;
  sums.costedMacs = macs;
  return sums;
}

/// Has `cost` refused, for good.
static void refuse(ProductCost &cost, CostStatus status, std::string reason) {
  double macs = cost.sums.macs, bitMacs = cost.sums.bitMacs;
  cost.status = status;
  cost.reason = std::move(reason);
  cost.sums = {};
  cost.sums.macs = macs;
  cost.sums.bitMacs = bitMacs;
  cost.sums.refused = 1;
}

ProductCost frac::costProduct(const CostedProduct &product,
                              llvm::ArrayRef<WidthShare> widths,
                              TrainingMapping mapping, CostMemory &memory) {
  const Accelerator &accelerator = memory.getModel().accelerator();
  ProductCost cost;
  cost.product = &product;
  double largestShare = -1;
  for (const WidthShare &part : widths) {
    OperandBits bits = {product.left.at(part.widths),
                        product.right.at(part.widths)};
    cost.leftBits += part.share * bits.left;
    cost.rightBits += part.share * bits.right;
    cost.sums.macs += part.share * product.macs;
    cost.sums.bitMacs +=
        part.share * product.macs * (bits.left / 32.0) * (bits.right / 32.0);
    // What has been refused at one width has no mean.
    if (cost.status != CostStatus::Ok)
      continue;
    if (!product.product) {
      refuse(cost, CostStatus::UnsupportedShape, product.problem);
      continue;
    }
    const CostResult &result = costOf(*product.product, bits, mapping, memory);
    if (!result.isOk()) {
      refuse(cost, result.status, result.reason);
      continue;
    }
    cost.sums.add(makeSums(result.cost, product.macs, accelerator), part.share);
    cost.extensions.add(result.cost.extensions);
    if (part.share > largestShare) {
      largestShare = part.share;
      cost.tiling = result.cost.tiling;
    }
  }
  cost.isBoundByMemory = (cost.sums.dramRead + cost.sums.dramWrite) /
                             static_cast<double>(accelerator.dramBitsPerCycle) >
                         cost.sums.computeCycles;
  return cost;
}

StageCost frac::costStage(llvm::ArrayRef<CostedProduct> products,
                          const CostStage &stage, TrainingMapping mapping,
                          CostMemory &memory) {
  StageCost costs;
  for (const CostedProduct &product : products) {
    bool isSkipped = product.canSkip || stage.unskipped.empty();
    costs.products.push_back(costProduct(
        product, isSkipped ? stage.widths : stage.unskipped, mapping, memory));
    const CostSums &sums = costs.products.back().sums;
    costs.passes[static_cast<size_t>(product.pass)].add(sums);
    costs.total.add(sums);
  }
  return costs;
}
