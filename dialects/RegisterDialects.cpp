//===- RegisterDialects.cpp - All dialects --------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/RegisterDialects.h"

#include "dialects/adjoints/Adjoints.h"
#include "dialects/frac/FracAdjoints.h"
#include "dialects/frac/FracDialect.h"
#include "dialects/interfaces/external/Contractions.h"
#include "dialects/nn/NNDialect.h"
#include "dialects/nn/NNTrainingModes.h"
#include "dialects/nn/adjoints/NNAdjoints.h"
#include "dialects/rt/RtDialect.h"
#include "mlir/IR/DialectRegistry.h"

using namespace frac;

void frac::registerAllFracDialects(mlir::DialectRegistry &registry) {
  registry.insert<nn::NNDialect, precision::FracDialect, rt::RtDialect>();
  nn::registerAdjoints(registry);
  precision::registerAdjoints(registry);
  nn::registerTrainingModes(registry);
  registerArithAdjoints(registry);
  registerMathAdjoints(registry);
  registerTensorAdjoints(registry);
  registerLinalgAdjoints(registry);
}

void frac::registerExternalContractions(mlir::DialectRegistry &registry) {
  registerLinalgContractions(registry);
  registerTosaContractions(registry);
  registerPaddings(registry);
}
