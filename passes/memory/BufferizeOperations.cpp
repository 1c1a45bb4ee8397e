//===- BufferizeOperations.cpp - One operation at a time ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/memory/BufferSizes.h"
#include "passes/memory/FunctionBufferizer.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace frac;

LogicalResult FunctionBufferizer::convertGeneric(linalg::GenericOp op) {
  Location loc = op.getLoc();
  SmallVector<Value> inputs, inits, taken;
  for (OpOperand *input : op.getDpsInputOperands()) {
    Value buffer = buffers.lookup(input->get());
    if (!buffer && isa<TensorType>(input->get().getType())) {
      // A tensor without contents, which tells the extents of a window.
      buffer = allocate(loc, cast<RankedTensorType>(input->get().getType()),
                        getDynamicSize(input->get()));
      rootLastUses[buffer] = TensorUses::endPosition;
    }
    inputs.push_back(buffer ? buffer : input->get());
  }
  unsigned position = uses->getPosition(op);
  for (auto [index, init] : llvm::enumerate(op.getDpsInitsMutable())) {
    OpResult result = op->getResult(index);
    auto type = cast<RankedTensorType>(result.getType());
    if (Value size = getDynamicSize(init.get()))
      dynamicSizes[result] = size;
    Value size = getDynamicSize(result);
    bool readsInit = needsInitialValue(op, init);
    Value initBuffer = readsInit ? buffers.lookup(init.get()) : Value();

    // An initial value that dies here is updated in place.
    Value buffer;
    if (initBuffer) {
      Value root = getRootBuffer(initBuffer);
      auto it = rootLastUses.find(root);
      bool dead = it != rootLastUses.end() && it->second <= position;
      bool isTarget = it == rootLastUses.end() &&
                      init.get().getDefiningOp<linalg::GenericOp>() &&
                      init.get().hasOneUse();
      if ((dead || isTarget) && !llvm::is_contained(taken, root) &&
          isOnlyOperandIn(op, root, init))
        buffer = initBuffer;
    }
    if (!buffer) {
      buffer = getTargetBuffer(result);
      if (!buffer && !readsInit)
        buffer = getReusableOperand(op, &init, taken);
      if (!buffer)
        buffer = allocate(loc, type, size);
      if (initBuffer)
        memref::CopyOp::create(builder, loc, initBuffer, buffer);
    }
    Value root = getRootBuffer(buffer);
    taken.push_back(root);
    inits.push_back(buffer);
    if (root.getDefiningOp<memref::AllocOp>())
      rootLastUses[root] = std::max(
          {rootLastUses.lookup(root), uses->getLastUse(result), position});
  }
  for (auto [result, buffer] : llvm::zip(op.getResults(), inits))
    buffers[result] = buffer;

  auto loops = linalg::GenericOp::create(builder, loc, TypeRange(), inputs,
                                         inits, op.getIndexingMapsArray(),
                                         op.getIteratorTypesArray());
  loops.getRegion().takeBody(op.getRegion());
  loops.walk([&](tensor::ExtractOp extract) {
    builder.setInsertionPoint(extract);
    Value buffer = buffers.lookup(extract.getTensor());
    Value element = memref::LoadOp::create(builder, extract.getLoc(), buffer,
                                           extract.getIndices());
    extract.replaceAllUsesWith(element);
    extract.erase();
  });
  return success();
}

LogicalResult FunctionBufferizer::convertConv(Operation *op, rt::ConvKind kind,
                                              Value lhs, Value rhs) {
  auto image = cast<ChannelsLastOpInterface>(op);
  if (!image.isChannelsLast())
    return op->emitOpError("needs channels-last images here");
  OpResult result = op->getResult(0);
  Value size = kind == rt::ConvKind::weight_grad ? getDynamicSize(rhs)
                                                 : getDynamicSize(lhs);
  auto type = cast<RankedTensorType>(result.getType());
  if (!type.hasStaticShape())
    dynamicSizes[result] = size;
  Value buffer = getTargetBuffer(result);
  if (!buffer) {
    buffer = allocate(op->getLoc(), type, getDynamicSize(result));
    rootLastUses[buffer] =
        std::max(uses->getLastUse(result), uses->getPosition(op));
  }
  buffers[result] = buffer;
  auto attribute = [&](StringRef name) {
    return op->getAttrOfType<DenseI64ArrayAttr>(name).asArrayRef();
  };
  auto left = lhs.getDefiningOp<precision::DequantizeOp>();
  auto right = rhs.getDefiningOp<precision::DequantizeOp>();
  if (left && right) {
    QuantizedFactor l = getQuantized(left), r = getQuantized(right);
    rt::QuantizedConvOp::create(
        builder, op->getLoc(),
        rt::ConvKindAttr::get(builder.getContext(), kind), l.integers, l.scale,
        l.zero, l.table, r.integers, r.scale, r.zero, r.table, buffer,
        builder.getI64IntegerAttr(l.place), builder.getI64IntegerAttr(r.place),
        l.dimension, r.dimension,
        builder.getDenseI64ArrayAttr(attribute("strides")),
        builder.getDenseI64ArrayAttr(attribute("dilations")),
        builder.getDenseI64ArrayAttr(attribute("pads_begin")),
        builder.getDenseI64ArrayAttr(attribute("pads_end")),
        op->getAttrOfType<IntegerAttr>("groups"), size);
    return success();
  }
  rt::ConvOp::create(builder, op->getLoc(), kind, buffers.lookup(lhs),
                     buffers.lookup(rhs), buffer, attribute("strides"),
                     attribute("dilations"), attribute("pads_begin"),
                     attribute("pads_end"),
                     op->getAttrOfType<IntegerAttr>("groups").getInt(), size);
  return success();
}

void FunctionBufferizer::convertMatmul(nn::MatmulOp op) {
  Location loc = op.getLoc();
  Value lhs = op.getLhs(), rhs = op.getRhs();
  auto type = cast<RankedTensorType>(op.getType());
  auto extent = [&](Value tensor, int64_t dimension) -> Value {
    auto tensorType = cast<RankedTensorType>(tensor.getType());
    return tensorType.isDynamicDim(dimension)
               ? getDynamicSize(tensor)
               : constantIndex(tensorType.getDimSize(dimension));
  };
  int64_t rank = type.getRank();
  bool left = op.getTransposeLhs(), right = op.getTransposeRhs();
  Value count = rank == 3 ? extent(lhs, 0) : constantIndex(1);
  Value m = extent(lhs, left ? rank - 1 : rank - 2);
  Value k = extent(lhs, left ? rank - 2 : rank - 1);
  Value n = extent(rhs, right ? rank - 2 : rank - 1);
  if (!type.hasStaticShape()) {
    int64_t dimension = llvm::find(type.getShape(), ShapedType::kDynamic) -
                        type.getShape().begin();
    dynamicSizes[op.getResult()] = dimension == rank - 1   ? n
                                   : dimension == rank - 2 ? m
                                                           : count;
  }
  OpResult result = op->getResult(0);
  Value buffer = getTargetBuffer(result);
  if (!buffer) {
    buffer = allocate(loc, type, getDynamicSize(result));
    rootLastUses[buffer] =
        std::max(uses->getLastUse(result), uses->getPosition(op));
  }
  buffers[result] = buffer;
  auto lhsFactor = lhs.getDefiningOp<precision::DequantizeOp>();
  auto rhsFactor = rhs.getDefiningOp<precision::DequantizeOp>();
  if (lhsFactor && rhsFactor) {
    QuantizedFactor l = getQuantized(lhsFactor), r = getQuantized(rhsFactor);
    rt::QuantizedMatmulOp::create(
        builder, loc, l.integers, l.scale, l.zero, l.table, r.integers, r.scale,
        r.zero, r.table, buffer, builder.getI64IntegerAttr(l.place),
        builder.getI64IntegerAttr(r.place), l.dimension, r.dimension, count, m,
        n, k, op.getTransposeLhsAttr(), op.getTransposeRhsAttr());
    return;
  }
  rt::MatmulOp::create(builder, loc, buffers.lookup(lhs), buffers.lookup(rhs),
                       buffer, count, m, n, k, left, right);
}

/// A dequantized factor is its integers under another name.
void FunctionBufferizer::convertDequantize(precision::DequantizeOp op) {
  if (Value size = getDynamicSize(op.getIntegers()))
    dynamicSizes[op.getResult()] = size;
}

FunctionBufferizer::QuantizedFactor
FunctionBufferizer::getQuantized(precision::DequantizeOp op) {
  auto [table, place] = getWidthPlace(op.getBits());
  return {buffers.lookup(op.getIntegers()),
          buffers.lookup(op.getScale()),
          buffers.lookup(op.getZero()),
          table,
          place,
          op.getDimensionAttr()};
}

/// The buffer that holds a width, and its place there; -1 for widths of
/// samples.
std::pair<Value, int64_t> FunctionBufferizer::getWidthPlace(Value bits) {
  if (auto sample = bits.getDefiningOp<precision::SampleBitsOp>())
    return {buffers.lookup(sample.getWidths()), -1};
  if (auto resolve = bits.getDefiningOp<precision::ResolveOp>()) {
    auto symbol = symbols.lookup<precision::SymbolOp>(resolve.getSymbol());
    return {buffers.lookup(resolve.getTable()),
            static_cast<int64_t>(symbol.getIndex())};
  }
  auto constant = bits.getDefiningOp<precision::ConstantOp>();
  auto type = RankedTensorType::get({1}, builder.getI32Type());
  auto value =
      DenseElementsAttr::get(type, static_cast<int32_t>(constant.getValue()));
  return {createConstant(constant.getLoc(), value), 0};
}

/// A buffer that holds constant numbers.
Value FunctionBufferizer::createConstant(Location loc, TypedAttr value) {
  MemRefType type = getBufferType(value.getType());
  memref::GlobalOp global;
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(
        &cast<ModuleOp>(symbols.getOp()).getBodyRegion().front());
    global = memref::GlobalOp::create(
        builder, loc, "constant", builder.getStringAttr("private"), type, value,
        /*constant=*/true, /*alignment=*/IntegerAttr());
    symbols.insert(global);
  }
  return memref::GetGlobalOp::create(builder, loc, type, global.getSymName());
}

void FunctionBufferizer::convertConstant(arith::ConstantOp op) {
  buffers[op.getResult()] = createConstant(op.getLoc(), op.getValue());
}

void FunctionBufferizer::convertView(Operation *op) {
  Value source = op->getOperand(0), result = op->getResult(0);
  auto type = cast<RankedTensorType>(result.getType());
  auto sourceType = cast<RankedTensorType>(source.getType());
  Value size;
  if (!type.hasStaticShape()) {
    if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
      size = expand.getOutputShape()[0];
    } else if (sourceType.hasStaticShape()) {
      int64_t dimension = llvm::find(type.getShape(), ShapedType::kDynamic) -
                          type.getShape().begin();
      size = constantIndex(sourceType.getDimSize(dimension));
    } else {
      // The dynamic extent times what is merged with it.
      size = getDynamicSize(source);
      int64_t factor = 1;
      for (int64_t extent : sourceType.getShape())
        factor *= ShapedType::isDynamic(extent) ? 1 : extent;
      for (int64_t extent : type.getShape())
        factor /= ShapedType::isDynamic(extent) ? 1 : extent;
      if (factor != 1)
        size = arith::MulIOp::create(builder, op->getLoc(), size,
                                     constantIndex(factor));
    }
    dynamicSizes[result] = size;
  }
  buffers[result] = viewAs(op->getLoc(), buffers.lookup(source), type, size);
}
