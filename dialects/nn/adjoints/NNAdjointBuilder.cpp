//===- NNAdjointBuilder.cpp - Reductions and broadcasts in rules ----------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/adjoints/NNAdjointBuilder.h"

using namespace mlir;
using namespace frac;

SmallVector<int64_t> nn::getOtherDimensions(int64_t rank,
                                            ArrayRef<int64_t> dimensions) {
  SmallVector<int64_t> others;
  for (int64_t dimension = 0; dimension < rank; ++dimension)
    if (!llvm::is_contained(dimensions, dimension))
      others.push_back(dimension);
  return others;
}

Value nn::reduce(AdjointBuilder &b, ReduceKind kind, Value value,
                 ArrayRef<int64_t> dimensions) {
  if (dimensions.empty())
    return value;
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape;
  for (int64_t dimension : getOtherDimensions(type.getRank(), dimensions))
    shape.push_back(type.getDimSize(dimension));
  return ReduceOp::create(b, type.clone(shape), kind, value, dimensions);
}

Value nn::expand(AdjointBuilder &b, Value value, Value like,
                 ArrayRef<int64_t> dimensions) {
  if (dimensions.empty())
    return value;
  auto type = cast<RankedTensorType>(like.getType());
  auto element = getElementTypeOrSelf(value.getType());
  return BroadcastOp::create(b, type.clone(element), value,
                             b.dynamicSizes(like),
                             getOtherDimensions(type.getRank(), dimensions));
}
