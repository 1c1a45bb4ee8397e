//===- Passes.h - Reverse-mode differentiation ----------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_BACKWARD_PASSES_H
#define FRAC_PASSES_BACKWARD_PASSES_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace frac {

#define GEN_PASS_DECL
#include "passes/backward/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/backward/Passes.h.inc"

} // namespace frac

#endif // FRAC_PASSES_BACKWARD_PASSES_H
