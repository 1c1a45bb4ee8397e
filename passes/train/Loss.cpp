//===- Loss.cpp - Losses --------------------------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/train/Loss.h"

#include "dialects/adjoints/AdjointBuilder.h"
#include "dialects/nn/NNDialect.h"

using namespace mlir;
using namespace frac;

StringRef frac::getLossName(LossKind kind) {
  switch (kind) {
  case LossKind::SoftmaxCrossEntropy:
    return "softmax-cross-entropy";
  case LossKind::NLL:
    return "nll";
  case LossKind::MSE:
    return "mse";
  case LossKind::BCEWithLogits:
    return "bce-with-logits";
  }
  llvm_unreachable("every loss has a name");
}

FailureOr<RankedTensorType> frac::getTargetType(LossKind kind, Type output,
                                                Location loc) {
  auto type = dyn_cast<RankedTensorType>(output);
  if (!type || !type.getElementType().isF32())
    return emitError(loc) << "the loss needs a first output of floats, not "
                          << output;
  if (!isClassification(kind))
    return type;
  if (type.getRank() != 2)
    return emitError(loc) << "loss '" << getLossName(kind)
                          << "' needs a first output of shape (batch, "
                             "classes), not "
                          << output << "; choose another loss";
  return RankedTensorType::get({type.getDimSize(0)},
                               IntegerType::get(type.getContext(), 64));
}

/// The mean or sum of all elements of `value`.
static Value reduceAll(AdjointBuilder &b, nn::ReduceKind kind, Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getRank() == 0)
    return value;
  auto dimensions = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  return nn::ReduceOp::create(b,
                              RankedTensorType::get({}, type.getElementType()),
                              kind, value, dimensions);
}

/// The number of rows whose largest element stands at the target.
static Value countHits(AdjointBuilder &b, Value output, Value target) {
  Value best = nn::ArgMaxOp::create(b, target.getType(), output,
                                    /*dimension=*/1);
  Value isHit =
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq, best, target);
  auto floats = cast<RankedTensorType>(target.getType()).clone(b.getF32Type());
  Value hits = arith::UIToFPOp::create(b, floats, isHit);
  return reduceAll(b, nn::ReduceKind::sum, hits);
}

static Value crossEntropy(AdjointBuilder &b, Value logProbabilities,
                          Value target) {
  auto type = cast<RankedTensorType>(logProbabilities.getType());
  Value picked = nn::PickOp::create(b, type.clone(type.getShape().take_front()),
                                    logProbabilities, target);
  return b.neg(reduceAll(b, nn::ReduceKind::mean, picked));
}

/// t softplus(-x) + (1 - t) softplus(x): neither term is a difference of large
/// numbers, whatever the sign of x.
static Value binaryCrossEntropy(AdjointBuilder &b, Value logits, Value target) {
  Type type = logits.getType();
  Value ifTrue = nn::SoftplusOp::create(b, type, b.neg(logits));
  Value ifFalse = nn::SoftplusOp::create(b, type, logits);
  Value complement = b.sub(b.constant(1.0, target), target);
  Value trueTerm = b.mul(target, ifTrue);
  return b.add(trueTerm, b.mul(complement, ifFalse));
}

LossValues frac::buildLoss(OpBuilder &builder, Location loc, LossKind kind,
                           Value output, Value target) {
  AdjointBuilder b(loc, builder);
  Value loss;
  switch (kind) {
  case LossKind::SoftmaxCrossEntropy:
    loss = crossEntropy(
        b,
        nn::LogSoftmaxOp::create(b, output.getType(), output, /*dimension=*/1),
        target);
    break;
  case LossKind::NLL:
    loss = crossEntropy(b, output, target);
    break;
  case LossKind::MSE:
    loss = reduceAll(b, nn::ReduceKind::mean, b.square(b.sub(output, target)));
    break;
  case LossKind::BCEWithLogits:
    loss = reduceAll(b, nn::ReduceKind::mean,
                     binaryCrossEntropy(b, output, target));
    break;
  }
  Value correct =
      isClassification(kind) ? countHits(b, output, target) : b.zeros(loss);
  return {loss, correct};
}
