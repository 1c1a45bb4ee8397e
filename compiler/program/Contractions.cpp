//===- Contractions.cpp - The multiply-accumulate work of a program
//------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/program/Contractions.h"

#include "dialects/interfaces/NodeName.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace frac;

/// The place in the table of widths of what `factor` was quantized to.
static int64_t getWidthPlace(Value factor, SymbolTable &symbols) {
  auto dequantize = factor.getDefiningOp<precision::DequantizeOp>();
  if (!dequantize)
    return -1;
  auto resolve = dequantize.getBits().getDefiningOp<precision::ResolveOp>();
  if (!resolve)
    return -1;
  auto symbol = symbols.lookup<precision::SymbolOp>(resolve.getSymbol());
  return symbol ? static_cast<int64_t>(symbol.getIndex()) : -1;
}

std::vector<Contraction> frac::listContractions(ModuleOp module) {
  std::vector<Contraction> contractions;
  auto step = module.lookupSymbol<func::FuncOp>("step");
  if (!step)
    return contractions;
  Products products(step);
  SymbolTable symbols(module);
  step.walk([&](ContractionOpInterface op) {
    contractions.push_back(
        {getNodeName(op->getLoc()).str(), op->getName().getStringRef().str(),
         products.getProduct(op), op.getMacsPerSample(),
         getWidthPlace(op->getOperand(op.getLeftFactor()), symbols),
         getWidthPlace(op->getOperand(op.getRightFactor()), symbols)});
  });
  return contractions;
}
