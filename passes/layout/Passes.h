//===- Passes.h - Choice of memory layout ---------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The pass that picks one order of dimensions for all images of a program.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_LAYOUT_PASSES_H
#define FRAC_PASSES_LAYOUT_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace frac {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/layout/Passes.h.inc"

} // namespace frac

#endif // FRAC_PASSES_LAYOUT_PASSES_H
