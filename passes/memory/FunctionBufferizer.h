//===- FunctionBufferizer.h - Tensors of one function to buffers --------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_MEMORY_FUNCTIONBUFFERIZER_H
#define FRAC_PASSES_MEMORY_FUNCTIONBUFFERIZER_H

#include "dialects/frac/FracDialect.h"
#include "dialects/nn/NNDialect.h"
#include "dialects/rt/RtDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "passes/memory/TensorUses.h"
#include "llvm/ADT/MapVector.h"

#include <optional>

namespace frac {

/// The dense buffer that holds a tensor of type `type`.
inline mlir::MemRefType getBufferType(mlir::Type type) {
  auto tensor = mlir::cast<mlir::RankedTensorType>(type);
  return mlir::MemRefType::get(tensor.getShape(), tensor.getElementType());
}

/// Bufferizes one function. Operations are visited in order; the new ones are
/// built before the old ones, which are erased at the end.
class FunctionBufferizer {
public:
  FunctionBufferizer(mlir::func::FuncOp func, mlir::SymbolTable &symbols)
      : func(func), symbols(symbols), block(func.getBody().front()),
        builder(func.getContext()) {}

  mlir::LogicalResult run();

private:
  mlir::LogicalResult checkForm();
  void separateFills();
  void addArguments();
  mlir::LogicalResult convert(mlir::Operation &op);
  mlir::LogicalResult convertGeneric(mlir::linalg::GenericOp op);
  mlir::LogicalResult convertConv(mlir::Operation *op, rt::ConvKind kind,
                                  mlir::Value lhs, mlir::Value rhs);
  void convertMatmul(nn::MatmulOp op);
  void convertDequantize(precision::DequantizeOp op);
  /// The buffers behind a factor that is dequantized.
  struct QuantizedFactor {
    mlir::Value integers, scale, zero, table;
    int64_t place = 0;
    mlir::IntegerAttr dimension;
  };
  QuantizedFactor getQuantized(precision::DequantizeOp op);
  std::pair<mlir::Value, int64_t> getWidthPlace(mlir::Value bits);
  void convertConstant(mlir::arith::ConstantOp op);
  mlir::Value createConstant(mlir::Location loc, mlir::TypedAttr value);
  void convertView(mlir::Operation *op);
  void finish();
  void changeSignature();

  mlir::Value getStateBuffer(mlir::ml_program::GlobalOp global);
  mlir::Value getDynamicSize(mlir::Value tensor);
  mlir::Value allocate(mlir::Location loc, mlir::RankedTensorType type,
                       mlir::Value size);
  mlir::Value viewAs(mlir::Location loc, mlir::Value buffer,
                     mlir::RankedTensorType type, mlir::Value size);
  mlir::Value getTargetBuffer(mlir::OpResult result);
  bool oldValueIsDead(mlir::ml_program::GlobalOp global, mlir::OpResult result);
  mlir::Value getReusableOperand(mlir::linalg::GenericOp op,
                                 mlir::OpOperand *init,
                                 llvm::ArrayRef<mlir::Value> taken);
  bool isOnlyOperandIn(mlir::linalg::GenericOp op, mlir::Value root,
                       mlir::OpOperand &operand);
  bool isOnlyReadAlike(mlir::linalg::GenericOp op, mlir::Value root,
                       mlir::AffineMap map);
  mlir::Value constantIndex(int64_t value) {
    return mlir::arith::ConstantIndexOp::create(builder, func.getLoc(), value);
  }

  mlir::func::FuncOp func;
  mlir::SymbolTable &symbols;
  mlir::Block &block;
  mlir::OpBuilder builder;
  std::optional<TensorUses> uses;
  /// Values of the new signature.
  mlir::Value batch, state;
  llvm::SmallVector<mlir::Value> outputs;
  unsigned numInputs = 0;
  /// The buffer of each tensor, and the extent of its dynamic dimension.
  llvm::DenseMap<mlir::Value, mlir::Value> buffers;
  llvm::DenseMap<mlir::Value, mlir::Value> dynamicSizes;
  /// The last position where an allocated buffer or a view of it is read.
  llvm::DenseMap<mlir::Value, unsigned> rootLastUses;
  llvm::DenseMap<mlir::Operation *, mlir::Value> stateBuffers;
  /// Old values: the loads of each variable; the last store of each.
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<mlir::Value>> loads;
  llvm::MapVector<mlir::Operation *, mlir::ml_program::GlobalStoreOp> stores;
  /// Stores and outputs that the producer of the value wrote directly.
  llvm::DenseSet<std::pair<mlir::Operation *, unsigned>> done;
  llvm::SmallVector<mlir::Operation *> obsolete;
};

} // namespace frac

#endif // FRAC_PASSES_MEMORY_FUNCTIONBUFFERIZER_H
