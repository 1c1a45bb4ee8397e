//===- RegisterPasses.cpp - All passes ------------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/RegisterPasses.h"

#include "passes/backward/Passes.h"
#include "passes/codegen/Passes.h"
#include "passes/cost/Passes.h"
#include "passes/gate/Passes.h"
#include "passes/layout/Passes.h"
#include "passes/lowering/Passes.h"
#include "passes/memory/Passes.h"
#include "passes/precision/Passes.h"
#include "passes/train/Passes.h"

void frac::registerAllFracPasses() {
  registerFracBackwardPasses();
  registerFracCodegenPasses();
  registerFracCostPasses();
  registerFracGatePasses();
  registerFracLayoutPasses();
  registerFracLoweringPasses();
  registerFracMemoryPasses();
  registerFracPrecisionPasses();
  registerFracTrainPasses();
}
