//===- Passes.h - Cost passes -----------------------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_COST_PASSES_H
#define FRAC_PASSES_COST_PASSES_H

#include "dialects/frac/FracDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace frac {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/cost/Passes.h.inc"

} // namespace frac

#endif // FRAC_PASSES_COST_PASSES_H
