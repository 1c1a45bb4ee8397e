//===- CostMemory.h - Costs that were asked for before ----------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_COST_COSTMEMORY_H
#define FRAC_RUNTIME_COST_COSTMEMORY_H

#include "runtime/cost/CostModel.h"

#include <unordered_map>

namespace frac {

/// Remembers what a model answered, by shape and widths: a search takes
/// milliseconds, and networks and training ask the same again and again. For
/// one thread at a time.
class CostMemory {
public:
  /// `model` must outlive this.
  explicit CostMemory(const CostModel &model) : model(&model) {}

  const CostModel &getModel() const { return *model; }

  /// The cost of a product. The reference stays valid.
  const CostResult &get(const ContractionShape &shape, OperandBits bits);

  /// How many searches have been done.
  size_t size() const { return results.size(); }

private:
  const CostModel *model;
  std::unordered_map<CostKey, CostResult, CostKeyHash> results;
};

} // namespace frac

#endif // FRAC_RUNTIME_COST_COSTMEMORY_H
