//===- DifferentiableOpInterface.cpp - Reverse-mode rules -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/DifferentiableOpInterface.h"

#include "mlir/Transforms/RegionUtils.h"

#include "dialects/interfaces/DifferentiableOpInterface.cpp.inc"

llvm::SmallVector<mlir::Value> frac::getCaptures(mlir::Operation *op) {
  llvm::SetVector<mlir::Value> captures;
  mlir::getUsedValuesDefinedAbove(op->getRegions(), captures);
  return captures.takeVector();
}
