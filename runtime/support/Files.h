//===- Files.h - Bounded reading and atomic writing of files ----*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_SUPPORT_FILES_H
#define FRAC_RUNTIME_SUPPORT_FILES_H

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace frac {

bool fileExists(const std::string &path);
bool isDirectory(const std::string &path);

/// A regular file, open for reading at any place. All failures throw Error with
/// the path as subject.
class InputFile {
public:
  explicit InputFile(const std::string &path);
  ~InputFile();
  InputFile(const InputFile &) = delete;
  InputFile &operator=(const InputFile &) = delete;

  const std::string &path() const { return name; }
  uint64_t size() const { return bytes; }

  /// Reads exactly `count` bytes from `offset` on.
  void readAt(uint64_t offset, void *buffer, uint64_t count) const;

private:
  std::string name;
  uint64_t bytes = 0;
  int descriptor = -1;
};

/// The whole of a regular file.
std::vector<unsigned char> readFile(const std::string &path);

/// A part of a file that is to be written: address and number of bytes.
using ByteRange = std::pair<const void *, uint64_t>;

/// Writes `parts`, one after the other, so that `path` holds either what it
/// held before or all of the new bytes, even when the machine stops in between:
/// a temporary file in the same folder, flushed to the disk, takes the name.
/// What is not a regular file (/dev/stdout, a pipe) is written to directly.
void writeFileAtomically(const std::string &path,
                         const std::vector<ByteRange> &parts);

/// Throws the Error that `writeFileAtomically` would meet because the folder is
/// missing or not writable: to be found before training, not after it.
void checkWritable(const std::string &path);

} // namespace frac

#endif // FRAC_RUNTIME_SUPPORT_FILES_H
