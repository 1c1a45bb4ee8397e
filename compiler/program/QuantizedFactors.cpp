//===- QuantizedFactors.cpp - What evaluation quantizes -------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/program/QuantizedFactors.h"

#include "dialects/frac/FracDialect.h"
#include "dialects/interfaces/ContractionOpInterface.h"
#include "dialects/interfaces/NodeName.h"
#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace frac;

/// Finds the variable that `tensor` is, and which of its dimensions is the
/// dimension of `factor`.
static void traceWeights(Value tensor, frontend::QuantizedFactor &factor) {
  std::optional<int64_t> &dimension = factor.dimension;
  while (Operation *op = tensor.getDefiningOp()) {
    if (auto load = dyn_cast<ml_program::GlobalLoadOp>(op)) {
      factor.weights = load.getGlobal().getLeafReference().str();
      return;
    }
    // One range for all is the same range in any order.
    if (dimension &&
        cast<ShapedType>(tensor.getType()).getDimSize(*dimension) == 1)
      dimension = std::nullopt;
    if (auto transpose = dyn_cast<nn::TransposeOp>(op)) {
      if (dimension)
        dimension = transpose.getPermutation()[*dimension];
    } else if (!isa<nn::ReshapeOp, nn::BroadcastOp>(op) || dimension) {
      return;
    }
    tensor = op->getOperand(0);
  }
}

/// Describes what operand `operand` of `op` was quantized as, if it was.
static std::optional<frontend::QuantizedFactor>
describeFactor(ContractionOpInterface op, unsigned operand,
               SymbolTable &symbols) {
  auto dequantize =
      op->getOperand(operand).getDefiningOp<precision::DequantizeOp>();
  if (!dequantize)
    return std::nullopt;
  auto resolve = dequantize.getBits().getDefiningOp<precision::ResolveOp>();
  auto quantize =
      dequantize.getIntegers().getDefiningOp<precision::QuantizeOp>();
  if (!resolve || !quantize)
    return std::nullopt;
  auto symbol = symbols.lookup<precision::SymbolOp>(resolve.getSymbol());
  if (!symbol)
    return std::nullopt;
  frontend::QuantizedFactor factor;
  factor.node = getNodeName(op->getLoc()).str();
  factor.input = operand == op.getLeftFactor() ? 0 : 1;
  factor.symbol = static_cast<int64_t>(symbol.getIndex());
  factor.symbolName = symbol.getSymName().str();
  factor.isWeights = symbol.getRole() == precision::Role::weight;
  if (auto dimension = quantize.getDimension())
    factor.dimension = static_cast<int64_t>(*dimension);
  if (factor.isWeights)
    traceWeights(quantize.getInput(), factor);
  return factor;
}

std::vector<frontend::QuantizedFactor>
frac::listQuantizedFactors(ModuleOp module) {
  std::vector<frontend::QuantizedFactor> factors;
  auto eval = module.lookupSymbol<func::FuncOp>("eval");
  if (!eval)
    return factors;
  SymbolTable symbols(module);
  eval.walk([&](ContractionOpInterface op) {
    for (unsigned operand : {op.getLeftFactor(), op.getRightFactor()})
      if (auto factor = describeFactor(op, operand, symbols))
        factors.push_back(std::move(*factor));
  });
  return factors;
}
