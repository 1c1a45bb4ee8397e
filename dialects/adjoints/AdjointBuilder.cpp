//===- AdjointBuilder.cpp - Building blocks of adjoint rules --------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/AdjointBuilder.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace frac;

Value AdjointBuilder::constant(double value, Value like) {
  auto attr = getFloatAttr(getElementTypeOrSelf(like.getType()), value);
  auto type = dyn_cast<RankedTensorType>(like.getType());
  if (type && type.hasStaticShape())
    return arith::ConstantOp::create(*this, DenseElementsAttr::get(type, attr));
  return splat(arith::ConstantOp::create(*this, attr), like);
}

Value AdjointBuilder::splat(Value scalar, Value like) {
  auto type = dyn_cast<RankedTensorType>(like.getType());
  if (!type)
    return scalar;
  return createOrFold<tensor::SplatOp>(type, scalar, dynamicSizes(like));
}

Value AdjointBuilder::add(Value a, Value b) {
  return createOrFold<arith::AddFOp>(a, b);
}

Value AdjointBuilder::sub(Value a, Value b) {
  return createOrFold<arith::SubFOp>(a, b);
}

Value AdjointBuilder::mul(Value a, Value b) {
  return createOrFold<arith::MulFOp>(a, b);
}

Value AdjointBuilder::div(Value a, Value b) {
  return createOrFold<arith::DivFOp>(a, b);
}

Value AdjointBuilder::neg(Value a) { return createOrFold<arith::NegFOp>(a); }

Value AdjointBuilder::scale(Value a, double value) {
  return mul(a, constant(value, a));
}

Value AdjointBuilder::compare(arith::CmpFPredicate predicate, Value a,
                              Value b) {
  return createOrFold<arith::CmpFOp>(predicate, a, b);
}

Value AdjointBuilder::select(Value condition, Value a, Value b) {
  return createOrFold<arith::SelectOp>(condition, a, b);
}

Value AdjointBuilder::keepWhere(Value a, Value x,
                                arith::CmpFPredicate predicate, double bound) {
  Value limit = constant(bound, x);
  Value condition = compare(predicate, x, limit);
  return select(condition, a, bound == 0.0 ? limit : zeros(x));
}

SmallVector<Value> AdjointBuilder::dynamicSizes(Value value) {
  SmallVector<Value> sizes;
  auto type = cast<RankedTensorType>(value.getType());
  for (int64_t dimension = 0; dimension < type.getRank(); ++dimension)
    if (type.isDynamicDim(dimension))
      sizes.push_back(tensor::DimOp::create(*this, value, dimension));
  return sizes;
}

Value AdjointBuilder::count(Value value, ArrayRef<int64_t> dimensions,
                            FloatType type) {
  auto shaped = cast<RankedTensorType>(value.getType());
  int64_t known = 1;
  Value unknown;
  for (int64_t dimension : dimensions) {
    if (!shaped.isDynamicDim(dimension)) {
      known *= shaped.getDimSize(dimension);
      continue;
    }
    Value extent = tensor::DimOp::create(*this, value, dimension);
    extent = arith::IndexCastOp::create(*this, getI64Type(), extent);
    extent = arith::SIToFPOp::create(*this, type, extent);
    unknown = unknown ? mul(unknown, extent) : extent;
  }
  Value total = arith::ConstantOp::create(
      *this, getFloatAttr(type, static_cast<double>(known)));
  return unknown ? mul(unknown, total) : total;
}
