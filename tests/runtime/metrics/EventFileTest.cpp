//===- EventFileTest.cpp - TensorBoard event files, read back -------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/metrics/EventFile.h"
#include "runtime/support/Bytes.h"
#include "runtime/support/Checksum.h"
#include "tests/runtime/support/ErrorText.h"
#include "tests/runtime/support/TempFolder.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <map>

using namespace frac;
using namespace frac::test;

namespace {
/// A field of a message: an integer (wire types 0, 1, 5) or bytes.
struct Value {
  uint64_t number = 0;
  std::vector<unsigned char> bytes;
};
using Message = std::multimap<uint64_t, Value>;

uint64_t varint(ByteReader &in) {
  uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    auto byte = in.read<uint8_t>();
    value |= uint64_t{byte & 0x7fu} << shift;
    if (!(byte & 0x80))
      return value;
  }
}

Message parse(const std::vector<unsigned char> &bytes) {
  ByteReader in(bytes.data(), bytes.size());
  Message message;
  while (in.remaining()) {
    uint64_t tag = varint(in);
    Value value;
    switch (tag & 7) {
    case 0:
      value.number = varint(in);
      break;
    case 1:
      value.number = in.read<uint64_t>();
      break;
    case 2: {
      uint64_t size = varint(in);
      const unsigned char *begin = in.take(size);
      EXPECT_NE(begin, nullptr);
      value.bytes.assign(begin, begin + size);
      break;
    }
    default:
      value.number = in.read<uint32_t>();
    }
    message.emplace(tag >> 3, value);
  }
  EXPECT_TRUE(in.ok());
  return message;
}

/// The records of a file; both checksums of each are verified.
std::vector<Message> records(const std::vector<unsigned char> &bytes) {
  ByteReader in(bytes.data(), bytes.size());
  std::vector<Message> out;
  while (in.remaining()) {
    auto length = in.read<uint64_t>();
    EXPECT_EQ(in.read<uint32_t>(), maskedCrc32c(&length, 8));
    const unsigned char *begin = in.take(length);
    EXPECT_EQ(in.read<uint32_t>(), maskedCrc32c(begin, length));
    EXPECT_TRUE(in.ok());
    out.push_back(parse({begin, begin + length}));
  }
  return out;
}
} // namespace

TEST(EventFile, ReadsBack) {
  TempFolder folder;
  std::string path;
  {
    EventFile events(folder.path("logs/run 1"));
    path = events.path();
    events.write(300, {{"train/loss", 0.5f}, {"lr", 0.125f}});
    events.write(int64_t{1} << 40, {{"train/loss", -2.0f}});
    EventFile second(folder.path("logs/run 1"));
    EXPECT_NE(second.path(), path);
  }
  EXPECT_TRUE(contains(path, "/events.out.tfevents."));
  std::string name = path.substr(folder.path().size() + 1);
  std::vector<Message> events = records(folder.read(name));
  ASSERT_EQ(events.size(), 3u);
  const std::vector<unsigned char> &version = events[0].find(3)->second.bytes;
  EXPECT_EQ(std::string(version.begin(), version.end()), "brain.Event:2");
  EXPECT_EQ(events[1].find(2)->second.number, 300u);
  EXPECT_EQ(events[2].find(2)->second.number, uint64_t{1} << 40);

  Message summary = parse(events[1].find(5)->second.bytes);
  ASSERT_EQ(summary.count(1), 2u);
  Message scalar = parse(summary.find(1)->second.bytes);
  const std::vector<unsigned char> &tag = scalar.find(1)->second.bytes;
  EXPECT_EQ(std::string(tag.begin(), tag.end()), "train/loss");
  EXPECT_EQ(scalar.find(2)->second.number, 0x3f000000u); // 0.5f.
}

TEST(EventFile, SaysWhyThereIsNoFolder) {
  TempFolder folder;
  folder.write("file", {1});
  EXPECT_TRUE(contains(errorText([&] { EventFile(folder.path("file/logs")); }),
                       "cannot be made"));
}
