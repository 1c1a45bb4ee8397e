//===- ProgramObject.h - What an object file says of its program
//---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_NATIVE_PROGRAMOBJECT_H
#define FRAC_COMPILER_NATIVE_PROGRAMOBJECT_H

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

#include <string>

namespace frac {

/// The parts of the `frac_program` that an object exports as
/// `frac_compiled_program` (runtime/frac_runtime.h). Large parts are files: the
/// assembler includes them, so that they never become LLVM constants. The files
/// must exist until the object is emitted.
struct ProgramObject {
  /// JSON, see docs/program-metadata.md.
  std::string metadata;
  std::string initialStatePath;
  std::string modelPath;
  /// Names of functions in the module.
  std::string stepEntry = "step";
  std::string evalEntry = "eval";
  std::string gradEntry = "grad";
};

/// Adds the global `frac_compiled_program` to `module`. Fails if a file or an
/// entry is not there.
llvm::Error addProgramObject(llvm::Module &module,
                             const ProgramObject &program);

} // namespace frac

#endif // FRAC_COMPILER_NATIVE_PROGRAMOBJECT_H
