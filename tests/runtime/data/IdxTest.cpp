//===- IdxTest.cpp - MNIST-style files ------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/Dataset.h"
#include "tests/runtime/data/Fixtures.h"
#include "tests/runtime/support/ErrorText.h"
#include "tests/runtime/support/TempFolder.h"

#include <gtest/gtest.h>
#include <zlib.h>

using namespace frac;
using namespace frac::test;

namespace {
/// 5 training and 2 test images of 2x3.
void writeDataset(const TempFolder &folder) {
  folder.write("train-images-idx3-ubyte", idxBytes({5, 2, 3}, ramp(30)));
  folder.write("train-labels-idx1-ubyte", idxBytes({5}, {0, 1, 2, 3, 9}));
  folder.write("t10k-images-idx3-ubyte", idxBytes({2, 2, 3}, ramp(12)));
  folder.write("t10k-labels-idx1-ubyte", idxBytes({2}, {4, 5}));
}

std::string load(const TempFolder &folder, int64_t classes = 10) {
  return errorText([&] {
    loadDataset("idx:" + folder.path(), imageSpec({1, 2, 3}, classes), 0);
  });
}
} // namespace

TEST(Idx, ReadsImagesAndLabels) {
  TempFolder folder;
  writeDataset(folder);
  Dataset data = loadDataset("idx:" + folder.path(), imageSpec({1, 2, 3}), 0);
  EXPECT_EQ(data.train.count, 5);
  EXPECT_EQ(data.test.count, 2);
  EXPECT_EQ(data.train.inputs[0].shape, (std::vector<int64_t>{1, 2, 3}));
  EXPECT_EQ(data.train.inputs[0].bytes, ramp(30));
  EXPECT_EQ(labelsOf(data.train), (std::vector<int64_t>{0, 1, 2, 3, 9}));
  EXPECT_EQ(labelsOf(data.test), (std::vector<int64_t>{4, 5}));
}

TEST(Idx, ReadsGzip) {
  TempFolder folder;
  writeDataset(folder);
  std::filesystem::remove(folder.path("train-images-idx3-ubyte"));
  std::vector<unsigned char> bytes = idxBytes({5, 2, 3}, ramp(30));
  gzFile file = gzopen(folder.path("train-images-idx3-ubyte.gz").c_str(), "wb");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  EXPECT_EQ(load(folder), "no error");
  // Cut in the middle of the stream, and in its checksum.
  std::vector<unsigned char> packed = folder.read("train-images-idx3-ubyte.gz");
  for (size_t keep = 0; keep < packed.size(); ++keep) {
    folder.write("train-images-idx3-ubyte.gz",
                 {packed.begin(), packed.begin() + static_cast<long>(keep)});
    EXPECT_TRUE(contains(load(folder), ".gz: error: ")) << keep;
  }
  packed[packed.size() - 6] ^= 1;
  folder.write("train-images-idx3-ubyte.gz", packed);
  EXPECT_TRUE(contains(load(folder), "cannot be decompressed"));
}

TEST(Idx, RefusesTruncatedAndAbsurdHeaders) {
  TempFolder folder;
  writeDataset(folder);
  std::string name = "train-images-idx3-ubyte";
  std::vector<unsigned char> good = folder.read(name);
  for (size_t keep = 0; keep < good.size(); ++keep) {
    folder.write(name, {good.begin(), good.begin() + static_cast<long>(keep)});
    EXPECT_TRUE(contains(load(folder), name + ": error: ")) << keep;
  }
  folder.write(name, idxBytes({0xffffffff, 0xffffffff, 0xffffffff}, ramp(30)));
  EXPECT_TRUE(contains(load(folder), "impossible size"));
  folder.write(name, idxBytes({0x7fffffff, 28, 28}, ramp(30)));
  EXPECT_TRUE(contains(load(folder), "truncated"));
  folder.write(name, idxBytes({5, 2, 0}, {}));
  EXPECT_TRUE(contains(load(folder), "impossible size 0"));
  folder.write(name, idxBytes({30}, ramp(30)));
  EXPECT_TRUE(contains(load(folder), "rank 1"));
  std::vector<unsigned char> longer = good;
  longer.push_back(0);
  folder.write(name, longer);
  EXPECT_TRUE(contains(load(folder), "longer than its header says"));
  folder.write(name, {1, 2, 3, 4, 5});
  EXPECT_TRUE(contains(load(folder), "is not an idx file"));
}

TEST(Idx, RefusesWrongLabels) {
  TempFolder folder;
  writeDataset(folder);
  EXPECT_TRUE(contains(load(folder, 5), "label 9 of training sample 4"));
  folder.write("train-labels-idx1-ubyte", idxBytes({4}, {0, 1, 2, 3}));
  EXPECT_TRUE(contains(load(folder), "holds 4 labels for the 5 images"));
}

TEST(Idx, SaysWhatIsMissing) {
  TempFolder folder;
  EXPECT_TRUE(contains(load(folder), "holds no train-images-idx3-ubyte"));
  EXPECT_TRUE(contains(
      errorText([&] {
        loadDataset("idx:" + folder.path("none"), imageSpec({1, 2, 3}), 0);
      }),
      "is not a folder"));
}
