//===- OutputFile.h - A file that appears whole or not at all ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_DRIVER_OUTPUTFILE_H
#define FRAC_COMPILER_DRIVER_OUTPUTFILE_H

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <string>

namespace frac {

/// A file that is written beside its place and put there by `commit`. Without a
/// commit nothing is left behind. An empty path is standard output. What is not
/// a regular file (a device, a pipe) stays what it is and is written to
/// directly.
class OutputFile {
public:
  explicit OutputFile(llvm::StringRef path);
  ~OutputFile();

  /// Where to write to.
  llvm::raw_pwrite_stream &getStream();

  /// Puts the file in its place. The error names the file and what is wrong;
  /// errors of opening and writing are reported here too.
  llvm::Error commit();

private:
  std::string path;
  std::string temporary;
  std::error_code openError;
  std::optional<llvm::raw_fd_ostream> stream;
  llvm::raw_null_ostream discarded;
  bool isCommitted = false;
};

} // namespace frac

#endif // FRAC_COMPILER_DRIVER_OUTPUTFILE_H
