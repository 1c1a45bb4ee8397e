//===- Shape.cpp - Adjoints of changes of shape ---------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/adjoints/NNAdjointBuilder.h"
#include "dialects/nn/adjoints/NNAdjoints.h"

using namespace mlir;
using namespace frac;
using namespace frac::nn;

static Value reshape(AdjointBuilder &b, Value x, Value y, Value g) {
  return ReshapeOp::create(b, x.getType(), g);
}

static Value transpose(AdjointBuilder &b, Value x, Value y, Value g) {
  ArrayRef<int64_t> permutation =
      y.getDefiningOp<TransposeOp>().getPermutation();
  SmallVector<int64_t> inverse(permutation.size());
  for (auto [index, dimension] : llvm::enumerate(permutation))
    inverse[dimension] = static_cast<int64_t>(index);
  return TransposeOp::create(b, x.getType(), g, inverse);
}

static Value slice(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<SliceOp>();
  return UnsliceOp::create(b, x.getType(), g, b.dynamicSizes(x),
                           op.getOffsets(), op.getStrides());
}

static Value unslice(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<UnsliceOp>();
  return SliceOp::create(b, x.getType(), g, op.getOffsets(), op.getStrides());
}

static Value gather(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<GatherOp>();
  return ScatterAddOp::create(b, x.getType(), g, op.getIndices(),
                              b.dynamicSizes(x), op.getDimension());
}

static Value scatterAdd(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<ScatterAddOp>();
  return GatherOp::create(b, x.getType(), g, op.getIndices(),
                          op.getDimension());
}

static AdjointValues concatRule(ConcatOp op, AdjointBuilder &b,
                                ValueRange resultGradients,
                                const BitVector &wanted) {
  auto dimension = static_cast<int64_t>(op.getDimension());
  SmallVector<Value> gradients;
  int64_t begin = 0;
  for (auto [index, input] : llvm::enumerate(op.getInputs())) {
    auto type = cast<RankedTensorType>(input.getType());
    SmallVector<int64_t> offsets(type.getRank(), 0), strides(type.getRank(), 1);
    offsets[dimension] = begin;
    begin += type.getDimSize(dimension);
    gradients.push_back(wanted[index]
                            ? SliceOp::create(b, type, resultGradients.front(),
                                              offsets, strides)
                                  .getResult()
                            : Value());
  }
  return gradients;
}

//===----------------------------------------------------------------------===//
// Padding
//===----------------------------------------------------------------------===//

namespace {

/// Undoes padding along one dimension: a gradient of the padded tensor becomes
/// one of the tensor before it.
class Unpadder {
public:
  Unpadder(AdjointBuilder &b, int64_t dimension, int64_t extent)
      : b(b), dimension(dimension), extent(extent) {}

  /// The part of gradient `g` that belongs to elements of the tensor itself.
  Value inner(Value g, int64_t low, int64_t high) {
    int64_t cutLow = std::max<int64_t>(-low, 0);
    int64_t cutHigh = std::max<int64_t>(-high, 0);
    Value part =
        take(g, std::max<int64_t>(low, 0), 1, extent - cutLow - cutHigh);
    return place(part, cutLow);
  }

  /// What padding that repeats element `at` adds to it: the sum over `count`
  /// elements of `g` from `begin` on.
  Value repeated(Value g, int64_t begin, int64_t count, int64_t at) {
    Value total = sum(b, take(g, begin, 1, count), dimension);
    return place(ReshapeOp::create(b, resized(g, 1), total), at);
  }

  /// What padding that is a mirror image adds: `count` elements of `g` down
  /// from `from`, to the elements from `at` on.
  Value mirrored(Value g, int64_t from, int64_t count, int64_t at) {
    return place(take(g, from, -1, count), at);
  }

private:
  RankedTensorType resized(Value value, int64_t size) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[dimension] = size;
    return type.clone(shape);
  }

  Value take(Value value, int64_t offset, int64_t stride, int64_t count) {
    RankedTensorType type = resized(value, count);
    SmallVector<int64_t> offsets(type.getRank(), 0), strides(type.getRank(), 1);
    offsets[dimension] = offset;
    strides[dimension] = stride;
    return SliceOp::create(b, type, value, offsets, strides);
  }

  Value place(Value value, int64_t offset) {
    RankedTensorType type = resized(value, extent);
    if (type == value.getType())
      return value;
    SmallVector<int64_t> offsets(type.getRank(), 0), strides(type.getRank(), 1);
    offsets[dimension] = offset;
    return UnsliceOp::create(b, type, value, b.dynamicSizes(value), offsets,
                             strides);
  }

  AdjointBuilder &b;
  int64_t dimension;
  int64_t extent;
};

} // namespace

static Value pad(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<PadOp>();
  auto type = cast<RankedTensorType>(x.getType());
  for (int64_t dimension = 0; dimension < type.getRank(); ++dimension) {
    int64_t low = op.getLow()[dimension], high = op.getHigh()[dimension];
    if (low == 0 && high == 0)
      continue;
    int64_t extent = type.getDimSize(dimension);
    int64_t highBegin = extent + low;
    Unpadder unpadder(b, dimension, extent);
    Value unpadded = unpadder.inner(g, low, high);
    if (op.getMode() == PadMode::edge) {
      if (low > 0)
        unpadded = b.add(unpadded, unpadder.repeated(g, 0, low, 0));
      if (high > 0)
        unpadded =
            b.add(unpadded, unpadder.repeated(g, highBegin, high, extent - 1));
    } else if (op.getMode() == PadMode::reflect) {
      if (low > 0)
        unpadded = b.add(unpadded, unpadder.mirrored(g, low - 1, low, 1));
      if (high > 0)
        unpadded = b.add(unpadded, unpadder.mirrored(g, highBegin + high - 1,
                                                     high, extent - 1 - high));
    }
    g = unpadded;
  }
  return g;
}

template <typename OpTy, UnaryRule rule>
static void attach(MLIRContext *context) {
  OpTy::template attachInterface<UnaryAdjoint<OpTy, rule>>(*context);
}

void nn::attachShapeAdjoints(MLIRContext *context) {
  attach<ReshapeOp, reshape>(context);
  attach<TransposeOp, transpose>(context);
  attach<SliceOp, slice>(context);
  attach<UnsliceOp, unslice>(context);
  attach<PadOp, pad>(context);
  attach<GatherOp, gather>(context);
  attach<ScatterAddOp, scatterAdd>(context);
  ConcatOp::attachInterface<OpAdjoint<ConcatOp, concatRule>>(*context);
}
