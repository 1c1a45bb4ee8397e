//===- NNAdjoints.cpp - Adjoints of the nn dialect ------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/adjoints/NNAdjoints.h"

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace frac;

void nn::registerAdjoints(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, NNDialect *) {
    attachContractionAdjoints(context);
    attachElementwiseAdjoints(context);
    attachNormalizationAdjoints(context);
    attachPoolingAdjoints(context);
    attachReductionAdjoints(context);
    attachShapeAdjoints(context);
    context->loadDialect<arith::ArithDialect, math::MathDialect,
                         tensor::TensorDialect>();
  });
}
