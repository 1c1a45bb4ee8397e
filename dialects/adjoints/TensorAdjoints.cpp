//===- TensorAdjoints.cpp - Adjoints of the tensor dialect ----------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/AdjointBuilder.h"
#include "dialects/adjoints/Adjoints.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace frac;

static Value castBack(AdjointBuilder &b, Value x, Value y, Value g) {
  return tensor::CastOp::create(b, x.getType(), g);
}

static Value collapse(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<tensor::ExpandShapeOp>();
  return tensor::CollapseShapeOp::create(b, x.getType(), g,
                                         op.getReassociationIndices());
}

static Value expand(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<tensor::CollapseShapeOp>();
  return tensor::ExpandShapeOp::create(b, cast<RankedTensorType>(x.getType()),
                                       g, op.getReassociationIndices(),
                                       tensor::getMixedSizes(b, b.getLoc(), x));
}

/// The border gives nothing back.
static AdjointValues unpad(tensor::PadOp op, AdjointBuilder &b,
                           ValueRange resultGradients,
                           const BitVector &wanted) {
  SmallVector<Value> gradients(op->getNumOperands());
  if (!wanted[0])
    return gradients;
  auto type = cast<RankedTensorType>(op.getSource().getType());
  SmallVector<OpFoldResult> ones(type.getRank(), b.getIndexAttr(1));
  gradients[0] = tensor::ExtractSliceOp::create(
      b, type, resultGradients.front(), op.getMixedLowPad(),
      tensor::getMixedSizes(b, b.getLoc(), op.getSource()), ones);
  return gradients;
}

static Value putSlice(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<tensor::ExtractSliceOp>();
  return tensor::InsertSliceOp::create(b, g, b.zeros(x), op.getMixedOffsets(),
                                       op.getMixedSizes(),
                                       op.getMixedStrides());
}

/// What was overwritten gives nothing back.
static AdjointValues takeSlice(tensor::InsertSliceOp op, AdjointBuilder &b,
                               ValueRange resultGradients,
                               const BitVector &wanted) {
  Value gradient = resultGradients.front();
  SmallVector<Value> gradients(op->getNumOperands());
  if (wanted[0])
    gradients[0] = tensor::ExtractSliceOp::create(
        b, op.getSourceType(), gradient, op.getMixedOffsets(),
        op.getMixedSizes(), op.getMixedStrides());
  if (wanted[1])
    gradients[1] = tensor::InsertSliceOp::create(
        b, b.zeros(op.getSource()), gradient, op.getMixedOffsets(),
        op.getMixedSizes(), op.getMixedStrides());
  return gradients;
}

/// Each part is a slice behind those before it.
static AdjointValues takeParts(tensor::ConcatOp op, AdjointBuilder &b,
                               ValueRange resultGradients,
                               const BitVector &wanted) {
  uint64_t dimension = op.getDim();
  OpFoldResult start = b.getIndexAttr(0);
  SmallVector<Value> gradients;
  for (auto [number, part] : llvm::enumerate(op.getInputs())) {
    auto type = cast<RankedTensorType>(part.getType());
    SmallVector<OpFoldResult> offsets(type.getRank(), b.getIndexAttr(0));
    SmallVector<OpFoldResult> ones(type.getRank(), b.getIndexAttr(1));
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(b, b.getLoc(), part);
    offsets[dimension] = start;
    gradients.push_back(wanted[number] ? tensor::ExtractSliceOp::create(
                                             b, type, resultGradients.front(),
                                             offsets, sizes, ones)
                                             .getResult()
                                       : Value());
    Value end = b.createOrFold<arith::AddIOp>(
        getValueOrCreateConstantIndexOp(b, b.getLoc(), start),
        getValueOrCreateConstantIndexOp(b, b.getLoc(), sizes[dimension]));
    start = getAsOpFoldResult(end);
  }
  return gradients;
}

static AdjointValues takeElement(tensor::InsertOp op, AdjointBuilder &b,
                                 ValueRange resultGradients,
                                 const BitVector &wanted) {
  Value gradient = resultGradients.front();
  SmallVector<Value> gradients(op->getNumOperands());
  if (wanted[0])
    gradients[0] = tensor::ExtractOp::create(b, gradient, op.getIndices());
  if (wanted[1])
    gradients[1] = tensor::InsertOp::create(b, b.zeros(op.getScalar()),
                                            gradient, op.getIndices());
  return gradients;
}

static Value putElement(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<tensor::ExtractOp>();
  return tensor::InsertOp::create(b, g, b.zeros(x), op.getIndices());
}

void frac::registerTensorAdjoints(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tensor::TensorDialect *) {
    using namespace tensor;
    CastOp::attachInterface<UnaryAdjoint<CastOp, castBack>>(*context);
    ExpandShapeOp::attachInterface<UnaryAdjoint<ExpandShapeOp, collapse>>(
        *context);
    CollapseShapeOp::attachInterface<UnaryAdjoint<CollapseShapeOp, expand>>(
        *context);
    PadOp::attachInterface<OpAdjoint<PadOp, unpad>>(*context);
    ExtractSliceOp::attachInterface<UnaryAdjoint<ExtractSliceOp, putSlice>>(
        *context);
    ExtractOp::attachInterface<UnaryAdjoint<ExtractOp, putElement>>(*context);
    InsertSliceOp::attachInterface<OpAdjoint<InsertSliceOp, takeSlice>>(
        *context);
    InsertOp::attachInterface<OpAdjoint<InsertOp, takeElement>>(*context);
    ConcatOp::attachInterface<OpAdjoint<ConcatOp, takeParts>>(*context);
    context->loadDialect<arith::ArithDialect>();
  });
}
