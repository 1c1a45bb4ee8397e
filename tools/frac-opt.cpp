//===- frac-opt.cpp - Run passes over a file ------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// `mlir-opt` with the project's dialects and passes beside all upstream ones.
///
//===----------------------------------------------------------------------===//

#include "dialects/RegisterDialects.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "passes/RegisterPasses.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  frac::registerAllFracDialects(registry);
  frac::registerExternalContractions(registry);
  mlir::registerAllPasses();
  frac::registerAllFracPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "the project's optimizer of intermediate code\n", registry));
}
