//===- NpzTest.cpp - NumPy archives ---------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/NpzFile.h"
#include "tests/runtime/data/DeflatedZip.h"
#include "tests/runtime/data/Fixtures.h"
#include "tests/runtime/support/ErrorText.h"
#include "tests/runtime/support/TempFolder.h"

#include <cstring>
#include <gtest/gtest.h>

using namespace frac;
using namespace frac::test;

namespace {
/// An .npy file with any header text.
std::vector<unsigned char> npyBytes(const std::string &text,
                                    const std::vector<unsigned char> &data) {
  std::vector<unsigned char> out = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  out.push_back(static_cast<unsigned char>(text.size() & 0xff));
  out.push_back(static_cast<unsigned char>(text.size() >> 8));
  out.insert(out.end(), text.begin(), text.end());
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

std::string header(const std::string &type, const std::string &shape,
                   const std::string &order = "False") {
  return "{'descr': '" + type + "', 'fortran_order': " + order +
         ", 'shape': " + shape + ", }\n";
}
} // namespace

TEST(Npz, RoundTrip) {
  TempFolder folder;
  std::vector<float> a = {1.5f, -2.0f, 3.25f, 0.0f, 7.0f, 1e-30f};
  std::vector<int64_t> b = {1, -5};
  float scalar = 4.5f;
  std::string path = folder.path("a.npz");
  writeNpz(path, {{"layer/weight.0", ElementType::F32, {2, 3}, a.data()},
                  {"b", ElementType::I64, {2}, b.data()},
                  {"loss", ElementType::F32, {}, &scalar},
                  {"empty", ElementType::F32, {0, 4}, nullptr}});
  NpzReader reader(path);
  EXPECT_EQ(reader.names(),
            (std::vector<std::string>{"layer/weight.0", "b", "loss", "empty"}));
  NpyArray array = reader.read("layer/weight.0");
  EXPECT_EQ(array.shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(array.type, ElementType::F32);
  // Bit for bit.
  EXPECT_EQ(std::memcmp(array.bytes.data(), static_cast<void *>(a.data()), 24),
            0);
  array = reader.read("b");
  EXPECT_EQ(array.type, ElementType::I64);
  EXPECT_EQ(std::memcmp(array.bytes.data(), b.data(), 16), 0);
  array = reader.read("loss");
  EXPECT_TRUE(array.shape.empty());
  EXPECT_EQ(std::memcmp(array.bytes.data(), static_cast<void *>(&scalar), 4),
            0);
  EXPECT_TRUE(reader.read("empty").bytes.empty());
  EXPECT_TRUE(contains(errorText([&] { reader.read("c"); }),
                       "holds no array 'c' (it holds: layer/weight.0, b"));
}

TEST(Npz, ReadsDeflatedMembers) {
  TempFolder folder;
  std::vector<unsigned char> values = ramp(100000);
  std::string path = folder.write(
      "a.npz",
      deflatedZip({{"x.npy", npyBytes(header("|u1", "(1000, 100)"), values)},
                   {"notes.txt", {1, 2, 3}}}));
  NpzReader reader(path);
  EXPECT_EQ(reader.names(), std::vector<std::string>{"x"});
  NpyArray array = reader.read("x");
  EXPECT_EQ(array.shape, (std::vector<int64_t>{1000, 100}));
  EXPECT_EQ(array.bytes, values);
}

TEST(Npz, RefusesWrongHeaders) {
  TempFolder folder;
  auto read = [&](const std::string &text, size_t bytes) {
    std::string path = folder.write(
        "a.npz", deflatedZip({{"x.npy", npyBytes(text, ramp(bytes))}}));
    return errorText([&] { NpzReader(path).read("x"); });
  };
  EXPECT_EQ(read(header("<f4", "(2, 3)"), 24), "no error");
  EXPECT_EQ(read(header("<f4", "(6,)", "True"), 24), "no error");
  EXPECT_TRUE(contains(read(header("<f4", "(2, 3)", "True"), 24),
                       "Fortran order; store it with"));
  EXPECT_TRUE(
      contains(read(header("<f2", "(2, 3)"), 12), "element type '<f2'"));
  EXPECT_TRUE(
      contains(read(header(">f4", "(2, 3)"), 24), "element type '>f4'"));
  EXPECT_TRUE(contains(read(header("|O", "(2, 3)"), 24), "element type '|O'"));
  EXPECT_TRUE(contains(read(header("<f4", "(2, 4)"), 24),
                       "has 24 bytes of elements, but its header says 32"));
  EXPECT_TRUE(contains(
      read(header("<f4", "(99999999999, 99999999999, 99999999999)"), 24),
      "impossible shape"));
  EXPECT_TRUE(contains(read(header("<f4", "(9999999999999999999,)"), 24),
                       "impossible shape"));
  EXPECT_TRUE(contains(read(header("<f4", "(-2, 3)"), 24), "malformed"));
  EXPECT_TRUE(contains(read("{'descr': '<f4'}\n", 24), "malformed"));
  EXPECT_TRUE(contains(read("", 24), "malformed"));
  EXPECT_TRUE(contains(read("{'descr", 0), "malformed"));
}

TEST(Npz, RefusesDamage) {
  TempFolder folder;
  std::vector<float> values(64, 1.0f);
  std::string path = folder.path("a.npz");
  writeNpz(path, {{"x", ElementType::F32, {8, 8}, values.data()}});
  std::vector<unsigned char> good = folder.read("a.npz");
  // Every truncation is noticed.
  for (size_t keep = 0; keep < good.size(); ++keep) {
    folder.write("a.npz",
                 {good.begin(), good.begin() + static_cast<long>(keep)});
    EXPECT_TRUE(contains(errorText([&] { NpzReader(path).read("x"); }),
                         path + ": error: "))
        << keep;
  }
  // And a flipped bit of the values.
  std::vector<unsigned char> flipped = good;
  flipped[200] ^= 4;
  folder.write("a.npz", flipped);
  EXPECT_TRUE(contains(errorText([&] { NpzReader(path).read("x"); }),
                       "wrong checksum"));
}

TEST(Npz, DatasetTypes) {
  TempFolder folder;
  std::vector<double> x = {0, 0.25, 0.5, 1, 2, 3};
  std::vector<int32_t> y = {1, 0, 2};
  std::string path = folder.path("d.npz");
  writeNpz(path, {{"x", ElementType::F64, {3, 2}, x.data()},
                  {"y", ElementType::I32, {3}, y.data()}});
  Dataset data = loadDataset("npz:" + path, imageSpec({2}, 3), 0);
  EXPECT_EQ(data.train.inputs[0].type, ElementType::F32);
  const auto *values =
      reinterpret_cast<const float *>(data.train.inputs[0].bytes.data());
  EXPECT_EQ(values[1], 0.25f);
  EXPECT_EQ(labelsOf(data.train), (std::vector<int64_t>{1, 0, 2}));
  EXPECT_EQ(data.test.count, 0);

  auto text = [&](const DataSpec &spec, const std::string &source) {
    return errorText([&] { loadDataset(source, spec, 0); });
  };
  DataSpec regression = imageSpec({2}, 0);
  regression.target.type = ElementType::F32;
  regression.target.shape = {1};
  EXPECT_TRUE(contains(text(regression, "npz:" + path),
                       "the targets are class numbers"));
  EXPECT_TRUE(
      contains(text(imageSpec({2}, 2), "npz:" + path), "label 2 of training"));
  DataSpec two = imageSpec({2}, 3);
  two.inputs.push_back(two.inputs[0]);
  two.inputs[1].name = "mask";
  EXPECT_TRUE(contains(text(two, "npz:" + path), "holds no array 'x'") ||
              contains(text(two, "npz:" + path), "holds no array 'mask'"));
}

TEST(Npz, SeveralInputsByName) {
  TempFolder folder;
  float a[] = {1, 2}, b[] = {3, 4, 5, 6}, y[] = {0.5f, 0.25f};
  std::string path = folder.path("d.npz");
  writeNpz(path, {{"left", ElementType::F32, {2, 1}, a},
                  {"right", ElementType::F32, {2, 2}, b},
                  {"y", ElementType::F32, {2, 1}, y}});
  DataSpec spec = imageSpec({1}, 0);
  spec.inputs[0].name = "left";
  spec.inputs.push_back({"right", {2}, ElementType::F32});
  spec.target.type = ElementType::F32;
  spec.target.shape = {1};
  Dataset data = loadDataset("npz:" + path + "," + path, spec, 0);
  EXPECT_EQ(data.train.inputs.size(), 2u);
  EXPECT_EQ(data.test.count, 2);
}
