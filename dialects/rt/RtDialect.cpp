//===- RtDialect.cpp - The rt dialect -------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/rt/RtDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace frac::rt;

#include "dialects/rt/RtDialect.cpp.inc"

#include "dialects/rt/RtEnums.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/rt/RtOps.cpp.inc"

void RtDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/rt/RtOps.cpp.inc"
      >();
}

/// Verifies what convolutions of numbers and of integers have in common.
template <typename OpTy>
static LogicalResult verifyGeometry(OpTy op) {
  auto image = cast<MemRefType>(op.getImageInput().getType());
  int64_t spatialRank = image.getRank() - 2;
  if (spatialRank < 1 || spatialRank > 3)
    return op.emitOpError("needs 1 to 3 spatial dimensions, but has ")
           << spatialRank;
  for (ArrayRef<int64_t> list :
       {op.getStrides(), op.getDilations(), op.getPadsBegin(), op.getPadsEnd()})
    if (static_cast<int64_t>(list.size()) != spatialRank)
      return op.emitOpError("needs one entry a spatial dimension in each "
                            "geometry attribute");
  for (Value other : {op.getImageOutput(), op.getWeights()})
    if (cast<MemRefType>(other.getType()).getRank() != image.getRank())
      return op.emitOpError("needs operands of one rank");
  return success();
}

/// Verifies the factors of an operation on integers.
template <typename OpTy>
static LogicalResult verifyIntegers(OpTy op) {
  for (Value integers : {op.getLhs(), op.getRhs()}) {
    Type element = cast<MemRefType>(integers.getType()).getElementType();
    if (!element.isInteger(8) && !element.isInteger(16))
      return op.emitOpError("needs factors of integers in 8 or 16 bits");
  }
  for (Value numbers : {op.getLhsScale(), op.getLhsZero(), op.getRhsScale(),
                        op.getRhsZero(), op.getDst()})
    if (!cast<MemRefType>(numbers.getType()).getElementType().isF32())
      return op.emitOpError("needs scales, zeros and a result of f32");
  for (Value table : {op.getLhsTable(), op.getRhsTable()})
    if (!cast<MemRefType>(table.getType()).getElementType().isInteger(32))
      return op.emitOpError("needs tables of i32");
  return success();
}

LogicalResult QuantizedConvOp::verify() {
  return failed(verifyGeometry(*this)) ? failure() : verifyIntegers(*this);
}

LogicalResult QuantizedMatmulOp::verify() { return verifyIntegers(*this); }

LogicalResult ConvOp::verify() {
  if (failed(verifyGeometry(*this)))
    return failure();
  for (Value operand : {getLhs(), getRhs(), getDst()})
    if (!cast<MemRefType>(operand.getType()).getElementType().isF32())
      return emitOpError("needs buffers of f32");
  return success();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel = symbols.lookupNearestSymbolFrom<FunctionOpInterface>(
      *this, getKernelAttr());
  if (!kernel)
    return emitOpError("names an unknown kernel ") << getKernelAttr();
  if (kernel.getNumArguments() != getArguments().size() + 2)
    return emitOpError("gives ")
           << getArguments().size() << " arguments to a kernel that takes "
           << kernel.getNumArguments() - 2;
  return success();
}
