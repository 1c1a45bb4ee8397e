//===- Optimizer.cpp - Optimizers -----------------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/train/Optimizer.h"

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "runtime/frac_runtime.h"

using namespace mlir;
using namespace frac;

Hyper::Hyper(AdjointBuilder &b, Value vector) {
  for (unsigned index = 0; index < FRAC_HYPER_SIZE; ++index) {
    Value place = arith::ConstantIndexOp::create(b, index);
    entries.push_back(tensor::ExtractOp::create(b, vector, place));
  }
}

SmallVector<StringRef> frac::getSlotNames(const OptimizerOptions &options) {
  if (options.kind != OptimizerKind::SGD)
    return {"first_moment", "second_moment"};
  if (options.momentum)
    return {"momentum"};
  return {};
}

/// 1 - `value`.
static Value complement(AdjointBuilder &b, Value value) {
  return b.sub(b.constant(1.0, value), value);
}

/// `a` + `factor` `x` with a scalar factor.
static Value addScaled(AdjointBuilder &b, Value a, Value factor, Value x) {
  return b.add(a, b.mul(b.splat(factor, x), x));
}

static Update updateSGD(AdjointBuilder &b, const OptimizerOptions &options,
                        const Hyper &hyper, Value parameter, Value gradient,
                        ArrayRef<Value> slots) {
  Update update;
  Value direction =
      addScaled(b, gradient, hyper.get(FRAC_HYPER_WEIGHT_DECAY), parameter);
  if (options.momentum) {
    Value factor = hyper.get(FRAC_HYPER_MOMENTUM);
    Value velocity = addScaled(b, direction, factor, slots.front());
    update.slots.push_back(velocity);
    direction =
        options.nesterov ? addScaled(b, direction, factor, velocity) : velocity;
  }
  Value rate = hyper.get(FRAC_HYPER_LR);
  update.parameter =
      b.sub(parameter, b.mul(b.splat(rate, direction), direction));
  return update;
}

/// Kingma and Ba 2015 with both bias corrections; with `decoupled`, weight
/// decay as Loshchilov and Hutter 2019.
static Update updateAdam(AdjointBuilder &b, bool decoupled, const Hyper &hyper,
                         Value parameter, Value gradient,
                         ArrayRef<Value> slots) {
  Value rate = hyper.get(FRAC_HYPER_LR);
  Value decay = hyper.get(FRAC_HYPER_WEIGHT_DECAY);
  if (decoupled)
    parameter =
        b.mul(parameter, b.splat(complement(b, b.mul(rate, decay)), parameter));
  else
    gradient = addScaled(b, gradient, decay, parameter);

  auto average = [&](Value slot, Value beta, Value observed) {
    Value kept = b.mul(b.splat(beta, slot), slot);
    return addScaled(b, kept, complement(b, beta), observed);
  };
  Value first = average(slots[0], hyper.get(FRAC_HYPER_BETA1), gradient);
  Value second =
      average(slots[1], hyper.get(FRAC_HYPER_BETA2), b.square(gradient));

  Value stepSize = b.div(rate, hyper.get(FRAC_HYPER_CORRECTION1));
  Value root = b.createOrFold<math::SqrtOp>(hyper.get(FRAC_HYPER_CORRECTION2));
  Value spread = b.createOrFold<math::SqrtOp>(second);
  spread = b.div(spread, b.splat(root, spread));
  Value denominator =
      b.add(spread, b.splat(hyper.get(FRAC_HYPER_EPSILON), spread));
  Value step = b.div(first, denominator);
  step = b.mul(step, b.splat(stepSize, step));
  return {b.sub(parameter, step), {first, second}};
}

Update frac::buildUpdate(AdjointBuilder &b, const OptimizerOptions &options,
                         const Hyper &hyper, Value parameter, Value gradient,
                         ArrayRef<Value> slots) {
  switch (options.kind) {
  case OptimizerKind::SGD:
    return updateSGD(b, options, hyper, parameter, gradient, slots);
  case OptimizerKind::Adam:
    return updateAdam(b, /*decoupled=*/false, hyper, parameter, gradient,
                      slots);
  case OptimizerKind::AdamW:
    return updateAdam(b, /*decoupled=*/true, hyper, parameter, gradient, slots);
  }
  llvm_unreachable("every optimizer is handled");
}

Value frac::buildGradientNorm(AdjointBuilder &b, ArrayRef<Value> gradients) {
  Value total;
  for (Value gradient : gradients) {
    auto type = cast<RankedTensorType>(gradient.getType());
    Value squares = b.square(gradient);
    if (type.getRank() > 0)
      squares = nn::ReduceOp::create(
          b, RankedTensorType::get({}, type.getElementType()),
          nn::ReduceKind::sum, squares,
          llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())));
    Value sum = tensor::ExtractOp::create(b, squares, ValueRange());
    total = total ? b.add(total, sum) : sum;
  }
  return b.createOrFold<math::SqrtOp>(total);
}

Value frac::buildClipFactor(AdjointBuilder &b, const Hyper &hyper, Value norm) {
  Value limit = hyper.get(FRAC_HYPER_CLIP_NORM);
  Value one = b.constant(1.0, norm);
  Value ratio = b.div(limit, b.add(norm, b.constant(1e-6, norm)));
  Value factor = arith::MinimumFOp::create(b, ratio, one);
  Value isLimited = b.compare(arith::CmpFPredicate::OGT, limit, b.zeros(limit));
  return b.select(isLimited, factor, one);
}
