//===- NpzWriter.cpp - Writing NumPy archives -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/NpzFile.h"
#include "runtime/support/Bytes.h"
#include "runtime/support/Error.h"
#include "runtime/support/Files.h"

#include <zlib.h>

namespace frac {

namespace {
constexpr uint16_t zip64Version = 45;
/// 1 January 1980, the earliest date of a zip file: archives of the same arrays
/// are the same bytes.
constexpr uint16_t date = 1 << 5 | 1;

struct Placed {
  const NpzEntry *entry;
  std::vector<unsigned char> header;
  uint64_t dataBytes;
  uint64_t offset;
  uint32_t crc;

  uint64_t bytes() const { return header.size() + dataBytes; }
  std::string fileName() const { return entry->name + ".npy"; }
};
} // namespace

/// The fields that the local header and the directory share.
static void writeCommon(ByteWriter &out, const Placed &file,
                        uint16_t extraBytes) {
  out.write<uint16_t>(zip64Version);
  out.write<uint16_t>(1 << 11); // The name is UTF-8.
  out.write<uint16_t>(0);       // Stored.
  out.write<uint16_t>(0);
  out.write<uint16_t>(date);
  out.write<uint32_t>(file.crc);
  out.write<uint32_t>(0xffffffffu); // Sizes are in the zip64 field.
  out.write<uint32_t>(0xffffffffu);
  out.write<uint16_t>(static_cast<uint16_t>(file.fileName().size()));
  out.write<uint16_t>(extraBytes);
}

static std::vector<unsigned char> localHeader(const Placed &file) {
  ByteWriter out;
  out.write<uint32_t>(0x04034b50);
  writeCommon(out, file, 20);
  std::string name = file.fileName();
  out.append(name.data(), name.size());
  out.write<uint16_t>(1);
  out.write<uint16_t>(16);
  out.write<uint64_t>(file.bytes());
  out.write<uint64_t>(file.bytes());
  return std::move(out.bytes);
}

static void directoryEntry(ByteWriter &out, const Placed &file) {
  out.write<uint32_t>(0x02014b50);
  out.write<uint16_t>(zip64Version);
  writeCommon(out, file, 28);
  out.write<uint16_t>(0); // Comment.
  out.write<uint16_t>(0); // Disk.
  out.write<uint16_t>(0);
  out.write<uint32_t>(0);
  out.write<uint32_t>(0xffffffffu);
  std::string name = file.fileName();
  out.append(name.data(), name.size());
  out.write<uint16_t>(1);
  out.write<uint16_t>(24);
  out.write<uint64_t>(file.bytes());
  out.write<uint64_t>(file.bytes());
  out.write<uint64_t>(file.offset);
}

static void endRecords(ByteWriter &out, uint64_t entries, uint64_t size,
                       uint64_t offset) {
  out.write<uint32_t>(0x06064b50);
  out.write<uint64_t>(44);
  out.write<uint16_t>(zip64Version);
  out.write<uint16_t>(zip64Version);
  out.write<uint32_t>(0);
  out.write<uint32_t>(0);
  out.write<uint64_t>(entries);
  out.write<uint64_t>(entries);
  out.write<uint64_t>(size);
  out.write<uint64_t>(offset);
  out.write<uint32_t>(0x07064b50);
  out.write<uint32_t>(0);
  out.write<uint64_t>(offset + size);
  out.write<uint32_t>(1);
  out.write<uint32_t>(0x06054b50);
  out.write<uint32_t>(0);
  out.write<uint16_t>(0xffff);
  out.write<uint16_t>(0xffff);
  out.write<uint32_t>(0xffffffffu);
  out.write<uint32_t>(0xffffffffu);
  out.write<uint16_t>(0);
}

void writeNpz(const std::string &path, const std::vector<NpzEntry> &entries) {
  std::vector<Placed> files;
  std::vector<std::vector<unsigned char>> headers;
  uint64_t offset = 0;
  for (const NpzEntry &entry : entries) {
    if (entry.name.size() > 60000)
      fail(path, "the array name '" + printable(entry.name) +
                     "' is too long for a zip archive");
    Placed file;
    file.entry = &entry;
    file.header = makeNpyHeader(entry.type, entry.shape);
    file.dataBytes =
        static_cast<uint64_t>(elementCount(entry.shape) * sizeOf(entry.type));
    file.offset = offset;
    uLong crc = crc32_z(0, file.header.data(), file.header.size());
    if (file.dataBytes)
      crc =
          crc32_z(crc, static_cast<const Bytef *>(entry.data), file.dataBytes);
    file.crc = static_cast<uint32_t>(crc);
    headers.push_back(localHeader(file));
    offset += headers.back().size() + file.bytes();
    files.push_back(std::move(file));
  }

  ByteWriter directory;
  for (const Placed &file : files)
    directoryEntry(directory, file);
  uint64_t directoryBytes = directory.bytes.size();
  endRecords(directory, files.size(), directoryBytes, offset);

  std::vector<ByteRange> parts;
  for (size_t i = 0; i < files.size(); ++i) {
    parts.emplace_back(headers[i].data(), headers[i].size());
    parts.emplace_back(files[i].header.data(), files[i].header.size());
    parts.emplace_back(files[i].entry->data, files[i].dataBytes);
  }
  parts.emplace_back(directory.bytes.data(), directory.bytes.size());
  writeFileAtomically(path, parts);
}

} // namespace frac
