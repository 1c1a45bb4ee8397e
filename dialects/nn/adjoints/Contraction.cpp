//===- Contraction.cpp - Adjoints of convolutions and matrix products -----===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/AdjointBuilder.h"
#include "dialects/nn/NNDialect.h"
#include "dialects/nn/adjoints/NNAdjoints.h"

using namespace mlir;
using namespace frac;
using namespace frac::nn;

/// A matrix product of type `type`. The flags tell which factors are taken
/// transposed.
static Value matmul(AdjointBuilder &b, Type type, Value lhs, bool transposeLhs,
                    Value rhs, bool transposeRhs) {
  return MatmulOp::create(b, type, lhs, rhs, transposeLhs, transposeRhs);
}

/// With C = A B: dA = G B^T and dB = A^T G; of a factor that is taken
/// transposed, the transpose of that.
static AdjointValues matmulRule(MatmulOp op, AdjointBuilder &b,
                                ValueRange resultGradients,
                                const BitVector &wanted) {
  Value lhs = op.getLhs(), rhs = op.getRhs(), g = resultGradients.front();
  bool lhsT = op.getTransposeLhs(), rhsT = op.getTransposeRhs();
  SmallVector<Value> gradients(2);
  if (wanted[0])
    gradients[0] = lhsT ? matmul(b, lhs.getType(), rhs, rhsT, g, true)
                        : matmul(b, lhs.getType(), g, false, rhs, !rhsT);
  if (wanted[1])
    gradients[1] = rhsT ? matmul(b, rhs.getType(), g, true, lhs, lhsT)
                        : matmul(b, rhs.getType(), lhs, !lhsT, g, false);
  return gradients;
}

/// A convolution-like operation with the geometry of `op`.
template <typename ResultOp, typename OpTy>
static Value convolution(OpTy op, AdjointBuilder &b, Type type, Value first,
                         Value second) {
  return ResultOp::create(b, type, first, second, op.getStrides(),
                          op.getDilations(), op.getPadsBegin(), op.getPadsEnd(),
                          op.getGroups(), op.getChannelsLast());
}

static AdjointValues convRule(ConvOp op, AdjointBuilder &b,
                              ValueRange resultGradients,
                              const BitVector &wanted) {
  Value input = op.getInput(), weights = op.getWeights();
  Value g = resultGradients.front();
  SmallVector<Value> gradients(2);
  if (wanted[0])
    gradients[0] =
        convolution<ConvInputGradOp>(op, b, input.getType(), g, weights);
  if (wanted[1])
    gradients[1] =
        convolution<ConvWeightGradOp>(op, b, weights.getType(), input, g);
  return gradients;
}

/// The operation is linear in both factors; as ONNX ConvTranspose it is a
/// forward product too.
static AdjointValues convInputGradRule(ConvInputGradOp op, AdjointBuilder &b,
                                       ValueRange resultGradients,
                                       const BitVector &wanted) {
  Value error = op.getError(), weights = op.getWeights();
  Value g = resultGradients.front();
  SmallVector<Value> gradients(2);
  if (wanted[0])
    gradients[0] = convolution<ConvOp>(op, b, error.getType(), g, weights);
  if (wanted[1])
    gradients[1] =
        convolution<ConvWeightGradOp>(op, b, weights.getType(), g, error);
  return gradients;
}

void nn::attachContractionAdjoints(MLIRContext *context) {
  MatmulOp::attachInterface<OpAdjoint<MatmulOp, matmulRule>>(*context);
  ConvOp::attachInterface<OpAdjoint<ConvOp, convRule>>(*context);
  ConvInputGradOp::attachInterface<
      OpAdjoint<ConvInputGradOp, convInputGradRule>>(*context);
}
