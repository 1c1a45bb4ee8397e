//===- Linker.h - From an object to an executable
//------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_NATIVE_LINKER_H
#define FRAC_COMPILER_NATIVE_LINKER_H

#include "llvm/Support/Error.h"

#include <string>

namespace frac {

/// The folder with `libFracRuntime.a`, `../lib` of the folder of the running
/// program `argv0`.
llvm::Expected<std::string> findRuntimeLibraryDir(const char *argv0);

/// Links the object at `objectPath` with the runtime into an executable. It
/// appears at `outputPath` whole or not at all. Uses the system's C++ compiler
/// as the linker driver.
llvm::Error linkExecutable(llvm::StringRef objectPath,
                           llvm::StringRef outputPath,
                           llvm::StringRef runtimeLibraryDir);

} // namespace frac

#endif // FRAC_COMPILER_NATIVE_LINKER_H
