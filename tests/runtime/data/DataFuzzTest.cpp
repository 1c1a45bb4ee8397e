//===- DataFuzzTest.cpp - Thousands of damaged data files -----------------===//
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
#include "tests/runtime/support/Mutate.h"
#include "tests/runtime/support/TempFolder.h"

#include <gtest/gtest.h>
#include <new>

using namespace frac;
using namespace frac::test;

namespace {
/// Loads; what matters is that nothing but an Error comes out.
bool loads(const std::string &spec, const DataSpec &wanted) {
  try {
    loadDataset(spec, wanted, 0);
    return true;
  } catch (const Error &error) {
    EXPECT_TRUE(contains(error.what(), ": error: ")) << error.what();
    return false;
  }
}
} // namespace

TEST(DataFuzz, Npz) {
  TempFolder folder;
  std::vector<float> x(4 * 9, 0.5f);
  std::vector<int64_t> y = {0, 1, 2, 3};
  writeNpz(folder.path("stored.npz"),
           {{"x", ElementType::F32, {4, 1, 3, 3}, x.data()},
            {"y", ElementType::I64, {4}, y.data()}});
  std::vector<unsigned char> stored = folder.read("stored.npz");
  std::vector<unsigned char> arrayX = makeNpyHeader(ElementType::U8, {4, 9});
  std::vector<unsigned char> arrayY = makeNpyHeader(ElementType::U8, {4});
  for (int i = 0; i < 36; ++i)
    arrayX.push_back(static_cast<unsigned char>(i));
  for (int i = 0; i < 4; ++i)
    arrayY.push_back(static_cast<unsigned char>(i));
  std::vector<unsigned char> deflated =
      deflatedZip({{"x.npy", arrayX}, {"y.npy", arrayY}});
  DataSpec spec = imageSpec({1, 3, 3}, 4);
  int good = 0, bad = 0;
  for (uint32_t i = 0; i < 3000; ++i) {
    std::string path =
        folder.write("m.npz", mutated(i % 2 ? stored : deflated, i));
    (loads("npz:" + path, spec) ? good : bad) += 1;
  }
  EXPECT_GT(bad, 1500);
  EXPECT_TRUE(loads("npz:" + folder.path("stored.npz"), spec));
  RecordProperty("harmless", good);
}

TEST(DataFuzz, NpyHeaders) {
  // Without the archive's checksum in the way.
  std::vector<unsigned char> bytes =
      makeNpyHeader(ElementType::F32, {128, 3, 32, 32});
  for (uint32_t i = 0; i < 3000; ++i)
    try {
      NpyHeader header = parseNpyHeader("x", mutated(bytes, i));
      EXPECT_LE(header.dataBytes, uint64_t{1} << 44);
    } catch (const Error &) {
    }
}

TEST(DataFuzz, Idx) {
  TempFolder folder;
  std::vector<unsigned char> images = idxBytes({5, 4, 4}, ramp(80));
  std::vector<unsigned char> labels = idxBytes({5}, {0, 1, 2, 3, 4});
  folder.write("t10k-images-idx3-ubyte", images);
  folder.write("t10k-labels-idx1-ubyte", labels);
  for (uint32_t i = 0; i < 2000; ++i) {
    bool first = i % 2 == 0;
    folder.write("train-images-idx3-ubyte",
                 first ? mutated(images, i) : images);
    folder.write("train-labels-idx1-ubyte",
                 first ? labels : mutated(labels, i));
    loads("idx:" + folder.path(), imageSpec({1, 4, 4}, 5));
  }
}
