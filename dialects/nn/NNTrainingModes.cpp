//===- NNTrainingModes.cpp - Forms for training and evaluation ------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNTrainingModes.h"

#include "dialects/interfaces/TrainingModeOpInterface.h"
#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace frac;
using namespace frac::nn;

namespace {

/// Statistics of the batch in training, running ones in evaluation.
struct BatchNormMode
    : TrainingModeOpInterface::ExternalModel<BatchNormMode, BatchNormOp> {
  void convertToTraining(Operation *operation, OpBuilder &builder,
                         Value counter,
                         SmallVectorImpl<RunningMean> &observations) const {
    auto op = cast<BatchNormOp>(operation);
    double momentum = op.getMomentum().convertToDouble();
    op.setTraining(true);
    bool mayBeUnseen = static_cast<bool>(op.getSamples());
    observations.push_back(
        {op.getMean(), op.getBatchMean(), momentum, mayBeUnseen});
    observations.push_back(
        {op.getVariance(), op.getBatchVariance(), momentum, mayBeUnseen});
  }

  void convertToEvaluation(Operation *operation, OpBuilder &builder) const {
    auto op = cast<BatchNormOp>(operation);
    op.setTraining(false);
    op.getSamplesMutable().clear();
  }

  void restrictToSamples(Operation *operation, Value samples) const {
    cast<BatchNormOp>(operation).getSamplesMutable().assign(samples);
  }
};

/// A product with a random mask in training, the identity in evaluation.
struct DropoutMode
    : TrainingModeOpInterface::ExternalModel<DropoutMode, DropoutOp> {
  void convertToTraining(Operation *operation, OpBuilder &builder,
                         Value counter,
                         SmallVectorImpl<RunningMean> &observations) const {
    auto op = cast<DropoutOp>(operation);
    if (op.getRatio().isZero()) {
      convertToEvaluation(operation, builder);
      return;
    }
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<Value> sizes;
    for (int64_t dimension = 0; dimension < type.getRank(); ++dimension)
      if (type.isDynamicDim(dimension))
        sizes.push_back(
            tensor::DimOp::create(builder, loc, op.getInput(), dimension));
    Value mask = DropoutMaskOp::create(builder, loc, type, counter, sizes,
                                       op.getRatioAttr(), op.getStreamAttr());
    Value masked = arith::MulFOp::create(builder, loc, op.getInput(), mask);
    op.getResult().replaceAllUsesWith(masked);
    op.erase();
  }

  void convertToEvaluation(Operation *operation, OpBuilder &) const {
    auto op = cast<DropoutOp>(operation);
    op.getResult().replaceAllUsesWith(op.getInput());
    op.erase();
  }
};

} // namespace

void nn::registerTrainingModes(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, NNDialect *) {
    BatchNormOp::attachInterface<BatchNormMode>(*context);
    DropoutOp::attachInterface<DropoutMode>(*context);
    context->loadDialect<arith::ArithDialect, tensor::TensorDialect>();
  });
}
