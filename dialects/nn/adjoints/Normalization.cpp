//===- Normalization.cpp - Adjoints of normalization and softmax ----------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/adjoints/NNAdjointBuilder.h"
#include "dialects/nn/adjoints/NNAdjoints.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace frac;
using namespace frac::nn;

//===----------------------------------------------------------------------===//
// Batch normalization
//===----------------------------------------------------------------------===//

/// With the statistics of the batch: they depend on the input.
static void trainingRule(BatchNormOp op, AdjointBuilder &b, Value g,
                         MutableArrayRef<Value> gradients) {
  auto grad = BatchNormGradOp::create(
      b, op.getInput().getType(), op.getScale().getType(),
      op.getScale().getType(), g, op.getInput(), op.getScale(),
      op.getBatchMean(), op.getBatchVariance(), op.getSamples(),
      op.getEpsilonAttr(), op.getChannelsLastAttr());
  llvm::copy(grad.getResults(), gradients.begin());
}

/// With given statistics: an affine function of the input.
static void inferenceRule(BatchNormOp op, AdjointBuilder &b, Value g,
                          const BitVector &wanted,
                          MutableArrayRef<Value> gradients) {
  Value input = op.getInput();
  int64_t rank = cast<RankedTensorType>(input.getType()).getRank();
  SmallVector<int64_t> dimensions =
      getOtherDimensions(rank, op.getChannelDimension());
  auto perElement = [&](Value vector) {
    return expand(b, vector, input, dimensions);
  };
  Value variance = op.getVariance();
  Value shifted =
      b.add(variance, b.constant(op.getEpsilon().convertToDouble(), variance));
  Value inverse = b.createOrFold<math::RsqrtOp>(shifted);
  if (wanted[0])
    gradients[0] = b.mul(g, perElement(b.mul(op.getScale(), inverse)));
  if (wanted[1]) {
    Value centred = b.sub(input, perElement(op.getMean()));
    gradients[1] = b.mul(sum(b, b.mul(g, centred), dimensions), inverse);
  }
  if (wanted[2])
    gradients[2] = sum(b, g, dimensions);
}

namespace {

struct BatchNormAdjoint
    : DifferentiableOpInterface::ExternalModel<BatchNormAdjoint, BatchNormOp> {
  // Running statistics are no function of anything that is trained.
  bool isDifferentiableOperand(Operation *, unsigned index) const {
    return index <= 2;
  }
  AdjointValues buildAdjoint(Operation *operation, OpBuilder &builder,
                             ValueRange resultGradients,
                             const BitVector &wanted) const {
    auto op = cast<BatchNormOp>(operation);
    AdjointBuilder b(op.getLoc(), builder);
    if (op.getTraining() && (resultGradients[1] || resultGradients[2])) {
      op.emitOpError() << "cannot be differentiated where the loss depends on "
                          "the batch's mean or variance by another way than "
                          "the normalized result";
      return failure();
    }
    SmallVector<Value> gradients(op->getNumOperands());
    if (Value g = resultGradients[0]) {
      if (op.getTraining())
        trainingRule(op, b, g, gradients);
      else
        inferenceRule(op, b, g, wanted, gradients);
    }
    for (auto [index, gradient] : llvm::enumerate(gradients))
      if (!wanted[index])
        gradient = Value();
    return gradients;
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Softmax and the choice of a class
//===----------------------------------------------------------------------===//

static Value softmax(AdjointBuilder &b, Value x, Value y, Value g) {
  auto dimension =
      static_cast<int64_t>(y.getDefiningOp<SoftmaxOp>().getDimension());
  Value mean = sum(b, b.mul(g, y), dimension);
  return b.mul(y, b.sub(g, expand(b, mean, y, dimension)));
}

static Value logSoftmax(AdjointBuilder &b, Value x, Value y, Value g) {
  auto dimension =
      static_cast<int64_t>(y.getDefiningOp<LogSoftmaxOp>().getDimension());
  Value total = expand(b, sum(b, g, dimension), y, dimension);
  return b.sub(g, b.mul(b.createOrFold<math::ExpOp>(y), total));
}

static Value pick(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<PickOp>();
  return UnpickOp::create(b, x.getType(), g, op.getLabels());
}

static Value unpick(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<UnpickOp>();
  return PickOp::create(b, x.getType(), g, op.getLabels());
}

void nn::attachNormalizationAdjoints(MLIRContext *context) {
  BatchNormOp::attachInterface<BatchNormAdjoint>(*context);
  SoftmaxOp::attachInterface<UnaryAdjoint<SoftmaxOp, softmax>>(*context);
  LogSoftmaxOp::attachInterface<UnaryAdjoint<LogSoftmaxOp, logSoftmax>>(
      *context);
  PickOp::attachInterface<UnaryAdjoint<PickOp, pick>>(*context);
  UnpickOp::attachInterface<UnaryAdjoint<UnpickOp, unpick>>(*context);
}
