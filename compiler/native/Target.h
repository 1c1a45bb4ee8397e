//===- Target.h - LLVM's optimizer and code generator
//--------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_NATIVE_TARGET_H
#define FRAC_COMPILER_NATIVE_TARGET_H

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>

namespace frac {

/// A target machine for this system's architecture and the CPU `cpu`: "native"
/// or a name that LLVM knows. The error of an unknown name lists the known
/// ones.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(llvm::StringRef cpu);

/// Sets triple and data layout of `module`, and gives its functions the CPU
/// and the features of `machine`.
void prepareForTarget(llvm::Module &module, llvm::TargetMachine &machine);

/// Optimizes at -O3 with loop vectorization.
void optimizeModule(llvm::Module &module, llvm::TargetMachine &machine);

/// Writes a relocatable object. The module is changed by code generation and
/// of no further use.
llvm::Error emitObject(llvm::Module &module, llvm::TargetMachine &machine,
                       llvm::raw_pwrite_stream &stream);

} // namespace frac

#endif // FRAC_COMPILER_NATIVE_TARGET_H
