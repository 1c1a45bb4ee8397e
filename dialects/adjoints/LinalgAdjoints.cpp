//===- LinalgAdjoints.cpp - Adjoints of the linalg dialect ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/Adjoints.h"
#include "dialects/adjoints/StructuredAdjoint.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace frac;

namespace {

template <typename OpTy>
struct LinalgAdjoint
    : DifferentiableOpInterface::ExternalModel<LinalgAdjoint<OpTy>, OpTy> {
  /// The body says what is read; a window's shape is not.
  bool isDifferentiableOperand(Operation *op, unsigned index) const {
    OpOperand &operand = op->getOpOperand(index);
    return isa<FloatType>(getElementTypeOrSelf(operand.get().getType())) &&
           !cast<linalg::LinalgOp>(op)
                .getMatchingBlockArgument(&operand)
                .use_empty();
  }

  AdjointValues buildAdjoint(Operation *op, OpBuilder &builder,
                             ValueRange resultGradients,
                             const BitVector &wanted) const {
    return StructuredAdjoint(cast<linalg::LinalgOp>(op), builder,
                             resultGradients)
        .build(wanted);
  }
};

template <typename... OpTys>
void attachAll(MLIRContext &context) {
  (OpTys::template attachInterface<LinalgAdjoint<OpTys>>(context), ...);
}

} // namespace

void frac::registerLinalgAdjoints(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, linalg::LinalgDialect *) {
    using namespace linalg;
    attachAll<GenericOp, MapOp, ReduceOp, TransposeOp, BroadcastOp,
              ElementwiseOp, FillOp, CopyOp, AddOp, SubOp, MulOp, DivOp, MaxOp,
              MinOp, PowFOp, SelectOp, AbsOp, CeilOp, ErfOp, ExpOp, FloorOp,
              LogOp, NegFOp, ReciprocalOp, RoundOp, RsqrtOp, SqrtOp, SquareOp,
              TanhOp>(*context);
    attachAll<ContractOp, MatmulOp, MatvecOp, VecmatOp, DotOp, BatchMatmulOp,
              BatchMatvecOp, BatchVecmatOp, BatchReduceMatmulOp, Mmt4DOp,
              BatchMmt4DOp>(*context);
    attachAll<Conv1DOp, Conv1DNcwFcwOp, Conv1DNwcWcfOp, Conv2DOp,
              Conv2DNchwFchwOp, Conv2DNhwcFhwcOp, Conv2DNhwcHwcfOp,
              Conv2DNgchwFgchwOp, Conv2DNgchwGfchwOp, Conv2DNhwgcGfhwcOp,
              Conv3DOp, Conv3DNcdhwFcdhwOp, Conv3DNdhwcDhwcfOp>(*context);
    attachAll<DepthwiseConv1DNcwCwOp, DepthwiseConv1DNwcWcOp,
              DepthwiseConv1DNwcWcmOp, DepthwiseConv2DNchwChwOp,
              DepthwiseConv2DNhwcHwcOp, DepthwiseConv2DNhwcHwcmOp,
              DepthwiseConv3DNcdhwCdhwOp, DepthwiseConv3DNdhwcDhwcOp,
              DepthwiseConv3DNdhwcDhwcmOp>(*context);
    attachAll<PoolingNchwMaxOp, PoolingNchwSumOp, PoolingNcwMaxOp,
              PoolingNcwSumOp, PoolingNdhwcMaxOp, PoolingNdhwcMinOp,
              PoolingNdhwcSumOp, PoolingNhwcMaxOp, PoolingNhwcMinOp,
              PoolingNhwcSumOp, PoolingNwcMaxOp, PoolingNwcMinOp,
              PoolingNwcSumOp>(*context);
    context->loadDialect<arith::ArithDialect, math::MathDialect,
                         scf::SCFDialect, tensor::TensorDialect>();
  });
}
