//===- Products.cpp - The parts that contractions play in training --------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/precision/Products.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"

using namespace mlir;
using namespace frac;

StringRef frac::getProductName(Product product) {
  switch (product) {
  case Product::Forward:
    return "forward";
  case Product::Error:
    return "error";
  case Product::WeightGradient:
    return "weight_gradient";
  }
  return "";
}

/// Whether `op` has one operand, of which it changes no element.
static bool isRearrangement(Operation *op) {
  return op->getNumOperands() == 1 && op->getNumResults() == 1 && isPure(op) &&
         !isa<ContractionOpInterface>(op) &&
         !op->hasTrait<OpTrait::Elementwise>() && op->getNumRegions() == 0;
}

/// The tensor that `value` has the elements of: another one in another shape,
/// or one that was quantized. Null if it is a new one.
static Value getOrigin(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return Value();
  if (auto dequantize = dyn_cast<precision::DequantizeOp>(op))
    return dequantize.getIntegers();
  if (auto quantize = dyn_cast<precision::QuantizeOp>(op))
    return quantize.getInput();
  return isRearrangement(op) ? op->getOperand(0) : Value();
}

/// Whether `value` is a variable, if need be in another shape or quantized.
static bool isVariable(Value value) {
  while (value && !value.getDefiningOp<ml_program::GlobalLoadOp>())
    value = getOrigin(value);
  return static_cast<bool>(value);
}

Products::Products(func::FuncOp function) {
  Operation *terminator = function.getBody().front().getTerminator();
  if (terminator->getNumOperands() == 0)
    return;
  SetVector<Operation *> slice;
  BackwardSliceOptions options;
  options.inclusive = true;
  options.omitBlockArguments = true;
  if (succeeded(getBackwardSlice(terminator->getOperand(0), &slice, options)))
    forward.insert(slice.begin(), slice.end());
}

bool Products::isForward(Value value) const {
  Operation *op = value.getDefiningOp();
  return !op || forward.contains(op);
}

Product Products::getProduct(ContractionOpInterface op) const {
  if (forward.contains(op))
    return Product::Forward;
  return llvm::any_of(op->getOperands(), isVariable) ? Product::Error
                                                     : Product::WeightGradient;
}

precision::Role Products::getRole(Value factor) const {
  if (isVariable(factor))
    return precision::Role::weight;
  return isForward(factor) ? precision::Role::activation
                           : precision::Role::error;
}
