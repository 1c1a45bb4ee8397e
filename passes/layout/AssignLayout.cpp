//===- AssignLayout.cpp - One order of dimensions for all images ----------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/layout/Passes.h"
#include "passes/layout/TransposeMotion.h"

namespace frac {
#define GEN_PASS_DEF_ASSIGNLAYOUT
#include "passes/layout/Passes.h.inc"
} // namespace frac

using namespace mlir;
using namespace frac;

namespace {

/// Makes `op` channels-last between transposes.
void makeChannelsLast(ChannelsLastOpInterface op) {
  OpBuilder builder(op);
  for (OpOperand &operand : op->getOpOperands()) {
    if (!op.isImageOperand(operand.getOperandNumber()))
      continue;
    auto type = cast<RankedTensorType>(operand.get().getType());
    operand.set(createTranspose(builder, op.getLoc(), operand.get(),
                                getChannelsLastPermutation(type.getRank())));
  }
  op.setImagesChannelsLast(true);
  builder.setInsertionPointAfter(op);
  for (OpResult result : op->getResults()) {
    if (!op.isImageResult(result.getResultNumber()))
      continue;
    auto type = cast<RankedTensorType>(result.getType());
    SmallVector<int64_t> permutation =
        getChannelsLastPermutation(type.getRank());
    result.setType(RankedTensorType::get(
        applyPermutation(type.getShape(), permutation), type.getElementType()));
    Value restored = createRestoringTranspose(
        builder, op.getLoc(), result, invertPermutationVector(permutation));
    result.replaceAllUsesExcept(restored, restored.getDefiningOp());
  }
}

/// Whether the images of `op` have pixels: channels of (N, C) are last as they
/// are.
bool hasPixels(ChannelsLastOpInterface op) {
  for (OpOperand &operand : op->getOpOperands())
    if (op.isImageOperand(operand.getOperandNumber()))
      return cast<RankedTensorType>(operand.get().getType()).getRank() > 2;
  return false;
}

struct AssignLayoutPass : frac::impl::AssignLayoutBase<AssignLayoutPass> {
  void runOnOperation() override {
    getOperation().walk([](ChannelsLastOpInterface op) {
      if (!op.isChannelsLast() && hasPixels(op))
        makeChannelsLast(op);
    });
    RewritePatternSet patterns(&getContext());
    populateTransposeMotion(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    unmarkRestoringTransposes(getOperation());
  }
};

} // namespace
