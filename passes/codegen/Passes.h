//===- Passes.h - From loops on buffers to LLVM ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_CODEGEN_PASSES_H
#define FRAC_PASSES_CODEGEN_PASSES_H

#include "dialects/rt/RtDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"

namespace frac {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/codegen/Passes.h.inc"

} // namespace frac

#endif // FRAC_PASSES_CODEGEN_PASSES_H
