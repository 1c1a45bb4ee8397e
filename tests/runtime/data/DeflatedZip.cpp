//===- DeflatedZip.cpp - Compressed archives ------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/data/DeflatedZip.h"

#include "runtime/support/Bytes.h"

#include <zlib.h>

namespace frac::test {

/// A raw deflate stream.
static std::vector<unsigned char>
deflateAll(const std::vector<unsigned char> &bytes) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::vector<unsigned char> out(deflateBound(&stream, bytes.size()) + 16);
  stream.next_in = const_cast<unsigned char *>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::vector<unsigned char> deflatedZip(
    const std::vector<std::pair<std::string, std::vector<unsigned char>>>
        &files) {
  ByteWriter out, directory;
  for (const auto &file : files) {
    std::vector<unsigned char> packed = deflateAll(file.second);
    auto common = [&](ByteWriter &writer) {
      writer.write<uint16_t>(20);
      writer.write<uint16_t>(0);
      writer.write<uint16_t>(8);
      writer.write<uint32_t>(0);
      writer.write(static_cast<uint32_t>(
          crc32(0, file.second.data(), static_cast<uInt>(file.second.size()))));
      writer.write(static_cast<uint32_t>(packed.size()));
      writer.write(static_cast<uint32_t>(file.second.size()));
      writer.write(static_cast<uint16_t>(file.first.size()));
      writer.write<uint16_t>(0);
    };
    auto offset = static_cast<uint32_t>(out.bytes.size());
    out.write<uint32_t>(0x04034b50);
    common(out);
    out.append(file.first.data(), file.first.size());
    out.append(packed.data(), packed.size());
    directory.write<uint32_t>(0x02014b50);
    directory.write<uint16_t>(20);
    common(directory);
    directory.write<uint16_t>(0);
    directory.write<uint16_t>(0);
    directory.write<uint16_t>(0);
    directory.write<uint32_t>(0);
    directory.write(offset);
    directory.append(file.first.data(), file.first.size());
  }
  auto start = static_cast<uint32_t>(out.bytes.size());
  out.append(directory.bytes.data(), directory.bytes.size());
  out.write<uint32_t>(0x06054b50);
  out.write<uint32_t>(0);
  out.write(static_cast<uint16_t>(files.size()));
  out.write(static_cast<uint16_t>(files.size()));
  out.write(static_cast<uint32_t>(directory.bytes.size()));
  out.write(start);
  out.write<uint16_t>(0);
  return out.bytes;
}

} // namespace frac::test
