//===- NestPrice.cpp - What a loop nest costs -----------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/lowering/NestPrice.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace frac {

int64_t getBodyPrice(linalg::GenericOp op) {
  int64_t price = 0;
  for (Operation &inner : op.getBody()->without_terminator()) {
    if (isa<math::MathDialect>(inner.getDialect()) &&
        !isa<math::AbsFOp, math::FmaOp>(inner))
      price += isa<math::SqrtOp>(inner) ? 8 : 24;
    else if (isa<arith::DivFOp>(inner))
      price += 8;
    else if (inner.getNumRegions() != 0)
      price += 1024;
    else if (!isa<linalg::IndexOp, arith::ConstantOp>(inner))
      price += 1;
  }
  return price;
}

llvm::SmallSetVector<Value, 8> getLargeInputs(linalg::GenericOp op) {
  llvm::SmallSetVector<Value, 8> large;
  for (OpOperand *input : op.getDpsInputOperands())
    if (op.getMatchingIndexingMap(input).getNumResults() == op.getNumLoops())
      large.insert(input->get());
  op.getBody()->walk(
      [&](tensor::ExtractOp extract) { large.insert(extract.getTensor()); });
  return large;
}

} // namespace frac
