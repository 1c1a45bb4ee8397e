//===- CostModel.cpp - What a product costs -------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/CostModel.h"

#include "runtime/cost/Horowitz.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace frac {

// Each model lives in a file of its own, which defines the function that a row
// names.
#define FRAC_COST_MODEL(function) const CostModelKind &function();
#include "runtime/cost/Models.def"
#undef FRAC_COST_MODEL

const std::vector<const CostModelKind *> &costModels() {
  static const std::vector<const CostModelKind *> models = {
#define FRAC_COST_MODEL(function) &function(),
#include "runtime/cost/Models.def"
#undef FRAC_COST_MODEL
  };
  return models;
}

const CostModelKind *findCostModel(const std::string &name) {
  for (const CostModelKind *model : costModels())
    if (name == model->name)
      return model;
  return nullptr;
}

bool isCheaper(const ContractionCost &a, const ContractionCost &b,
               CostObjective objective) {
  auto rank = [&](const ContractionCost &cost) {
    auto cycles = static_cast<double>(cost.totalCycles);
    switch (objective) {
    case CostObjective::Cycles:
      break;
    case CostObjective::Energy:
      return std::make_tuple(cost.energy.total, cycles);
    case CostObjective::EnergyDelay:
      return std::make_tuple(cost.energy.total * cycles, cycles);
    }
    return std::make_tuple(cycles, cost.energy.total);
  };
  return rank(a) < rank(b);
}

const char *costStatusName(CostStatus status) {
  switch (status) {
  case CostStatus::Ok:
    return "ok";
  case CostStatus::UnsupportedPrecision:
    return "unsupported_precision";
  case CostStatus::UnsupportedShape:
    return "unsupported_shape";
  case CostStatus::DoesNotFit:
    return "does_not_fit";
  case CostStatus::TooLarge:
    return "too_large";
  }
  return "";
}

CostResult CostResult::refuse(CostStatus status, std::string reason) {
  CostResult result;
  result.status = status;
  result.reason = std::move(reason);
  return result;
}

CostModel::~CostModel() = default;

ContractionCost
CostModel::evaluateElementwise(const ElementwiseWork &work) const {
  // Each column has a unit for elements behind it, of floats of 32 bits. Reads,
  // writes and computation overlap.
  ContractionCost cost;
  double bits = work.readBits + work.writeBits;
  double compute =
      std::ceil(work.operations / static_cast<double>(hardware.outputLanes));
  double transfer =
      std::ceil(bits / static_cast<double>(hardware.dramBitsPerCycle));
  cost.performanceFactor = 1;
  cost.computeCycles = static_cast<int64_t>(compute);
  cost.totalCycles = static_cast<int64_t>(std::max(compute, transfer));
  cost.stallCycles = cost.totalCycles - cost.computeCycles;
  cost.dram = {static_cast<int64_t>(work.readBits),
               static_cast<int64_t>(work.writeBits)};
  cost.energy.core =
      work.operations * (horowitz::floatMultiply + horowitz::floatAdd) / 1000;
  cost.energy.dram = bits * hardware.dramPicojoulesPerBit / 1000;
  cost.energy.total = cost.energy.core + cost.energy.dram;
  cost.extensions.add(CostExtension::Elementwise);
  if (hardware.extensions.leakage) {
    cost.energy.leakage = hardware.leakageMilliwatts().value_or(0) *
                          static_cast<double>(cost.totalCycles) /
                          hardware.megahertz;
    cost.energy.total += cost.energy.leakage;
    cost.extensions.add(CostExtension::Leakage);
  }
  return cost;
}

CostResult checkShape(const ContractionShape &shape) {
  struct {
    const char *name;
    int64_t value;
  } sizes[] = {{"kernel height", shape.kernel[0]},
               {"kernel width", shape.kernel[1]},
               {"output height", shape.output[0]},
               {"output width", shape.output[1]},
               {"vertical stride", shape.stride[0]},
               {"horizontal stride", shape.stride[1]},
               {"vertical dilation", shape.dilation[0]},
               {"horizontal dilation", shape.dilation[1]},
               {"number of input channels", shape.inChannels},
               {"number of output channels", shape.outChannels},
               {"batch", shape.batch},
               {"number of groups", shape.groups}};
  for (const auto &size : sizes)
    if (size.value < 1)
      return CostResult::refuse(CostStatus::UnsupportedShape,
                                std::string("the ") + size.name + " is " +
                                    std::to_string(size.value) +
                                    "; it must be at least 1");
  if (shape.inChannels % shape.groups || shape.outChannels % shape.groups)
    return CostResult::refuse(
        CostStatus::UnsupportedShape,
        std::to_string(shape.groups) + " groups do not divide " +
            std::to_string(shape.inChannels) + " and " +
            std::to_string(shape.outChannels) + " channels");
  return {};
}

} // namespace frac
