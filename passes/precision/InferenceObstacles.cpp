//===- InferenceObstacles.cpp - What cannot be quantized ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/precision/InferenceObstacles.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace frac;

std::string frac::findObstacle(func::FuncOp function,
                               ContractionOpInterface op) {
  for (unsigned operand : {op.getLeftFactor(), op.getRightFactor()}) {
    auto type = dyn_cast<RankedTensorType>(op->getOperand(operand).getType());
    bool isKnown = type && type.getElementType().isF32();
    if (isKnown && !type.getEncoding())
      continue;
    std::string text;
    llvm::raw_string_ostream stream(text);
    stream << "its factor of type " << op->getOperand(operand).getType()
           << (isKnown ? " has an encoding" : " is no ranked tensor of f32");
    return text;
  }
  Operation *isolated = op->getParentOp();
  while (!isolated->hasTrait<OpTrait::IsIsolatedFromAbove>())
    isolated = isolated->getParentOp();
  if (isolated != function)
    return "it lies in '" + isolated->getName().getStringRef().str() +
           "', which sees no value of the function around it";
  return "";
}

bool frac::looksLikeProduct(Operation *op) {
  auto structured = dyn_cast<linalg::LinalgOp>(op);
  if (!structured || isa<ContractionOpInterface>(op) ||
      structured.getNumReductionLoops() == 0 ||
      structured.getNumDpsInputs() < 2)
    return false;
  return llvm::any_of(*structured.getBlock(), [](Operation &scalar) {
    return isa<arith::MulFOp, arith::MulIOp>(scalar);
  });
}

StringRef frac::explainUnknownProduct(Operation *op) {
  auto structured = cast<linalg::LinalgOp>(op);
  if (!structured.hasPureTensorSemantics())
    return "it works on buffers; quantize before bufferization";
  if (linalg::isaContractionOpInterface(structured))
    return "no number of its factors is used twice";
  return "not a matrix product or convolution of two tensors by the "
         "classification of linalg";
}
