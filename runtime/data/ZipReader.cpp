//===- ZipReader.cpp - Reading zip archives -------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/ZipReader.h"

#include "runtime/support/Bytes.h"
#include "runtime/support/Error.h"

#include <algorithm>
#include <functional>
#include <zlib.h>

namespace frac {

namespace {
constexpr uint32_t endSignature = 0x06054b50;
constexpr uint32_t end64Signature = 0x06064b50;
constexpr uint32_t locator64Signature = 0x07064b50;
constexpr uint32_t directorySignature = 0x02014b50;
constexpr uint32_t localSignature = 0x04034b50;
/// A directory of more than this is refused.
constexpr uint64_t maxDirectoryBytes = 64u << 20;
} // namespace

[[noreturn]] static void damaged(const std::string &path) {
  fail(path, "is no readable zip archive; it is damaged or truncated, write it "
             "again with numpy.savez");
}

ZipReader::ZipReader(const std::string &path) : file(path) { readDirectory(); }

/// Replaces the sizes that did not fit 32 bits by those of the zip64 field.
static void readExtra(ZipMember &member, const unsigned char *extra,
                      size_t size) {
  ByteReader reader(extra, size);
  while (reader.remaining() >= 4) {
    auto id = reader.read<uint16_t>();
    auto length = reader.read<uint16_t>();
    const unsigned char *begin = reader.take(length);
    if (!begin)
      return;
    if (id != 1)
      continue;
    ByteReader field(begin, length);
    for (uint64_t *value :
         {&member.bytes, &member.compressedBytes, &member.headerOffset})
      if (*value == 0xffffffffu && field.remaining() >= 8)
        *value = field.read<uint64_t>();
  }
}

void ZipReader::readDirectory() {
  // The end record is 22 bytes and a comment of at most 65535.
  uint64_t tailSize = std::min<uint64_t>(file.size(), 22 + 65535 + 20);
  std::vector<unsigned char> tail(static_cast<size_t>(tailSize));
  file.readAt(file.size() - tailSize, tail.data(), tailSize);
  if (tail.size() < 22)
    damaged(path());
  size_t end = tail.size() - 22;
  auto signatureAt = [&](size_t at) {
    return ByteReader(tail.data() + at, tail.size() - at).read<uint32_t>();
  };
  while (signatureAt(end) != endSignature) {
    if (end == 0)
      damaged(path());
    --end;
  }
  ByteReader record(tail.data() + end, tail.size() - end);
  record.take(10);
  uint64_t entries = record.read<uint16_t>();
  uint64_t size = record.read<uint32_t>();
  uint64_t offset = record.read<uint32_t>();
  if (end >= 20 && signatureAt(end - 20) == locator64Signature) {
    ByteReader locator(tail.data() + end - 20, 20);
    locator.take(8);
    uint64_t place = locator.read<uint64_t>();
    std::vector<unsigned char> bytes(56);
    file.readAt(place, bytes.data(), bytes.size());
    ByteReader record64(bytes.data(), bytes.size());
    if (record64.read<uint32_t>() != end64Signature)
      damaged(path());
    record64.take(28);
    entries = record64.read<uint64_t>();
    size = record64.read<uint64_t>();
    offset = record64.read<uint64_t>();
  }
  if (size > maxDirectoryBytes || entries > size / 46)
    damaged(path());

  std::vector<unsigned char> directory(
      static_cast<size_t>(std::min<uint64_t>(size, file.size())));
  file.readAt(offset, directory.data(), size);
  ByteReader reader(directory.data(), directory.size());
  for (uint64_t i = 0; i < entries; ++i) {
    ZipMember member;
    auto signature = reader.read<uint32_t>();
    reader.take(4);
    auto flags = reader.read<uint16_t>();
    member.method = reader.read<uint16_t>();
    reader.take(4);
    member.crc = reader.read<uint32_t>();
    member.compressedBytes = reader.read<uint32_t>();
    member.bytes = reader.read<uint32_t>();
    auto nameLength = reader.read<uint16_t>();
    auto extraLength = reader.read<uint16_t>();
    auto commentLength = reader.read<uint16_t>();
    reader.take(8);
    member.headerOffset = reader.read<uint32_t>();
    const unsigned char *name = reader.take(nameLength);
    const unsigned char *extra = reader.take(extraLength);
    reader.take(commentLength);
    if (!reader.ok() || signature != directorySignature)
      damaged(path());
    member.name.assign(reinterpret_cast<const char *>(name), nameLength);
    readExtra(member, extra, extraLength);
    if (flags & 1)
      fail(path(), "holds an encrypted file; store it without a password");
    if (member.method != 0 && member.method != 8)
      fail(path(), "holds '" + printable(member.name) +
                       "' in compression method " +
                       std::to_string(member.method) +
                       "; write it with numpy.savez or savez_compressed");
    if (member.method == 0 && member.bytes != member.compressedBytes)
      damaged(path());
    // Deflate cannot shrink by more than 1032 to 1.
    if (member.compressedBytes > file.size() ||
        member.bytes / 1032 > member.compressedBytes)
      damaged(path());
    list.push_back(std::move(member));
  }
}

const ZipMember *ZipReader::find(const std::string &name) const {
  for (const ZipMember &member : list)
    if (member.name == name)
      return &member;
  return nullptr;
}

uint64_t ZipReader::dataOffset(const ZipMember &member) const {
  unsigned char bytes[30];
  file.readAt(member.headerOffset, bytes, sizeof bytes);
  ByteReader reader(bytes, sizeof bytes);
  if (reader.read<uint32_t>() != localSignature)
    damaged(path());
  reader.take(22);
  uint64_t nameLength = reader.read<uint16_t>();
  uint64_t extraLength = reader.read<uint16_t>();
  return member.headerOffset + sizeof bytes + nameLength + extraLength;
}

namespace {
/// Inflates a raw deflate stream from a file, piece by piece.
class Inflater {
public:
  Inflater(const InputFile &file, uint64_t offset, uint64_t size)
      : file(file), offset(offset), left(size), buffer(1 << 16) {
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
      fail(file.path(), "cannot be decompressed: out of memory");
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater &) = delete;
  Inflater &operator=(const Inflater &) = delete;

  void read(unsigned char *out, uint64_t count) {
    while (count) {
      auto chunk = static_cast<uInt>(std::min<uint64_t>(count, 1u << 30));
      stream.next_out = out;
      stream.avail_out = chunk;
      fill();
      int status = inflate(&stream, Z_NO_FLUSH);
      uint64_t got = chunk - stream.avail_out;
      out += got;
      count -= got;
      bool stuck = got == 0 && stream.avail_in == 0 && left == 0;
      if ((status != Z_OK && status != Z_STREAM_END) || stuck ||
          (status == Z_STREAM_END && count))
        fail(file.path(), "cannot be decompressed; the file is damaged, write "
                          "it again");
    }
  }

private:
  void fill() {
    if (stream.avail_in || !left)
      return;
    uint64_t chunk = std::min<uint64_t>(left, buffer.size());
    file.readAt(offset, buffer.data(), chunk);
    offset += chunk;
    left -= chunk;
    stream.next_in = buffer.data();
    stream.avail_in = static_cast<uInt>(chunk);
  }

  const InputFile &file;
  uint64_t offset;
  uint64_t left;
  std::vector<unsigned char> buffer;
  z_stream stream{};
};
} // namespace

/// A function that delivers the next bytes of a member.
using MemberSource = std::function<void(unsigned char *, uint64_t)>;

static MemberSource openMember(const InputFile &file, const ZipMember &member,
                               uint64_t offset) {
  if (offset > file.size() || member.compressedBytes > file.size() - offset)
    damaged(file.path());
  if (member.method == 0)
    return [&file, offset](unsigned char *out, uint64_t count) mutable {
      file.readAt(offset, out, count);
      offset += count;
    };
  auto inflater =
      std::make_shared<Inflater>(file, offset, member.compressedBytes);
  return [inflater](unsigned char *out, uint64_t count) {
    inflater->read(out, count);
  };
}

std::vector<unsigned char> ZipReader::readPrefix(const ZipMember &member,
                                                 uint64_t limit) const {
  MemberSource source = openMember(file, member, dataOffset(member));
  std::vector<unsigned char> out(
      static_cast<size_t>(std::min<uint64_t>(limit, member.bytes)));
  source(out.data(), out.size());
  return out;
}

std::vector<unsigned char> ZipReader::read(const ZipMember &member,
                                           uint64_t skip) const {
  MemberSource source = openMember(file, member, dataOffset(member));
  skip = std::min(skip, member.bytes);
  std::vector<unsigned char> skipped(static_cast<size_t>(skip));
  source(skipped.data(), skip);
  uLong crc = crc32_z(0, skipped.data(), skipped.size());
  std::vector<unsigned char> out(static_cast<size_t>(member.bytes - skip));
  source(out.data(), out.size());
  if (!out.empty())
    crc = crc32_z(crc, out.data(), out.size());
  if (crc != member.crc)
    fail(path(), "has a wrong checksum in '" + printable(member.name) +
                     "'; the file is damaged, write it again");
  return out;
}

} // namespace frac
