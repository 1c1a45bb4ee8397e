//===- LoweringUtils.h - Building loops over tensors ----------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Helpers that the lowering of every family of `nn` operations uses to build
/// `linalg.generic` on tensors.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_LOWERING_LOWERINGUTILS_H
#define FRAC_PASSES_LOWERING_LOWERINGUTILS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace frac {

/// An operand of a loop nest and the map from loops to its elements.
struct MappedTensor {
  mlir::Value tensor;
  mlir::AffineMap map;
};

/// Builds the body of a loop nest from the elements of the inputs (followed,
/// in a reduction, by the accumulators) and returns the values to yield.
using BodyBuilder = llvm::function_ref<llvm::SmallVector<mlir::Value>(
    mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

/// Extent of a dimension as an `index` value. A dynamic extent is followed to
/// where it comes from, so that it keeps no tensor alive that only the extent
/// was taken of. In a tensor with one dynamic dimension, which is all there is
/// here, it follows through reshapes too.
mlir::Value createDim(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value tensor, int64_t dim);

/// Whether it is a tensor whose size grows with the batch.
bool isLarge(mlir::Value value);

/// Extents of the dynamic dimensions, in order.
llvm::SmallVector<mlir::Value> createDynamicDims(mlir::OpBuilder &builder,
                                                 mlir::Location loc,
                                                 mlir::Value tensor);

/// Number of elements along `dims`, as a number of type `type`.
mlir::Value createElementCount(mlir::OpBuilder &builder, mlir::Location loc,
                               mlir::Value tensor, llvm::ArrayRef<int64_t> dims,
                               mlir::FloatType type);

/// A tensor of unspecified contents. `dynamicSizes` are the dynamic extents.
mlir::Value createEmpty(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::RankedTensorType type,
                        mlir::ValueRange dynamicSizes);

/// A tensor with `value`, a number, in every place.
mlir::Value createFilled(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::RankedTensorType type,
                         mlir::ValueRange dynamicSizes, mlir::Value value);

/// One new tensor of type `type` whose every element is computed by `body` on
/// its own: loops run over the dimensions of the result in order.
mlir::Value createMap(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::RankedTensorType type,
                      mlir::ValueRange dynamicSizes,
                      llvm::ArrayRef<MappedTensor> inputs, BodyBuilder body);

/// As `createMap`, for a result of the shape of the tensor `like`; inputs
/// have that shape too.
mlir::Value createMapLike(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::Value like, mlir::Type elementType,
                          mlir::ValueRange inputs, BodyBuilder body);

/// Reductions in one pass: loops run over `rank` dimensions, of which those in
/// `reduced` are summed up. Every element of `inits` starts the reduction of
/// one result, whose dimensions are the loops that are not reduced, in order.
llvm::SmallVector<mlir::Value>
createReduction(mlir::OpBuilder &builder, mlir::Location loc, unsigned rank,
                llvm::ArrayRef<int64_t> reduced,
                llvm::ArrayRef<MappedTensor> inputs, mlir::ValueRange inits,
                BodyBuilder body);

/// a + b where the compiler may change the order of a long sum.
mlir::Value createReassociableAdd(mlir::OpBuilder &builder, mlir::Location loc,
                                  mlir::Value a, mlir::Value b);

/// A number of type `type` (float, integer or index).
mlir::Value createNumber(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Type type, double value);

/// An `index` constant.
mlir::Value createIndex(mlir::OpBuilder &builder, mlir::Location loc,
                        int64_t value);

/// The map from `rank` loops to the loops named in `dims`, in that order.
mlir::AffineMap getProjection(mlir::MLIRContext *context, unsigned rank,
                              llvm::ArrayRef<int64_t> dims);

/// All of 0 to `rank` - 1 that are not in `dims`.
llvm::SmallVector<int64_t> getOtherDims(unsigned rank,
                                        llvm::ArrayRef<int64_t> dims);

/// `linalg.index` of every loop 0 to `rank` - 1, inside of a body.
llvm::SmallVector<mlir::Value>
createLoopIndices(mlir::OpBuilder &builder, mlir::Location loc, unsigned rank);

/// The place of the current element of a tensor of these extents in row-major
/// order, inside of a body whose loops run over its dimensions.
mlir::Value createRowMajorPlace(mlir::OpBuilder &builder, mlir::Location loc,
                                mlir::ValueRange extents);

/// The index clamped to 0 to `extent` - 1.
mlir::Value createClampedIndex(mlir::OpBuilder &builder, mlir::Location loc,
                               mlir::Value index, mlir::Value extent);

/// Whether 0 <= index < extent, as i1.
mlir::Value createInBounds(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value index, mlir::Value extent);

} // namespace frac

#endif // FRAC_PASSES_LOWERING_LOWERINGUTILS_H
