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

void frac::registerTensorAdjoints(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tensor::TensorDialect *) {
    using namespace tensor;
    CastOp::attachInterface<UnaryAdjoint<CastOp, castBack>>(*context);
    ExpandShapeOp::attachInterface<UnaryAdjoint<ExpandShapeOp, collapse>>(
        *context);
    CollapseShapeOp::attachInterface<UnaryAdjoint<CollapseShapeOp, expand>>(
        *context);
    context->loadDialect<arith::ArithDialect>();
  });
}
