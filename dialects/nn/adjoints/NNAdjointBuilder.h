//===- NNAdjointBuilder.h - Reductions and broadcasts in rules ------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_NN_ADJOINTS_NNADJOINTBUILDER_H
#define FRAC_DIALECTS_NN_ADJOINTS_NNADJOINTBUILDER_H

#include "dialects/adjoints/AdjointBuilder.h"
#include "dialects/nn/NNDialect.h"

namespace frac::nn {

/// Dimensions 0 to `rank` - 1 without `dimensions`.
llvm::SmallVector<int64_t>
getOtherDimensions(int64_t rank, llvm::ArrayRef<int64_t> dimensions);

/// Combines the elements of `value` along `dimensions`.
mlir::Value reduce(AdjointBuilder &b, ReduceKind kind, mlir::Value value,
                   llvm::ArrayRef<int64_t> dimensions);

/// The sum of the elements of `value` along `dimensions`.
inline mlir::Value sum(AdjointBuilder &b, mlir::Value value,
                       llvm::ArrayRef<int64_t> dimensions) {
  return reduce(b, ReduceKind::sum, value, dimensions);
}

/// Repeats `value` in the shape of `like`, of which it has all dimensions but
/// `dimensions`: what undoes the shape of a reduction.
mlir::Value expand(AdjointBuilder &b, mlir::Value value, mlir::Value like,
                   llvm::ArrayRef<int64_t> dimensions);

} // namespace frac::nn

#endif // FRAC_DIALECTS_NN_ADJOINTS_NNADJOINTBUILDER_H
