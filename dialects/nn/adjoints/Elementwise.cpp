//===- Elementwise.cpp - Adjoints of activations --------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/AdjointBuilder.h"
#include "dialects/nn/NNDialect.h"
#include "dialects/nn/adjoints/NNAdjoints.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace frac;
using namespace frac::nn;

using Predicate = arith::CmpFPredicate;

// Rules go by the result where they can: it is what the next operation keeps
// anyway.

static Value relu(AdjointBuilder &b, Value x, Value y, Value g) {
  return b.keepWhere(g, y, Predicate::OGT, 0.0);
}

static Value sigmoid(AdjointBuilder &b, Value x, Value y, Value g) {
  return b.mul(g, b.mul(y, b.sub(b.constant(1.0, y), y)));
}

static Value softplus(AdjointBuilder &b, Value x, Value y, Value g) {
  return b.mul(g, SigmoidOp::create(b, x.getType(), x));
}

/// 1 at the bounds, as torch.clamp. Between 0 and 6 it is ReLU6, which has 0
/// there, and goes by the result.
static Value clip(AdjointBuilder &b, Value x, Value y, Value g) {
  auto op = y.getDefiningOp<ClipOp>();
  double minimum = op.getMinimum().convertToDouble();
  double maximum = op.getMaximum().convertToDouble();
  bool isRelu6 = minimum == 0.0 && maximum == 6.0;
  Value place = isRelu6 ? y : x;
  Value below =
      b.keepWhere(g, place, isRelu6 ? Predicate::OLT : Predicate::OLE, maximum);
  return b.keepWhere(below, place, isRelu6 ? Predicate::OGT : Predicate::OGE,
                     minimum);
}

/// alpha at 0. With a negative alpha the result does not tell the branch.
static Value leakyRelu(AdjointBuilder &b, Value x, Value y, Value g) {
  double alpha = y.getDefiningOp<LeakyReluOp>().getAlpha().convertToDouble();
  Value branch = alpha >= 0.0 ? y : x;
  Value positive = b.compare(Predicate::OGT, branch, b.zeros(branch));
  return b.select(positive, g, b.scale(g, alpha));
}

/// alpha at 0. Below 0 the slope alpha exp(x) is the result plus alpha.
static Value elu(AdjointBuilder &b, Value x, Value y, Value g) {
  double alpha = y.getDefiningOp<EluOp>().getAlpha().convertToDouble();
  Value branch = alpha >= 0.0 ? y : x;
  Value positive = b.compare(Predicate::OGT, branch, b.zeros(branch));
  Value slope = b.add(y, b.constant(alpha, y));
  return b.select(positive, g, b.mul(g, slope));
}

/// 0 at either bound.
static Value hardSigmoid(AdjointBuilder &b, Value x, Value y, Value g) {
  double alpha = y.getDefiningOp<HardSigmoidOp>().getAlpha().convertToDouble();
  Value below = b.keepWhere(b.scale(g, alpha), y, Predicate::OLT, 1.0);
  return b.keepWhere(below, y, Predicate::OGT, 0.0);
}

void nn::attachElementwiseAdjoints(MLIRContext *context) {
  ReluOp::attachInterface<UnaryAdjoint<ReluOp, relu>>(*context);
  ClipOp::attachInterface<UnaryAdjoint<ClipOp, clip>>(*context);
  LeakyReluOp::attachInterface<UnaryAdjoint<LeakyReluOp, leakyRelu>>(*context);
  EluOp::attachInterface<UnaryAdjoint<EluOp, elu>>(*context);
  SigmoidOp::attachInterface<UnaryAdjoint<SigmoidOp, sigmoid>>(*context);
  SoftplusOp::attachInterface<UnaryAdjoint<SoftplusOp, softplus>>(*context);
  HardSigmoidOp::attachInterface<UnaryAdjoint<HardSigmoidOp, hardSigmoid>>(
      *context);
}
