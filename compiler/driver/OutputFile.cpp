//===- OutputFile.cpp - A file that appears whole or not at all ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/OutputFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"

#include <unistd.h>

using namespace llvm;
using namespace frac;

OutputFile::OutputFile(StringRef path) : path(path.str()) {
  if (path.empty()) {
    stream.emplace(STDOUT_FILENO, /*shouldClose=*/false);
    return;
  }
  sys::fs::file_status status;
  bool isSpecial = !sys::fs::status(path, status) &&
                   status.type() != sys::fs::file_type::regular_file;
  if (!isSpecial)
    temporary =
        this->path + ".tmp" + std::to_string(sys::Process::getProcessId());
  stream.emplace(isSpecial ? this->path : temporary, openError);
}

OutputFile::~OutputFile() {
  // An error that nobody asked for must not end the program.
  stream->clear_error();
  stream.reset();
  if (!isCommitted && !temporary.empty() && !openError)
    (void)sys::fs::remove(temporary);
}

raw_pwrite_stream &OutputFile::getStream() {
  // What is written to a file that could not be opened goes nowhere; commit
  // says so.
  if (openError)
    return discarded;
  return *stream;
}

Error OutputFile::commit() {
  auto fail = [&](std::error_code error) {
    return createStringError((path.empty() ? "standard output" : path) +
                             ": error: cannot be written: " + error.message());
  };
  if (openError) {
    stream->clear_error();
    return fail(openError);
  }
  stream->flush();
  if (std::error_code error = stream->error()) {
    stream->clear_error();
    return fail(error);
  }
  if (!temporary.empty()) {
    stream->close();
    if (std::error_code error = stream->error()) {
      stream->clear_error();
      return fail(error);
    }
    if (std::error_code error = sys::fs::rename(temporary, path))
      return fail(error);
  }
  isCommitted = true;
  return Error::success();
}
