//===- NetworkCost.h - What a training step costs ---------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_COST_NETWORKCOST_H
#define FRAC_PASSES_COST_NETWORKCOST_H

#include "passes/cost/CostedProducts.h"

#include <array>

namespace frac {

/// Widths that a part of all samples and iterations has.
struct WidthShare {
  RoleWidths widths;
  double share = 1;
};

/// A part of training with its widths.
struct CostStage {
  std::string name;
  /// The shares add up to 1, or to less where samples skip products.
  std::vector<WidthShare> widths;
  /// Of all iterations.
  double share = 1;
  /// The widths of products that no sample may skip, whose shares add up to 1;
  /// empty: the same.
  std::vector<WidthShare> unskipped = {};
};

/// Sums over products and means over widths, of one iteration.
struct CostSums {
  double macs = 0;
  /// Each weighed by (bits / 32) (bits / 32) of its operands.
  double bitMacs = 0;
  double computeCycles = 0, stallCycles = 0, totalCycles = 0;
  /// Cycles of an array that does nothing but the useful work.
  double idealCycles = 0;
  /// Bits, as of `Traffic`.
  double inputRead = 0, inputWrite = 0, weightRead = 0, weightWrite = 0,
         outputRead = 0, outputWrite = 0, dramRead = 0, dramWrite = 0;
  CostEnergy energy;
  /// Of these, those that have a cost.
  double costedMacs = 0;
  /// How many products have none.
  int64_t refused = 0;

  void add(const CostSums &other, double share = 1);
  double utilization() const {
    return totalCycles > 0 ? idealCycles / totalCycles : 0;
  }
  /// Of the products that have a cost.
  double picojoulesPerMac() const {
    return costedMacs > 0 ? energy.total * 1000 / costedMacs : 0;
  }
};

/// The number of passes of training, in the order of `Product`.
constexpr size_t trainingPasses = 3;

/// One product in one stage.
struct ProductCost {
  const CostedProduct *product = nullptr;
  /// Means over the stage's widths.
  double leftBits = 0, rightBits = 0;
  CostStatus status = CostStatus::Ok;
  std::string reason;
  CostSums sums;
  CostExtensionSet extensions;
  /// Of the largest share of widths.
  Tiling tiling;
  /// Whether moving its bits takes longer than computing.
  bool isBoundByMemory = false;
};

/// All products in one stage.
struct StageCost {
  std::vector<ProductCost> products;
  std::array<CostSums, trainingPasses> passes;
  CostSums total;
};

/// The cost of one product at widths by role.
ProductCost costProduct(const CostedProduct &product,
                        llvm::ArrayRef<WidthShare> widths,
                        TrainingMapping mapping, CostMemory &memory);

/// The cost of an iteration of a stage. `products` must outlive the result.
StageCost costStage(llvm::ArrayRef<CostedProduct> products,
                    const CostStage &stage, TrainingMapping mapping,
                    CostMemory &memory);

} // namespace frac

#endif // FRAC_PASSES_COST_NETWORKCOST_H
