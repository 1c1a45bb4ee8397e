//===- ElementwiseCost.h - Work that is no product --------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_COST_ELEMENTWISECOST_H
#define FRAC_PASSES_COST_ELEMENTWISECOST_H

#include "passes/cost/NetworkCost.h"

namespace frac {

/// The work of the loops of a function that are no contractions, with `batch`
/// in place of dynamic extents: every loop reads its inputs and writes its
/// outputs once, and does the operations of its body for each of its
/// iterations. The function is one whose loops have been fused.
ElementwiseWork countElementwiseWork(mlir::func::FuncOp function,
                                     int64_t batch);

/// The cost of such work as sums of a report.
CostSums costElementwise(const ElementwiseWork &work, const CostModel &model);

} // namespace frac

#endif // FRAC_PASSES_COST_ELEMENTWISECOST_H
