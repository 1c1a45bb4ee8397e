//===- TensorAdjoints.cpp - Adjoints of the tensor dialect ----------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/AdjointBuilder.h"
#include "dialects/adjoints/Adjoints.h"
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
    context->loadDialect<arith::ArithDialect>();
  });
}
