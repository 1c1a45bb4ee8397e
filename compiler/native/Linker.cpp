//===- Linker.cpp - From an object to an executable
//----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/native/Linker.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

using namespace llvm;

/// The library that every executable is linked with.
static constexpr StringRef runtimeLibrary = "libFracRuntime.a";

Expected<std::string> frac::findRuntimeLibraryDir(const char *argv0) {
  static int anchor = 0;
  SmallString<256> path(sys::fs::getMainExecutable(argv0, &anchor));
  sys::path::remove_filename(path);
  sys::path::append(path, "..", "lib");
  sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  SmallString<256> library(path);
  sys::path::append(library, runtimeLibrary);
  if (!sys::fs::exists(library))
    return createStringError("the runtime library " + library +
                             " is missing; build or install the target "
                             "FracRuntime");
  return path.str().str();
}

/// The first of the usual linker drivers that is on PATH.
static Expected<std::string> findLinkerDriver() {
  for (StringRef name : {"c++", "g++", "clang++", "clang++-22"})
    if (ErrorOr<std::string> path = sys::findProgramByName(name))
      return *path;
  return createStringError("no linker found: install g++ (or clang++) and make "
                           "sure that it is on PATH");
}

Error frac::linkExecutable(StringRef objectPath, StringRef outputPath,
                           StringRef runtimeLibraryDir) {
  Expected<std::string> driver = findLinkerDriver();
  if (!driver)
    return driver.takeError();

  // Renaming would put the executable in the place of a device or a pipe.
  if (sys::fs::exists(outputPath) && !sys::fs::is_regular_file(outputPath))
    return createStringError(outputPath +
                             ": error: is no regular file; give the "
                             "executable another name with -o");

  // The executable is written beside its place and renamed, and the linker's
  // words are kept for the case that it fails.
  std::string temporary =
      (outputPath + ".tmp" + Twine(sys::Process::getProcessId())).str();
  SmallString<128> log;
  if (std::error_code error =
          sys::fs::createTemporaryFile("frac-link", "log", log))
    return createStringError("cannot create a temporary file: " +
                             error.message());
  llvm::scope_exit cleanUp([&] {
    (void)sys::fs::remove(temporary);
    (void)sys::fs::remove(log);
  });

  SmallString<256> library(runtimeLibraryDir);
  sys::path::append(library, runtimeLibrary);
  SmallVector<StringRef> arguments = {
      *driver,  "-o",     temporary, objectPath, library,
      "-ldnnl", "-lgomp", "-lz",     "-lm",      "-lpthread"};
#ifdef FRAC_SANITIZE
  arguments.push_back(FRAC_SANITIZE);
#endif
  std::optional<StringRef> redirects[] = {StringRef(""), log.str(), log.str()};
  std::string message;
  int status = sys::ExecuteAndWait(*driver, arguments, std::nullopt, redirects,
                                   0, 0, &message);
  if (status != 0) {
    if (auto buffer = MemoryBuffer::getFile(log); message.empty() && buffer)
      message = (*buffer)->getBuffer().trim().take_back(2000).str();
    return createStringError("linking " + outputPath + " failed: " + message);
  }
  if (std::error_code error = sys::fs::rename(temporary, outputPath))
    return createStringError(outputPath +
                             ": error: cannot be written: " + error.message());
  return Error::success();
}
