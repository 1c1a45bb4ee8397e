//===- TemporaryFolder.h - A folder that goes when its owner goes --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_DRIVER_TEMPORARYFOLDER_H
#define FRAC_COMPILER_DRIVER_TEMPORARYFOLDER_H

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"

#include <string>

namespace frac {

/// A new empty folder in the system's place for temporary files, removed with
/// all it holds at the end of the object's life.
class TemporaryFolder {
public:
  static llvm::Expected<TemporaryFolder> create();

  TemporaryFolder(TemporaryFolder &&other);
  TemporaryFolder &operator=(TemporaryFolder &&) = delete;
  ~TemporaryFolder();

  /// The path of a file of this name in the folder.
  std::string getPath(llvm::StringRef name) const;

private:
  TemporaryFolder() = default;

  llvm::SmallString<128> path;
};

} // namespace frac

#endif // FRAC_COMPILER_DRIVER_TEMPORARYFOLDER_H
