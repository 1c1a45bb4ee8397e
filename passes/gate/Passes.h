//===- Passes.h - Gates -----------------------------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_GATE_PASSES_H
#define FRAC_PASSES_GATE_PASSES_H

#include "dialects/frac/FracDialect.h"
#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/Pass.h"
#include "passes/gate/Blocks.h"

namespace frac {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/gate/Passes.h.inc"

} // namespace frac

#endif // FRAC_PASSES_GATE_PASSES_H
