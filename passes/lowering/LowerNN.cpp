//===- LowerNN.cpp - Networks to loops over tensors -----------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Passes.h"
#include "passes/lowering/Patterns.h"

namespace frac {
#define GEN_PASS_DEF_LOWERNN
#include "passes/lowering/Passes.h.inc"
} // namespace frac

using namespace mlir;
using namespace frac;

namespace {

/// Dropout that is still there is run as the model asks, and all but models in
/// training mode ask for the identity.
struct DropInferenceDropout : OpRewritePattern<nn::DropoutOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::DropoutOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getTraining())
      return rewriter.notifyMatchFailure(op, "in training mode");
    rewriter.replaceOp(op, op.getInput());
    return success();
  }
};

/// Follows extents to where they come from, so that no tensor lives for its
/// extents alone.
void followDims(func::FuncOp function) {
  SmallVector<tensor::DimOp> dims;
  function.walk([&](tensor::DimOp op) {
    if (op.getConstantIndex() && op.getSource().getDefiningOp() &&
        isa<RankedTensorType>(op.getSource().getType()))
      dims.push_back(op);
  });
  for (tensor::DimOp op : dims) {
    OpBuilder builder(op);
    Value extent =
        createDim(builder, op.getLoc(), op.getSource(), *op.getConstantIndex());
    op.replaceAllUsesWith(extent);
    op.erase();
  }
}

struct LowerNNPass : frac::impl::LowerNNBase<LowerNNPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<DropInferenceDropout>(&getContext());
    populateBatchNormLowering(patterns);
    populateConvolutionLowering(patterns);
    populateElementwiseLowering(patterns);
    populateGatherLowering(patterns);
    populatePoolLowering(patterns);
    populateRandomLowering(patterns);
    populateReduceLowering(patterns);
    populateShapeLowering(patterns);
    populateSliceLowering(patterns);
    populateSoftmaxLowering(patterns);
    GreedyRewriteConfig config;
    config.enableFolding().enableConstantCSE();
    if (failed(
            applyPatternsGreedily(getOperation(), std::move(patterns), config)))
      return signalPassFailure();
    followDims(getOperation());

    bool complete = true;
    getOperation().walk([&](Operation *op) {
      if (!isa_and_nonnull<nn::NNDialect>(op->getDialect()) ||
          isa<ContractionOpInterface, nn::KeepOp>(op))
        return;
      op->emitOpError("has no lowering in this form");
      complete = false;
    });
    if (!complete)
      signalPassFailure();
  }
};

} // namespace
