//===- LoweringUtils.cpp - Building loops over tensors --------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/lowering/LoweringUtils.h"

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/SmallBitVector.h"
#include "llvm/ADT/TypeSwitch.h"

#include <numeric>

using namespace mlir;

namespace frac {

//===----------------------------------------------------------------------===//
// Extents
//===----------------------------------------------------------------------===//

namespace {

RankedTensorType typeOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType());
}

/// A dimension of a tensor whose extent is that of the dimension asked for,
/// multiplied by `factor` and divided by `divisor`.
struct DimOrigin {
  Value tensor;
  int64_t dim;
  int64_t factor = 1;
  int64_t divisor = 1;
};

int64_t staticElements(RankedTensorType type) {
  int64_t count = 1;
  for (int64_t extent : type.getShape())
    if (!ShapedType::isDynamic(extent))
      count *= extent;
  return count;
}

std::optional<int64_t> theDynamicDim(RankedTensorType type) {
  if (type.getNumDynamicDims() != 1)
    return std::nullopt;
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim))
      return dim;
  return std::nullopt;
}

/// The dynamic size operand for dimension `dim` of `type`.
Value dynamicSize(RankedTensorType type, ValueRange sizes, int64_t dim) {
  unsigned position = 0;
  for (int64_t i = 0; i < dim; ++i)
    position += type.isDynamicDim(i);
  return sizes[position];
}

/// A source of `origin` one operation further up, or nothing at the root.
std::optional<DimOrigin> stepUp(const DimOrigin &origin) {
  Operation *op = origin.tensor.getDefiningOp();
  if (!op)
    return std::nullopt;
  auto along = [&](Value operand, int64_t dim) -> std::optional<DimOrigin> {
    return DimOrigin{operand, dim, origin.factor, origin.divisor};
  };
  // The only dynamic dimension of an operand with a result of as many elements
  // (a reshape), or of as many along the dynamic dimension.
  auto throughDynamic = [&](Value operand,
                            bool sameElements) -> std::optional<DimOrigin> {
    std::optional<int64_t> dim = theDynamicDim(typeOf(operand));
    if (!dim || typeOf(origin.tensor).getNumDynamicDims() != 1)
      return std::nullopt;
    DimOrigin next{operand, *dim, origin.factor, origin.divisor};
    if (sameElements) {
      next.factor *= staticElements(typeOf(operand));
      next.divisor *= staticElements(typeOf(origin.tensor));
    }
    return next;
  };
  return TypeSwitch<Operation *, std::optional<DimOrigin>>(op)
      .Case<linalg::LinalgOp>([&](linalg::LinalgOp linalgOp) {
        unsigned result = cast<OpResult>(origin.tensor).getResultNumber();
        return along(linalgOp.getDpsInits()[result], origin.dim);
      })
      .Case<tensor::ExpandShapeOp, tensor::CollapseShapeOp>([&](auto reshape) {
        return throughDynamic(reshape.getSrc(), /*sameElements=*/true);
      })
      .Case([&](nn::ReshapeOp reshape) {
        return throughDynamic(reshape.getInput(), /*sameElements=*/true);
      })
      .Case([&](nn::TransposeOp transpose) {
        return along(transpose.getInput(),
                     transpose.getPermutation()[origin.dim]);
      })
      .Case<nn::ConvOp, nn::ConvInputGradOp, nn::MaxPoolOp, nn::MaxPoolGradOp,
            nn::AvgPoolOp, nn::AvgPoolGradOp, nn::ReduceOp, nn::ArgMaxOp,
            nn::SliceOp, nn::PadOp, nn::PickOp, nn::UnpickOp, nn::BatchNormOp,
            nn::BatchNormGradOp, nn::ConcatOp>([&](Operation *other) {
        return throughDynamic(other->getOperand(0), /*sameElements=*/false);
      })
      .Case([&](nn::MatmulOp matmul) -> std::optional<DimOrigin> {
        int64_t rank = typeOf(origin.tensor).getRank();
        if (rank == 3 && origin.dim == 0)
          return along(matmul.getLhs(), 0);
        if (origin.dim == rank - 2)
          return along(matmul.getLhs(),
                       matmul.getTransposeLhs() ? rank - 1 : rank - 2);
        return along(matmul.getRhs(),
                     matmul.getTransposeRhs() ? rank - 2 : rank - 1);
      })
      .Default([&](Operation *other) -> std::optional<DimOrigin> {
        if (!OpTrait::hasElementwiseMappableTraits(other))
          return std::nullopt;
        for (Value operand : other->getOperands())
          if (isa<RankedTensorType>(operand.getType()))
            return along(operand, origin.dim);
        return std::nullopt;
      });
}

} // namespace

Value createIndex(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

Value createDim(OpBuilder &builder, Location loc, Value tensor, int64_t dim) {
  DimOrigin origin{tensor, dim};
  Value extent;
  while (!extent) {
    RankedTensorType type = typeOf(origin.tensor);
    if (!type.isDynamicDim(origin.dim)) {
      extent = createIndex(builder, loc, type.getDimSize(origin.dim));
      break;
    }
    if (Operation *op = origin.tensor.getDefiningOp()) {
      ValueRange sizes;
      if (auto empty = dyn_cast<tensor::EmptyOp>(op))
        sizes = empty.getDynamicSizes();
      else if (auto splat = dyn_cast<tensor::SplatOp>(op))
        sizes = splat.getDynamicSizes();
      else if (auto broadcast = dyn_cast<nn::BroadcastOp>(op))
        sizes = broadcast.getDynamicSizes();
      else if (auto mask = dyn_cast<nn::DropoutMaskOp>(op))
        sizes = mask.getDynamicSizes();
      else if (auto unslice = dyn_cast<nn::UnsliceOp>(op))
        sizes = unslice.getDynamicSizes();
      else if (auto scatter = dyn_cast<nn::ScatterAddOp>(op))
        sizes = scatter.getDynamicSizes();
      if (!sizes.empty()) {
        extent = dynamicSize(type, sizes, origin.dim);
        break;
      }
    }
    std::optional<DimOrigin> next = stepUp(origin);
    if (!next) {
      extent = tensor::DimOp::create(builder, loc, origin.tensor, origin.dim);
      break;
    }
    origin = *next;
  }
  if (origin.factor != origin.divisor) {
    int64_t common = std::gcd(origin.factor, origin.divisor);
    if (origin.factor != common)
      extent = arith::MulIOp::create(
          builder, loc, extent,
          createIndex(builder, loc, origin.factor / common));
    if (origin.divisor != common)
      extent = arith::DivUIOp::create(
          builder, loc, extent,
          createIndex(builder, loc, origin.divisor / common));
  }
  return extent;
}

SmallVector<Value> createDynamicDims(OpBuilder &builder, Location loc,
                                     Value tensor) {
  SmallVector<Value> sizes;
  RankedTensorType type = typeOf(tensor);
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim))
      sizes.push_back(createDim(builder, loc, tensor, dim));
  return sizes;
}

Value createElementCount(OpBuilder &builder, Location loc, Value tensor,
                         ArrayRef<int64_t> dims, FloatType type) {
  int64_t known = 1;
  Value unknown;
  for (int64_t dim : dims) {
    if (!typeOf(tensor).isDynamicDim(dim)) {
      known *= typeOf(tensor).getDimSize(dim);
      continue;
    }
    Value extent = createDim(builder, loc, tensor, dim);
    unknown =
        unknown
            ? arith::MulIOp::create(builder, loc, unknown, extent).getResult()
            : extent;
  }
  if (!unknown)
    return createNumber(builder, loc, type, static_cast<double>(known));
  if (known != 1)
    unknown = arith::MulIOp::create(builder, loc, unknown,
                                    createIndex(builder, loc, known));
  Value count =
      arith::IndexCastOp::create(builder, loc, builder.getI64Type(), unknown);
  return arith::SIToFPOp::create(builder, loc, type, count);
}

//===----------------------------------------------------------------------===//
// Tensors and loop nests
//===----------------------------------------------------------------------===//

Value createEmpty(OpBuilder &builder, Location loc, RankedTensorType type,
                  ValueRange dynamicSizes) {
  return tensor::EmptyOp::create(builder, loc, type, dynamicSizes);
}

Value createFilled(OpBuilder &builder, Location loc, RankedTensorType type,
                   ValueRange dynamicSizes, Value value) {
  return createMap(builder, loc, type, dynamicSizes, {},
                   [&](OpBuilder &, Location, ValueRange) {
                     return SmallVector<Value>{value};
                   });
}

namespace {

SmallVector<Value> createGeneric(OpBuilder &builder, Location loc,
                                 ArrayRef<MappedTensor> inputs,
                                 ValueRange inits, AffineMap initMap,
                                 ArrayRef<utils::IteratorType> iterators,
                                 BodyBuilder body) {
  SmallVector<Value> tensors;
  SmallVector<AffineMap> maps;
  for (const MappedTensor &input : inputs) {
    tensors.push_back(input.tensor);
    maps.push_back(input.map);
  }
  maps.append(inits.size(), initMap);
  auto generic = linalg::GenericOp::create(
      builder, loc, TypeRange(inits), tensors, inits, maps, iterators,
      [&](OpBuilder &nested, Location nestedLoc, ValueRange arguments) {
        linalg::YieldOp::create(nested, nestedLoc,
                                body(nested, nestedLoc, arguments));
      });
  return llvm::to_vector_of<Value>(generic.getResults());
}

} // namespace

Value createMap(OpBuilder &builder, Location loc, RankedTensorType type,
                ValueRange dynamicSizes, ArrayRef<MappedTensor> inputs,
                BodyBuilder body) {
  Value empty = createEmpty(builder, loc, type, dynamicSizes);
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  return createGeneric(builder, loc, inputs, empty,
                       builder.getMultiDimIdentityMap(type.getRank()),
                       iterators, body)
      .front();
}

Value createMapLike(OpBuilder &builder, Location loc, Value like,
                    Type elementType, ValueRange inputs, BodyBuilder body) {
  auto type = RankedTensorType::get(typeOf(like).getShape(), elementType);
  AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
  SmallVector<MappedTensor> mapped;
  for (Value input : inputs)
    mapped.push_back({input, identity});
  return createMap(builder, loc, type, createDynamicDims(builder, loc, like),
                   mapped, body);
}

SmallVector<Value> createReduction(OpBuilder &builder, Location loc,
                                   unsigned rank, ArrayRef<int64_t> reduced,
                                   ArrayRef<MappedTensor> inputs,
                                   ValueRange inits, BodyBuilder body) {
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  for (int64_t dim : reduced)
    iterators[dim] = utils::IteratorType::reduction;
  AffineMap initMap =
      getProjection(builder.getContext(), rank, getOtherDims(rank, reduced));
  return createGeneric(builder, loc, inputs, inits, initMap, iterators, body);
}

//===----------------------------------------------------------------------===//
// Numbers and maps
//===----------------------------------------------------------------------===//

Value createReassociableAdd(OpBuilder &builder, Location loc, Value a,
                            Value b) {
  return arith::AddFOp::create(builder, loc, a, b,
                               arith::FastMathFlags::reassoc);
}

Value createNumber(OpBuilder &builder, Location loc, Type type, double value) {
  if (isa<FloatType>(type))
    return arith::ConstantOp::create(builder, loc,
                                     builder.getFloatAttr(type, value));
  return arith::ConstantOp::create(
      builder, loc, builder.getIntegerAttr(type, static_cast<int64_t>(value)));
}

AffineMap getProjection(MLIRContext *context, unsigned rank,
                        ArrayRef<int64_t> dims) {
  SmallVector<AffineExpr> exprs;
  for (int64_t dim : dims)
    exprs.push_back(getAffineDimExpr(dim, context));
  return AffineMap::get(rank, 0, exprs, context);
}

SmallVector<int64_t> getOtherDims(unsigned rank, ArrayRef<int64_t> dims) {
  SmallVector<int64_t> others;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (!llvm::is_contained(dims, dim))
      others.push_back(dim);
  return others;
}

SmallVector<Value> createLoopIndices(OpBuilder &builder, Location loc,
                                     unsigned rank) {
  SmallVector<Value> indices;
  for (unsigned dim = 0; dim < rank; ++dim)
    indices.push_back(linalg::IndexOp::create(builder, loc, dim));
  return indices;
}

Value createClampedIndex(OpBuilder &builder, Location loc, Value index,
                         Value extent) {
  Value zero = createIndex(builder, loc, 0);
  Value last =
      arith::SubIOp::create(builder, loc, extent, createIndex(builder, loc, 1));
  Value atLeast = arith::MaxSIOp::create(builder, loc, index, zero);
  return arith::MinSIOp::create(builder, loc, atLeast, last);
}

Value createInBounds(OpBuilder &builder, Location loc, Value index,
                     Value extent) {
  // A negative index is a huge unsigned one.
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult, index,
                               extent);
}

bool isLarge(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && !type.hasStaticShape() && type.getRank() > 1;
}

Value createRowMajorPlace(OpBuilder &builder, Location loc,
                          ValueRange extents) {
  Value place = createIndex(builder, loc, 0);
  for (auto [dim, extent] : llvm::enumerate(extents)) {
    place = arith::MulIOp::create(builder, loc, place, extent);
    place = arith::AddIOp::create(builder, loc, place,
                                  linalg::IndexOp::create(builder, loc, dim));
  }
  return place;
}

} // namespace frac
