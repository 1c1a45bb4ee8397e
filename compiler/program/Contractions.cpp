//===- Contractions.cpp - The multiply-accumulate work of a program
//------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/program/Contractions.h"

#include "dialects/interfaces/ContractionOpInterface.h"
#include "dialects/interfaces/NodeName.h"
#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
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

/// Whether `value` is a variable, if need be in another shape.
static bool isVariable(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (isa<ml_program::GlobalLoadOp>(op))
      return true;
    if (!isa<nn::ReshapeOp, nn::TransposeOp, nn::SliceOp>(op))
      return false;
    value = op->getOperand(0);
  }
  return false;
}

static int64_t countContractions(func::FuncOp function) {
  int64_t count = 0;
  function.walk([&](ContractionOpInterface) { ++count; });
  return count;
}

std::vector<Contraction> frac::listContractions(ModuleOp module) {
  std::vector<Contraction> contractions;
  auto step = module.lookupSymbol<func::FuncOp>("step");
  auto eval = module.lookupSymbol<func::FuncOp>("eval");
  if (!step || !eval)
    return contractions;
  int64_t forward = countContractions(eval);
  step.walk([&](ContractionOpInterface op) {
    Product product = Product::WeightGradient;
    if (static_cast<int64_t>(contractions.size()) < forward)
      product = Product::Forward;
    else if (llvm::any_of(op->getOperands(), isVariable))
      product = Product::Error;
    contractions.push_back({getNodeName(op->getLoc()).str(),
                            op->getName().getStringRef().str(), product,
                            op.getMacsPerSample()});
  });
  return contractions;
}
