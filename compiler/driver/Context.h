//===- Context.h - MLIR as every command needs it ------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_DRIVER_CONTEXT_H
#define FRAC_COMPILER_DRIVER_CONTEXT_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>

namespace frac {

/// A context with all dialects, interfaces and translations that compilation
/// uses.
std::unique_ptr<mlir::MLIRContext> createCompilerContext();

/// Prints MLIR's diagnostics as `MODEL: error: node 'NAME' (op): what is wrong`
/// for as long as it lives.
class ModelDiagnosticHandler : public mlir::ScopedDiagnosticHandler {
public:
  ModelDiagnosticHandler(mlir::MLIRContext &context, llvm::StringRef model);
};

/// Prints an error on stderr, each of its lines with "error: " unless the line
/// has that already.
void printErrors(llvm::Error error);

} // namespace frac

#endif // FRAC_COMPILER_DRIVER_CONTEXT_H
