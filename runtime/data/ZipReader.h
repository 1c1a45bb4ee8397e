//===- ZipReader.h - Reading zip archives -----------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_DATA_ZIPREADER_H
#define FRAC_RUNTIME_DATA_ZIPREADER_H

#include "runtime/support/Files.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace frac {

/// A file inside an archive.
struct ZipMember {
  std::string name;
  /// 0 stored, 8 deflated.
  uint16_t method = 0;
  uint32_t crc = 0;
  uint64_t compressedBytes = 0;
  uint64_t bytes = 0;
  uint64_t headerOffset = 0;
};

/// A zip archive as NumPy writes it (PKWARE's APPNOTE 6.3: stored and deflated
/// members, zip64; no encryption, one disk). Errors have the path as subject.
class ZipReader {
public:
  explicit ZipReader(const std::string &path);

  const std::string &path() const { return file.path(); }
  const std::vector<ZipMember> &members() const { return list; }

  /// The member of that name, or null.
  const ZipMember *find(const std::string &name) const;

  /// The first `limit` bytes of a member, or all if it has fewer.
  std::vector<unsigned char> readPrefix(const ZipMember &member,
                                        uint64_t limit) const;

  /// All of a member; `skip` bytes at its beginning are left out. Checks the
  /// checksum.
  std::vector<unsigned char> read(const ZipMember &member, uint64_t skip) const;

private:
  void readDirectory();
  /// Where the bytes of a member begin.
  uint64_t dataOffset(const ZipMember &member) const;

  InputFile file;
  std::vector<ZipMember> list;
};

} // namespace frac

#endif // FRAC_RUNTIME_DATA_ZIPREADER_H
