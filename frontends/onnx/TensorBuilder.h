//===- TensorBuilder.h - Building of tensor operations -------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Builds operations on tensors whose extents may depend on the batch. All
/// broadcasting comes out explicit, and operations that would do nothing are
/// left out.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_TENSORBUILDER_H
#define FRAC_FRONTENDS_ONNX_TENSORBUILDER_H

#include "dialects/nn/NNDialect.h"
#include "frontends/onnx/Tensor.h"
#include "mlir/IR/Builders.h"

#include <functional>
#include <string>

namespace frac::frontend {

/// Elements that an integer tensor may have to be computed at import.
constexpr int64_t maxFoldedElements = 4096;

class TensorBuilder {
public:
  explicit TensorBuilder(mlir::OpBuilder builder)
      : b(builder), loc(builder.getUnknownLoc()) {}

  mlir::OpBuilder &getBuilder() { return b; }
  mlir::Location getLoc() const { return loc; }
  void setLoc(mlir::Location location) { loc = location; }
  mlir::FloatType f32() { return b.getF32Type(); }
  mlir::IntegerType i64() { return b.getI64Type(); }
  mlir::IntegerType i1() { return b.getI1Type(); }

  /// The size of the batch; null in a graph whose shapes are all static.
  void setBatch(mlir::Value size) { batch = size; }

  /// What makes the value of an initializer when it is first needed.
  void setInitializerLoader(std::function<mlir::Value(Initializer &)> loader) {
    loadInitializer = std::move(loader);
  }

  /// A number that no other operation with random numbers has.
  int64_t takeRandomStream() { return randomStreams++; }

  /// A shape that no tensor can have was asked for. Says which, once; empty if
  /// none was.
  std::string takeProblem() { return std::exchange(problem, std::string()); }

  /// The type of a tensor. A shape with a negative extent, two dynamic ones or
  /// too many elements is a problem; the type is then some valid one.
  mlir::RankedTensorType getType(mlir::Type elementType,
                                 llvm::ArrayRef<Extent> shape);

  /// `value` as a tensor of `shape`; known, if it is a constant with few
  /// elements.
  Tensor wrap(mlir::Value value, llvm::ArrayRef<Extent> shape);

  /// The tensor as an SSA value, which is made when it is first asked for.
  mlir::Value getValue(Tensor &tensor);

  /// The extent as a value of index type.
  mlir::Value getIndex(Extent extent);

  /// A tensor of integers known at import, as `elementType`.
  Tensor integers(std::vector<Extent> elements, llvm::ArrayRef<Extent> shape,
                  mlir::Type elementType);

  /// A tensor whose elements all equal `number`.
  Tensor splat(double number, mlir::Type elementType,
               llvm::ArrayRef<Extent> shape);

  /// A constant; its integers are known at import where there are few.
  Tensor constant(mlir::DenseElementsAttr elements);

  /// Repeats along new leading and unit dimensions, as ONNX's multidirectional
  /// broadcasting does; `shape` must be what that permits.
  Tensor broadcast(Tensor tensor, llvm::ArrayRef<Extent> shape);

  /// Repeats with dimension i of the tensor as `dimensions[i]` of the result.
  Tensor broadcast(Tensor tensor, llvm::ArrayRef<Extent> shape,
                   llvm::ArrayRef<int64_t> dimensions);

  Tensor reshape(Tensor tensor, llvm::ArrayRef<Extent> shape);
  Tensor transpose(Tensor tensor, llvm::ArrayRef<int64_t> permutation);

  /// Reduces `dimensions`, which ascend; they stay as 1 with `keepDimensions`.
  Tensor reduce(nn::ReduceKind kind, Tensor tensor,
                llvm::ArrayRef<int64_t> dimensions, bool keepDimensions);

  /// Every `strides[i]`-th of `shape[i]` elements from `offsets[i]` on.
  Tensor slice(Tensor tensor, llvm::ArrayRef<int64_t> offsets,
               llvm::ArrayRef<int64_t> strides, llvm::ArrayRef<Extent> shape);

  /// An operation that keeps the shape and element type of its one operand.
  template <typename OpTy, typename... Args>
  Tensor unary(Tensor tensor, Args &&...args) {
    mlir::Value value = getValue(tensor);
    return wrap(b.createOrFold<OpTy>(loc, value.getType(), value,
                                     std::forward<Args>(args)...),
                tensor.shape);
  }

  /// An elementwise operation on two tensors of one element type, which are
  /// broadcast to the common shape (see `broadcastShapes`).
  template <typename OpTy>
  Tensor binary(Tensor lhs, Tensor rhs) {
    Shape shape = getCommonShape(lhs, rhs);
    lhs = broadcast(lhs, shape);
    rhs = broadcast(rhs, shape);
    mlir::Value left = getValue(lhs), right = getValue(rhs);
    return wrap(b.createOrFold<OpTy>(loc, left, right), shape);
  }

  /// `tensor` and a number of its element type, in this order.
  template <typename OpTy>
  Tensor binary(Tensor lhs, double rhs) {
    return binary<OpTy>(lhs, splat(rhs, lhs.elementType, lhs.shape));
  }

  /// A tensor whose first extent is the batch size that the model was exported
  /// with, as one with the batch there: possible if it is a repetition of one
  /// that has 1 there.
  std::optional<Tensor> repeatForBatch(const Tensor &tensor, Extent batch);

  /// The shape to which ONNX broadcasts both; empty where there is none.
  static std::optional<Shape> broadcastShapes(llvm::ArrayRef<Extent> a,
                                              llvm::ArrayRef<Extent> b);

private:
  Shape getCommonShape(const Tensor &lhs, const Tensor &rhs);

  mlir::OpBuilder b;
  mlir::Location loc;
  mlir::Value batch;
  std::function<mlir::Value(Initializer &)> loadInitializer;
  std::string problem;
  int64_t randomStreams = 0;
};

/// The MLIR type of elements of the TensorProto type `dataType`: f32, i64, i32
/// or i1, null for others.
mlir::Type getElementType(mlir::MLIRContext &context, int dataType);

/// The same for constants, which may have other float types too.
mlir::Type getConstantType(mlir::MLIRContext &context, int dataType);

/// A tensor in raw form as an attribute; null where its data does not fit.
mlir::DenseElementsAttr getElements(mlir::RankedTensorType type,
                                    llvm::StringRef raw);

/// The elements of an integer or bool tensor, if they are known at import.
std::optional<std::vector<Extent>> getIntegers(const Tensor &tensor);

/// The same where none depends on the batch.
std::optional<std::vector<int64_t>> getStaticIntegers(const Tensor &tensor);

/// The elements of a float constant or initializer, if it is one, as float32.
std::optional<std::vector<float>> getFloats(const Tensor &tensor);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_TENSORBUILDER_H
