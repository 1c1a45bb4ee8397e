//===- ArithAdjoints.cpp - Adjoints of the arith dialect ------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/AdjointBuilder.h"
#include "dialects/adjoints/Adjoints.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace frac;

using Predicate = arith::CmpFPredicate;

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

static Value same(AdjointBuilder &b, Value l, Value r, Value y, Value g) {
  return g;
}

static Value negated(AdjointBuilder &b, Value l, Value r, Value y, Value g) {
  return b.neg(g);
}

static Value mulLhs(AdjointBuilder &b, Value l, Value r, Value y, Value g) {
  return b.mul(g, r);
}

static Value mulRhs(AdjointBuilder &b, Value l, Value r, Value y, Value g) {
  return b.mul(g, l);
}

static Value divLhs(AdjointBuilder &b, Value l, Value r, Value y, Value g) {
  return b.div(g, r);
}

static Value divRhs(AdjointBuilder &b, Value l, Value r, Value y, Value g) {
  return b.neg(b.div(b.mul(g, y), r));
}

// fmod(l, r) = l - r trunc(l / r).
static Value remRhs(AdjointBuilder &b, Value l, Value r, Value y, Value g) {
  Value quotient = b.createOrFold<math::TruncOp>(b.div(l, r));
  return b.neg(b.mul(g, quotient));
}

/// `g` where `a` is beyond `c` as `worse` is not, half of it where they are
/// equal, as torch.maximum and torch.minimum have it.
static Value chosen(AdjointBuilder &b, Value a, Value c, Predicate worse,
                    Value g) {
  Value isEqual = b.compare(Predicate::OEQ, a, c);
  Value shared = b.select(isEqual, b.scale(g, 0.5), g);
  return b.select(b.compare(worse, a, c), b.zeros(g), shared);
}

static Value maxLhs(AdjointBuilder &b, Value l, Value r, Value y, Value g) {
  return chosen(b, l, r, Predicate::OLT, g);
}

static Value maxRhs(AdjointBuilder &b, Value l, Value r, Value y, Value g) {
  return chosen(b, r, l, Predicate::OLT, g);
}

static Value minLhs(AdjointBuilder &b, Value l, Value r, Value y, Value g) {
  return chosen(b, l, r, Predicate::OGT, g);
}

static Value minRhs(AdjointBuilder &b, Value l, Value r, Value y, Value g) {
  return chosen(b, r, l, Predicate::OGT, g);
}

static Value negative(AdjointBuilder &b, Value x, Value y, Value g) {
  return b.neg(g);
}

static Value extended(AdjointBuilder &b, Value x, Value y, Value g) {
  return arith::ExtFOp::create(b, x.getType(), g);
}

static Value truncated(AdjointBuilder &b, Value x, Value y, Value g) {
  return arith::TruncFOp::create(b, x.getType(), g);
}

namespace {

/// The gradient of a choice goes to the operand that was chosen.
struct SelectAdjoint
    : DifferentiableOpInterface::ExternalModel<SelectAdjoint, arith::SelectOp> {
  bool isDifferentiableOperand(Operation *op, unsigned index) const {
    return index != 0;
  }
  AdjointValues buildAdjoint(Operation *op, OpBuilder &builder,
                             ValueRange resultGradients,
                             const BitVector &wanted) const {
    AdjointBuilder b(op->getLoc(), builder);
    Value condition = op->getOperand(0), g = resultGradients.front();
    SmallVector<Value> gradients(3);
    if (wanted[1])
      gradients[1] = b.select(condition, g, b.zeros(g));
    if (wanted[2])
      gradients[2] = b.select(condition, b.zeros(g), g);
    return gradients;
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Registration
//===----------------------------------------------------------------------===//

void frac::registerArithAdjoints(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, arith::ArithDialect *) {
    using namespace arith;
    AddFOp::attachInterface<BinaryAdjoint<AddFOp, same, same>>(*context);
    SubFOp::attachInterface<BinaryAdjoint<SubFOp, same, negated>>(*context);
    MulFOp::attachInterface<BinaryAdjoint<MulFOp, mulLhs, mulRhs>>(*context);
    DivFOp::attachInterface<BinaryAdjoint<DivFOp, divLhs, divRhs>>(*context);
    RemFOp::attachInterface<BinaryAdjoint<RemFOp, same, remRhs>>(*context);
    MaximumFOp::attachInterface<BinaryAdjoint<MaximumFOp, maxLhs, maxRhs>>(
        *context);
    MinimumFOp::attachInterface<BinaryAdjoint<MinimumFOp, minLhs, minRhs>>(
        *context);
    MaxNumFOp::attachInterface<BinaryAdjoint<MaxNumFOp, maxLhs, maxRhs>>(
        *context);
    MinNumFOp::attachInterface<BinaryAdjoint<MinNumFOp, minLhs, minRhs>>(
        *context);
    NegFOp::attachInterface<UnaryAdjoint<NegFOp, negative>>(*context);
    ExtFOp::attachInterface<UnaryAdjoint<ExtFOp, truncated>>(*context);
    TruncFOp::attachInterface<UnaryAdjoint<TruncFOp, extended>>(*context);
    SelectOp::attachInterface<SelectAdjoint>(*context);
    context->loadDialect<math::MathDialect, tensor::TensorDialect>();
  });
}
