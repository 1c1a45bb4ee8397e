//===- InitialState.h - What a program's variables start from
//------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_PROGRAM_INITIALSTATE_H
#define FRAC_COMPILER_PROGRAM_INITIALSTATE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace frac {

/// Writes the values of all variables that do not start as zeros, each at its
/// offset (`frac-plan-state`), with zeros in the gaps. Fails after a diagnostic
/// if a variable's values cannot be had.
mlir::LogicalResult writeInitialState(mlir::ModuleOp module,
                                      llvm::raw_ostream &stream);

} // namespace frac

#endif // FRAC_COMPILER_PROGRAM_INITIALSTATE_H
