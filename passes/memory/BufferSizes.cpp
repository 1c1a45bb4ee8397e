//===- BufferSizes.cpp - Extents of dense buffers -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/memory/BufferSizes.h"

#include "dialects/rt/RtDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

Value frac::getRootBuffer(Value buffer) {
  while (auto view = buffer.getDefiningOp<rt::ReshapeOp>())
    buffer = view.getSource();
  return buffer;
}

Value frac::getDynamicExtent(Value buffer) {
  if (cast<MemRefType>(buffer.getType()).hasStaticShape())
    return Value();
  if (auto argument = dyn_cast<BlockArgument>(buffer))
    return argument.getOwner()->getArgument(0);
  return TypeSwitch<Operation *, Value>(buffer.getDefiningOp())
      .Case([](memref::AllocOp alloc) { return alloc.getDynamicSizes()[0]; })
      .Case([](memref::ViewOp view) { return view.getSizes()[0]; })
      .Case([](rt::ReshapeOp view) { return view.getSize(); })
      .Default([](Operation *) { return Value(); });
}

int64_t frac::getStaticElements(MemRefType type) {
  int64_t elements = 1;
  for (int64_t extent : type.getShape())
    elements *= ShapedType::isDynamic(extent) ? 1 : extent;
  return elements;
}
