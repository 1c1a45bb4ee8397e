//===- NNShapeOps.cpp - Changes of shape and reductions -------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNDialect.h"
#include "dialects/nn/NNVerification.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace frac::nn;

/// Emits an error unless `values` has one entry a dimension.
static LogicalResult checkEntries(Operation *op, StringRef name,
                                  ArrayRef<int64_t> values, int64_t rank) {
  if (static_cast<int64_t>(values.size()) == rank)
    return success();
  return op->emitOpError() << name << " has " << values.size()
                           << " entries, expected " << rank;
}

//===----------------------------------------------------------------------===//
// BroadcastOp
//===----------------------------------------------------------------------===//

LogicalResult BroadcastOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  // broadcast_c1: every input dimension has a place in the result.
  if (failed(checkElementTypes(*this, input, result)) ||
      failed(checkEntries(*this, "dimensions", getDimensions(),
                          input.getRank())) ||
      failed(checkDimensions(*this, getDimensions(), result.getRank())))
    return failure();
  // broadcast_c2: an input extent is 1 or that of the result.
  for (auto [index, dim] : llvm::enumerate(getDimensions()))
    if (input.getDimSize(index) != 1 &&
        failed(checkExtent(*this, "dimension " + Twine(index) + " of the input",
                           input.getDimSize(index), result.getDimSize(dim))))
      return failure();
  // broadcast_c3: one size a dynamic extent.
  return checkDynamicSizes(*this, getDynamicSizes(), result);
}

OpFoldResult BroadcastOp::fold(FoldAdaptor adaptor) {
  // Ranks are equal only if every dimension stays where it is.
  if (getInput().getType() == getResult().getType() &&
      cast<RankedTensorType>(getInput().getType()).hasStaticShape())
    return getInput();
  auto type = cast<RankedTensorType>(getResult().getType());
  if (auto splat = dyn_cast_if_present<SplatElementsAttr>(adaptor.getInput()))
    if (type.hasStaticShape())
      return splat.resizeSplat(type);
  return {};
}

//===----------------------------------------------------------------------===//
// ReduceOp
//===----------------------------------------------------------------------===//

LogicalResult ReduceOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  // reduce_c1: the dimensions exist.
  if (failed(checkElementTypes(*this, input, result)) ||
      failed(checkDimensions(*this, getDimensions(), input.getRank())))
    return failure();
  // reduce_c2: the result has the other ones, in order.
  SmallVector<int64_t> kept;
  for (int64_t dim = 0, e = input.getRank(); dim != e; ++dim)
    if (!llvm::is_contained(getDimensions(), dim))
      kept.push_back(input.getDimSize(dim));
  return checkShape(*this, "the result", result.getShape(), kept);
}

OpFoldResult ReduceOp::fold(FoldAdaptor adaptor) {
  if (getDimensions().empty() && getInput().getType() == getResult().getType())
    return getInput();
  return {};
}

//===----------------------------------------------------------------------===//
// ReshapeOp
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  if (failed(checkElementTypes(*this, input, result)))
    return failure();
  // reshape_c1: at most one extent of the result is dynamic.
  if (result.getNumDynamicDims() > 1)
    return emitOpError() << "result " << result
                         << " has more than one dynamic extent";
  // reshape_c2: static shapes have the same number of elements.
  if (input.hasStaticShape() && result.hasStaticShape() &&
      input.getNumElements() != result.getNumElements())
    return emitOpError() << "takes " << input.getNumElements()
                         << " elements to " << result.getNumElements();
  return success();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getResult().getType() &&
      cast<RankedTensorType>(getResult().getType()).getNumDynamicDims() <= 1)
    return getInput();
  if (auto elements =
          dyn_cast_if_present<DenseElementsAttr>(adaptor.getInput())) {
    auto type = cast<RankedTensorType>(getResult().getType());
    if (type.hasStaticShape())
      return elements.reshape(type);
  }
  // A reshape of a reshape is one reshape.
  if (auto producer = getInput().getDefiningOp<ReshapeOp>()) {
    getInputMutable().assign(producer.getInput());
    return getResult();
  }
  return {};
}

//===----------------------------------------------------------------------===//
// TransposeOp
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  // transpose_c1: the permutation is one of the input's dimensions.
  if (failed(checkElementTypes(*this, input, result)) ||
      failed(checkEntries(*this, "permutation", getPermutation(),
                          input.getRank())))
    return failure();
  SmallVector<int64_t> sorted(getPermutation());
  llvm::sort(sorted);
  if (failed(checkDimensions(*this, sorted, input.getRank())))
    return failure();
  // transpose_c2: the result has the permuted shape.
  SmallVector<int64_t> permuted;
  for (int64_t dim : getPermutation())
    permuted.push_back(input.getDimSize(dim));
  return checkShape(*this, "the result", result.getShape(), permuted);
}

OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  bool isIdentity = true;
  for (auto [index, dim] : llvm::enumerate(getPermutation()))
    isIdentity &= static_cast<int64_t>(index) == dim;
  if (isIdentity && getInput().getType() == getResult().getType())
    return getInput();
  // A transpose of a transpose is one transpose.
  if (auto producer = getInput().getDefiningOp<TransposeOp>()) {
    SmallVector<int64_t> composed;
    for (int64_t dim : getPermutation())
      composed.push_back(producer.getPermutation()[dim]);
    setPermutation(composed);
    getInputMutable().assign(producer.getInput());
    return getResult();
  }
  return {};
}

//===----------------------------------------------------------------------===//
// ConcatOp
//===----------------------------------------------------------------------===//

LogicalResult ConcatOp::verify() {
  // concat_c1: there is something to join.
  if (getInputs().empty())
    return emitOpError() << "needs at least one input";
  auto result = cast<RankedTensorType>(getResult().getType());
  int64_t dimension = getDimension();
  if (failed(checkDimensions(*this, dimension, result.getRank())))
    return failure();
  // concat_c2: shapes agree in the other dimensions, and extents add up.
  int64_t sum = 0;
  for (Value input : getInputs()) {
    auto type = cast<RankedTensorType>(input.getType());
    SmallVector<int64_t> expected(result.getShape());
    if (type.getRank() == result.getRank())
      expected[dimension] = type.getDimSize(dimension);
    if (failed(checkElementTypes(*this, type, result)) ||
        failed(checkShape(*this, "an input", type.getShape(), expected)))
      return failure();
    if (type.isDynamicDim(dimension))
      return emitOpError() << "cannot join along a dynamic dimension";
    sum += type.getDimSize(dimension);
  }
  return checkExtent(*this, "the joined dimension",
                     result.getDimSize(dimension), sum);
}

//===----------------------------------------------------------------------===//
// SliceOp and UnsliceOp
//===----------------------------------------------------------------------===//

/// Verifies that every place of `part` lies inside of `whole`.
static LogicalResult verifySlice(Operation *op, RankedTensorType whole,
                                 RankedTensorType part,
                                 ArrayRef<int64_t> offsets,
                                 ArrayRef<int64_t> strides) {
  // slice_c1: one offset and one stride a dimension.
  if (failed(checkElementTypes(op, whole, part)) ||
      failed(checkEntries(op, "offsets", offsets, whole.getRank())) ||
      failed(checkEntries(op, "strides", strides, whole.getRank())))
    return failure();
  if (part.getRank() != whole.getRank())
    return op->emitOpError()
           << "changes the rank from " << whole << " to " << part;
  for (int64_t dim = 0, e = whole.getRank(); dim != e; ++dim) {
    // slice_c2: a dynamic dimension is taken whole.
    if (whole.isDynamicDim(dim) || part.isDynamicDim(dim)) {
      if (offsets[dim] != 0 || strides[dim] != 1)
        return op->emitOpError()
               << "must take dynamic dimension " << dim << " whole";
      continue;
    }
    // slice_c3: the first and the last element exist.
    int64_t extent = part.getDimSize(dim);
    int64_t last = offsets[dim] + strides[dim] * (extent - 1);
    if (extent > 0 && (std::min(offsets[dim], last) < 0 ||
                       std::max(offsets[dim], last) >= whole.getDimSize(dim)))
      return op->emitOpError() << "reaches from " << offsets[dim] << " to "
                               << last << " in dimension " << dim
                               << " of extent " << whole.getDimSize(dim);
  }
  return success();
}

LogicalResult SliceOp::verify() {
  return verifySlice(*this, cast<RankedTensorType>(getInput().getType()),
                     cast<RankedTensorType>(getResult().getType()),
                     getOffsets(), getStrides());
}

LogicalResult UnsliceOp::verify() {
  auto result = cast<RankedTensorType>(getResult().getType());
  if (failed(verifySlice(*this, result,
                         cast<RankedTensorType>(getInput().getType()),
                         getOffsets(), getStrides())))
    return failure();
  return checkDynamicSizes(*this, getDynamicSizes(), result);
}

//===----------------------------------------------------------------------===//
// PadOp
//===----------------------------------------------------------------------===//

LogicalResult PadOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  // pad_c1: one amount a dimension at either end.
  if (failed(checkElementTypes(*this, input, result)) ||
      failed(checkEntries(*this, "low", getLow(), input.getRank())) ||
      failed(checkEntries(*this, "high", getHigh(), input.getRank())))
    return failure();
  // pad_c2: extents grow by the amounts; a dynamic one does not.
  SmallVector<int64_t> expected;
  for (int64_t dim = 0, e = input.getRank(); dim != e; ++dim) {
    if (!input.isDynamicDim(dim)) {
      expected.push_back(input.getDimSize(dim) + getLow()[dim] +
                         getHigh()[dim]);
      continue;
    }
    if (getLow()[dim] != 0 || getHigh()[dim] != 0)
      return emitOpError() << "cannot pad dynamic dimension " << dim;
    expected.push_back(ShapedType::kDynamic);
  }
  // pad_c3: a reflection does not reach beyond the other end.
  if (getMode() == PadMode::reflect)
    for (int64_t dim = 0, e = input.getRank(); dim != e; ++dim)
      if (!input.isDynamicDim(dim) &&
          std::max(getLow()[dim], getHigh()[dim]) >= input.getDimSize(dim) &&
          std::max(getLow()[dim], getHigh()[dim]) > 0)
        return emitOpError()
               << "reflects further than the extent " << input.getDimSize(dim)
               << " of dimension " << dim;
  return checkShape(*this, "the result", result.getShape(), expected);
}

//===----------------------------------------------------------------------===//
// GatherOp and ScatterAddOp
//===----------------------------------------------------------------------===//

/// gather_c1: the shape of the indices replaces the dimension of the table.
static LogicalResult verifyGather(Operation *op, Type tableType, Type indexType,
                                  Type slicesType, int64_t dimension) {
  auto table = cast<RankedTensorType>(tableType);
  auto indices = cast<RankedTensorType>(indexType);
  auto slices = cast<RankedTensorType>(slicesType);
  if (failed(checkElementTypes(op, table, slices)) ||
      failed(checkDimensions(op, dimension, table.getRank())))
    return failure();
  SmallVector<int64_t> expected(table.getShape().take_front(dimension));
  llvm::append_range(expected, indices.getShape());
  llvm::append_range(expected, table.getShape().drop_front(dimension + 1));
  return checkShape(op, "the gathered tensor", slices.getShape(), expected);
}

LogicalResult GatherOp::verify() {
  return verifyGather(*this, getInput().getType(), getIndices().getType(),
                      getResult().getType(), getDimension());
}

LogicalResult ScatterAddOp::verify() {
  if (failed(verifyGather(*this, getResult().getType(), getIndices().getType(),
                          getUpdates().getType(), getDimension())))
    return failure();
  return checkDynamicSizes(*this, getDynamicSizes(),
                           cast<RankedTensorType>(getResult().getType()));
}

//===----------------------------------------------------------------------===//
// ArgMaxOp
//===----------------------------------------------------------------------===//

LogicalResult ArgMaxOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  // argmax_c1: the dimension exists, and the result lacks it.
  int64_t dimension = getDimension();
  if (failed(checkDimensions(*this, dimension, input.getRank())))
    return failure();
  SmallVector<int64_t> expected(input.getShape());
  expected.erase(expected.begin() + dimension);
  return checkShape(*this, "the result",
                    cast<RankedTensorType>(getResult().getType()).getShape(),
                    expected);
}
