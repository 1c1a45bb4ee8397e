//===- SupportTest.cpp - Checksums, random numbers, files -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/support/Checksum.h"
#include "runtime/support/Files.h"
#include "runtime/support/Random.h"
#include "tests/runtime/support/ErrorText.h"
#include "tests/runtime/support/TempFolder.h"

#include <csignal>
#include <cstring>
#include <gtest/gtest.h>
#include <numeric>
#include <sys/resource.h>
#include <unistd.h>

using namespace frac;
using namespace frac::test;

TEST(Checksum, KnownValues) {
  // From RFC 3720, B.4, and the usual check value.
  EXPECT_EQ(crc32c("123456789", 9), 0xE3069283u);
  std::vector<unsigned char> bytes(32, 0);
  EXPECT_EQ(crc32c(bytes.data(), bytes.size()), 0x8A9136AAu);
  std::iota(bytes.begin(), bytes.end(), 0);
  EXPECT_EQ(crc32c(bytes.data(), bytes.size()), 0x46DD794Eu);
}

TEST(Checksum, PiecesAreTheWhole) {
  std::vector<unsigned char> bytes(1000);
  std::iota(bytes.begin(), bytes.end(), 0);
  uint32_t whole = crc32c(bytes.data(), bytes.size());
  for (size_t cut : {0, 1, 7, 8, 9, 500, 999, 1000})
    EXPECT_EQ(crc32c(bytes.data() + cut, bytes.size() - cut,
                     crc32c(bytes.data(), cut)),
              whole);
}

TEST(Random, PhiloxKnownAnswers) {
  // From Random123's known-answer tests: philox4x32, 10 rounds. The stream is
  // the last word of the counter.
  auto words = randomWords(0, static_cast<RandomStream>(0), 0, 0);
  EXPECT_EQ(words[0], 0x6627e8d5u);
  EXPECT_EQ(words[1], 0xe169c58du);
  EXPECT_EQ(words[2], 0xbc57ac4cu);
  EXPECT_EQ(words[3], 0x9b00dbd8u);
  words = randomWords(~uint64_t{0}, static_cast<RandomStream>(~0u), ~0u,
                      ~uint64_t{0});
  EXPECT_EQ(words[0], 0x408f276du);
  EXPECT_EQ(words[1], 0x41c83b0eu);
  EXPECT_EQ(words[2], 0xa20bc7c6u);
  EXPECT_EQ(words[3], 0x6d5451fdu);
}

TEST(Files, WriteReplacesTheWholeFile) {
  TempFolder folder;
  std::string path = folder.write("a", {1, 2, 3, 4, 5});
  unsigned char first[] = {9}, second[] = {8, 7};
  writeFileAtomically(path, {{first, 1}, {second, 2}});
  EXPECT_EQ(folder.read("a"), (std::vector<unsigned char>{9, 8, 7}));
  EXPECT_FALSE(fileExists(path + ".tmp"));
}

TEST(Files, LinkStaysALink) {
  TempFolder folder;
  folder.write("real", {1});
  ASSERT_EQ(::symlink(folder.path("real").c_str(), folder.path("link").c_str()),
            0);
  unsigned char byte = 2;
  writeFileAtomically(folder.path("link"), {{&byte, 1}});
  EXPECT_EQ(folder.read("real"), (std::vector<unsigned char>{2}));
}

TEST(Files, FullDiskLeavesTheOldFile) {
  TempFolder folder;
  std::string path = folder.write("a", {1, 2, 3});
  std::vector<unsigned char> large(1 << 16, 7);
  // A limit on the size of files fails like a full disk, in the middle.
  struct rlimit old, small;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  small = old;
  small.rlim_cur = 4096;
  auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  std::string text = errorText([&] {
    writeFileAtomically(path, {{large.data(), large.size()}});
  });
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);
  EXPECT_TRUE(contains(text, path + ": error: cannot be written")) << text;
  EXPECT_EQ(folder.read("a"), (std::vector<unsigned char>{1, 2, 3}));
  EXPECT_FALSE(fileExists(path + ".tmp"));
}

TEST(Files, SaysWhatIsWrong) {
  TempFolder folder;
  EXPECT_TRUE(contains(errorText([&] { readFile(folder.path("none")); }),
                       "cannot be opened: no such file"));
  EXPECT_TRUE(contains(errorText([&] { readFile(folder.path()); }),
                       "not a regular file"));
  EXPECT_TRUE(contains(errorText([&] { checkWritable(folder.path("a/b")); }),
                       "there is no folder"));
  EXPECT_TRUE(contains(errorText([&] { checkWritable(folder.path()); }),
                       "is a folder"));
  EXPECT_EQ(errorText([&] { checkWritable(folder.path("new")); }), "no error");
}

TEST(Error, IsOneLine) {
  EXPECT_EQ(errorText([] { fail("a\nb", "c\td\x1b[31m"); }),
            "a?b: error: c?d?[31m");
  EXPECT_EQ(printable(std::string(1000, 'x')).size(), 203u);
}
