//===- Gzip.cpp - Files that may be compressed with gzip ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/Gzip.h"

#include "runtime/support/Error.h"
#include "runtime/support/Files.h"

#include <algorithm>
#include <zlib.h>

namespace frac {

MaybeGzipFile::MaybeGzipFile(const std::string &path) : path(path) {
  // For its messages: zlib does not say why it could not open a file.
  fileBytes = InputFile(path).size();
  file = gzopen(path.c_str(), "rb");
  if (!file)
    fail(path, "cannot be opened");
  gzbuffer(static_cast<gzFile>(file), 1 << 17);
}

MaybeGzipFile::~MaybeGzipFile() {
  if (file)
    gzclose_r(static_cast<gzFile>(file));
}

uint64_t MaybeGzipFile::readSome(unsigned char *buffer, uint64_t count) {
  uint64_t done = 0;
  while (done < count) {
    auto chunk =
        static_cast<unsigned>(std::min<uint64_t>(count - done, 1u << 24));
    int got = gzread(static_cast<gzFile>(file), buffer + done, chunk);
    if (got < 0) {
      int code = 0;
      std::string message = gzerror(static_cast<gzFile>(file), &code);
      fail(path, "cannot be decompressed (" + printable(message) +
                     "); the file is damaged, get it again");
    }
    if (got == 0)
      break;
    done += static_cast<uint64_t>(got);
  }
  return done;
}

std::vector<unsigned char> MaybeGzipFile::read(uint64_t count) {
  // Deflate shrinks by at most 1032 to 1; what claims more is not there.
  std::vector<unsigned char> bytes;
  if (count / 1032 <= fileBytes)
    bytes.reserve(static_cast<size_t>(count));
  constexpr uint64_t step = uint64_t{1} << 24;
  while (bytes.size() < count) {
    uint64_t before = bytes.size();
    uint64_t want = std::min<uint64_t>(count - before, step);
    bytes.resize(static_cast<size_t>(before + want));
    uint64_t got = readSome(bytes.data() + before, want);
    if (got < want)
      fail(path, "ends after " + std::to_string(before + got) + " of " +
                     std::to_string(count) +
                     " bytes; the file is truncated, get it again");
  }
  return bytes;
}

void MaybeGzipFile::expectEnd() {
  unsigned char extra;
  if (readSome(&extra, 1) != 0)
    fail(path, "is longer than its header says; the file is damaged, get it "
               "again");
  int code = Z_OK;
  gzerror(static_cast<gzFile>(file), &code);
  if (code != Z_OK && code != Z_STREAM_END)
    fail(path, "is truncated; get it again");
}

} // namespace frac
