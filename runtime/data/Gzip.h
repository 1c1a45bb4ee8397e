//===- Gzip.h - Files that may be compressed with gzip ----------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_DATA_GZIP_H
#define FRAC_RUNTIME_DATA_GZIP_H

#include <cstdint>
#include <string>
#include <vector>

namespace frac {

/// Reads a plain or gzip-compressed file from its beginning to its end. Memory
/// grows with what is really there, not with what a header claims.
class MaybeGzipFile {
public:
  explicit MaybeGzipFile(const std::string &path);
  ~MaybeGzipFile();
  MaybeGzipFile(const MaybeGzipFile &) = delete;
  MaybeGzipFile &operator=(const MaybeGzipFile &) = delete;

  /// The next `count` bytes; Error if the file has fewer.
  std::vector<unsigned char> read(uint64_t count);

  /// Error if anything follows, or if the compressed stream's checksum is
  /// wrong.
  void expectEnd();

private:
  /// Up to `count` bytes into `buffer`; fewer only at the end.
  uint64_t readSome(unsigned char *buffer, uint64_t count);

  std::string path;
  uint64_t fileBytes = 0;
  void *file = nullptr;
};

} // namespace frac

#endif // FRAC_RUNTIME_DATA_GZIP_H
