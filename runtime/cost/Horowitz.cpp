//===- Horowitz.cpp - A model without tiles -------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/Horowitz.h"

#include "runtime/cost/CostModel.h"

#include <algorithm>
#include <cmath>

namespace frac {

double horowitz::multiplyAccumulate(OperandBits bits) {
  if (bits.left >= floatOperandBits && bits.right >= floatOperandBits)
    return floatMultiply + floatAdd;
  return integerMultiply * (bits.left * bits.right / 64.0) + integerAdd;
}

double horowitz::energy(double macs, OperandBits bits, double sramBits,
                        double dramBits) {
  return (macs * multiplyAccumulate(bits) + sramBits * sramPerBit +
          dramBits * dramPerBit) /
         1000;
}

namespace {
/// A roofline: the array is always full, every operand is read from memory once
/// and every output written once, each multiply-accumulate reads both operands
/// from a buffer. It has no tiles, so it takes any shape and any width.
class HorowitzModel final : public CostModel {
public:
  using CostModel::CostModel;

  const char *name() const override { return "horowitz"; }

  CostResult evaluate(const ContractionShape &shape,
                      OperandBits bits) const override;
};

/// Counts up to here are exact as doubles and far from the ends of integers.
constexpr double largestCount = 9007199254740992.0;

double elements(const ContractionShape &shape, bool isInput) {
  double count =
      static_cast<double>(shape.batch) *
      static_cast<double>(isInput ? shape.inChannels : shape.outChannels);
  for (size_t i = 0; i < 2; ++i) {
    double output = static_cast<double>(shape.output[i]);
    double kernel = static_cast<double>(shape.kernel[i]);
    count *= !isInput ? output
             : shape.im2col
                 ? output * kernel
                 : (output - 1) * static_cast<double>(shape.stride[i]) +
                       (kernel - 1) * static_cast<double>(shape.dilation[i]) +
                       1;
  }
  return count;
}

double weightElements(const ContractionShape &shape) {
  return static_cast<double>(shape.kernel[0]) *
         static_cast<double>(shape.kernel[1]) *
         static_cast<double>(shape.inChannels) *
         static_cast<double>(shape.outChannels) /
         static_cast<double>(shape.groups);
}
} // namespace

CostResult HorowitzModel::evaluate(const ContractionShape &shape,
                                   OperandBits bits) const {
  CostResult result = checkShape(shape);
  if (!result.isOk())
    return result;
  if (bits.left < 1 || bits.right < 1)
    return CostResult::refuse(CostStatus::UnsupportedPrecision,
                              "an operand has no bits");
  const Accelerator &hardware = accelerator();
  double macs = shape.macs();
  double read =
      elements(shape, true) * bits.left + weightElements(shape) * bits.right;
  double written = elements(shape, false) * accumulatorBits;
  double sramLeft = macs * bits.left, sramRight = macs * bits.right;
  if (std::max({macs * floatOperandBits * 2, read, written}) > largestCount)
    return CostResult::refuse(CostStatus::TooLarge,
                              "the product is too large to be counted");

  // A unit for operands of the widest integers does a float at once, so that
  // compute cycles are a lower bound.
  auto perOperand = [&](int width) {
    return std::max<int64_t>(1, hardware.maxBits /
                                    std::max<int64_t>(width, hardware.minBits));
  };
  ContractionCost &cost = result.cost;
  cost.performanceFactor = perOperand(bits.left) * perOperand(bits.right);
  cost.macs = macs;
  double units = static_cast<double>(hardware.inputLanes) *
                 static_cast<double>(hardware.outputLanes) *
                 static_cast<double>(cost.performanceFactor);
  cost.computeCycles = static_cast<int64_t>(std::ceil(macs / units));
  auto transfer = static_cast<int64_t>(std::ceil(
      (read + written) / static_cast<double>(hardware.dramBitsPerCycle)));
  cost.totalCycles = std::max(cost.computeCycles, transfer);
  cost.stallCycles = cost.totalCycles - cost.computeCycles;
  cost.dram = {static_cast<int64_t>(read), static_cast<int64_t>(written)};
  cost.input.readBits = static_cast<int64_t>(sramLeft);
  cost.weight.readBits = static_cast<int64_t>(sramRight);

  cost.energy.core = macs * horowitz::multiplyAccumulate(bits) / 1000;
  cost.energy.inputBuffer = sramLeft * horowitz::sramPerBit / 1000;
  cost.energy.weightBuffer = sramRight * horowitz::sramPerBit / 1000;
  cost.energy.dram = (read + written) * horowitz::dramPerBit / 1000;
  cost.energy.total =
      horowitz::energy(macs, bits, sramLeft + sramRight, read + written);
  return result;
}

static std::unique_ptr<CostModel> makeHorowitz(const Accelerator &accelerator) {
  return std::make_unique<HorowitzModel>(accelerator);
}

/// `horowitz`: energies of single operations at 45 nm, to see whether a
/// finer model's numbers are sane.
const CostModelKind &horowitzModel() {
  static const CostModelKind kind = {
      "horowitz",
      "energies of single operations at 45 nm without tiles, a check of sanity",
      makeHorowitz};
  return kind;
}

} // namespace frac
