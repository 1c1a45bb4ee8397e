//===- TemporaryFolder.cpp - A folder that goes when its owner goes ------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/TemporaryFolder.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace frac;

Expected<TemporaryFolder> TemporaryFolder::create() {
  TemporaryFolder folder;
  if (std::error_code error =
          sys::fs::createUniqueDirectory("fracc", folder.path))
    return createStringError("cannot create a temporary folder: " +
                             error.message());
  return folder;
}

TemporaryFolder::TemporaryFolder(TemporaryFolder &&other)
    : path(std::move(other.path)) {
  other.path.clear();
}

TemporaryFolder::~TemporaryFolder() {
  if (!path.empty())
    (void)sys::fs::remove_directories(path, /*IgnoreErrors=*/true);
}

std::string TemporaryFolder::getPath(StringRef name) const {
  SmallString<128> file(path);
  sys::path::append(file, name);
  return file.str().str();
}
