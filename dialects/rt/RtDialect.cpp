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

LogicalResult ConvOp::verify() {
  auto image = cast<MemRefType>(getImageInput().getType());
  int64_t spatialRank = image.getRank() - 2;
  if (spatialRank < 1 || spatialRank > 3)
    return emitOpError("needs 1 to 3 spatial dimensions, but has ")
           << spatialRank;
  for (ArrayRef<int64_t> list :
       {getStrides(), getDilations(), getPadsBegin(), getPadsEnd()})
    if (static_cast<int64_t>(list.size()) != spatialRank)
      return emitOpError("needs one entry a spatial dimension in each "
                         "geometry attribute");
  for (Value other : {getImageOutput(), getWeights()})
    if (cast<MemRefType>(other.getType()).getRank() != image.getRank())
      return emitOpError("needs operands of one rank");
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
