//===- FracAdjoints.cpp - Gradients through gates -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/frac/FracAdjoints.h"

#include "dialects/adjoints/AdjointBuilder.h"
#include "dialects/frac/FracDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace frac;
using namespace frac::precision;

/// Straight through.
static Value passChoice(AdjointBuilder &b, Value scores, Value choice,
                        Value gradient) {
  return gradient;
}

static AdjointValues mixRule(MixOp op, AdjointBuilder &b,
                             ValueRange resultGradients,
                             const llvm::BitVector &wanted) {
  Value gradient = resultGradients.front();
  SmallVector<Value> gradients(op->getNumOperands());
  if (wanted[0])
    gradients[0] = gradient;
  if (wanted[1]) {
    auto scalar = RankedTensorType::get({}, b.getF32Type());
    auto range = RangeOp::create(b, scalar, scalar, op.getInput(), op.getRows(),
                                 /*dimension=*/IntegerAttr(),
                                 /*symmetric=*/UnitAttr());
    gradients[1] = MixGradOp::create(
        b, op.getChoice().getType(), gradient, op.getInput(), range.getLow(),
        range.getHigh(), op.getCandidates(), op.getSampling());
  }
  return gradients;
}

namespace {

/// The tensors that say how a factor is mixed are no numbers that one trains.
struct MixAdjoint
    : DifferentiableOpInterface::ExternalModel<MixAdjoint, MixOp> {
  bool isDifferentiableOperand(Operation *, unsigned index) const {
    return index < 2;
  }
  AdjointValues buildAdjoint(Operation *op, OpBuilder &builder,
                             ValueRange resultGradients,
                             const llvm::BitVector &wanted) const {
    AdjointBuilder b(op->getLoc(), builder);
    return mixRule(cast<MixOp>(op), b, resultGradients, wanted);
  }
};

/// Of operations whose first operand alone is one that one trains, and whose
/// result is that operand.
template <typename Op, Value (*rule)(AdjointBuilder &, Op, Value)>
struct PassingAdjoint
    : DifferentiableOpInterface::ExternalModel<PassingAdjoint<Op, rule>, Op> {
  bool isDifferentiableOperand(Operation *, unsigned index) const {
    return index == 0;
  }
  AdjointValues buildAdjoint(Operation *op, OpBuilder &builder,
                             ValueRange resultGradients,
                             const llvm::BitVector &wanted) const {
    AdjointBuilder b(op->getLoc(), builder);
    SmallVector<Value> gradients(op->getNumOperands());
    if (wanted[0])
      gradients[0] = rule(b, cast<Op>(op), resultGradients.front());
    return gradients;
  }
};

Value sampleRule(AdjointBuilder &b, SampleGradientOp op, Value gradient) {
  return SampleRowsOp::create(b, gradient, op.getSampling());
}

Value scaleRule(AdjointBuilder &b, ScaleGradientOp op, Value gradient) {
  Value factor = tensor::ExtractOp::create(b, op.getFactor());
  return b.mul(gradient, b.splat(factor, gradient));
}

} // namespace

void precision::registerAdjoints(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, FracDialect *) {
    ChooseOp::attachInterface<UnaryAdjoint<ChooseOp, passChoice>>(*context);
    MixOp::attachInterface<MixAdjoint>(*context);
    SampleGradientOp::attachInterface<
        PassingAdjoint<SampleGradientOp, sampleRule>>(*context);
    ScaleGradientOp::attachInterface<
        PassingAdjoint<ScaleGradientOp, scaleRule>>(*context);
    context->loadDialect<arith::ArithDialect>();
  });
}
