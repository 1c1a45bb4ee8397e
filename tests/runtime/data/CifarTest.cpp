//===- CifarTest.cpp - The binary releases of CIFAR -----------------------===//
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

using namespace frac;
using namespace frac::test;

/// `count` records with the given bytes before each image.
static std::vector<unsigned char>
records(int count, std::initializer_list<unsigned char> labels) {
  std::vector<unsigned char> out;
  for (int i = 0; i < count; ++i) {
    out.insert(out.end(), labels);
    std::vector<unsigned char> image = ramp(3072);
    image[0] = static_cast<unsigned char>(200 + i);
    out.insert(out.end(), image.begin(), image.end());
  }
  return out;
}

TEST(Cifar, ReadsTen) {
  TempFolder folder;
  for (int i = 1; i <= 5; ++i)
    folder.write("data_batch_" + std::to_string(i) + ".bin",
                 records(2, {static_cast<unsigned char>(i)}));
  folder.write("test_batch.bin", records(3, {7}));
  Dataset data =
      loadDataset("cifar10:" + folder.path(), imageSpec({3, 32, 32}), 0);
  EXPECT_EQ(labelsOf(data.train),
            (std::vector<int64_t>{1, 1, 2, 2, 3, 3, 4, 4, 5, 5}));
  EXPECT_EQ(data.test.count, 3);
  EXPECT_EQ(data.train.inputs[0].bytes.size(), 10u * 3072);
  EXPECT_EQ(data.train.inputs[0].bytes[3072], 201);
  EXPECT_EQ(data.train.inputs[0].bytes[1], 1);
}

TEST(Cifar, ReadsHundredFromItsSubfolder) {
  TempFolder folder;
  std::filesystem::create_directory(folder.path("cifar-100-binary"));
  folder.write("cifar-100-binary/train.bin", records(2, {3, 99}));
  folder.write("cifar-100-binary/test.bin", records(1, {4, 50}));
  Dataset data =
      loadDataset("cifar100:" + folder.path(), imageSpec({3, 32, 32}, 100), 0);
  EXPECT_EQ(labelsOf(data.train), (std::vector<int64_t>{99, 99}));
  EXPECT_EQ(labelsOf(data.test), (std::vector<int64_t>{50}));
}

TEST(Cifar, RefusesBrokenFiles) {
  TempFolder folder;
  auto load = [&] {
    return errorText([&] {
      loadDataset("cifar100:" + folder.path(), imageSpec({3, 32, 32}, 100), 0);
    });
  };
  EXPECT_TRUE(contains(load(), "holds no train.bin and no cifar-100-binary"));
  std::vector<unsigned char> bytes = records(2, {0, 1});
  bytes.pop_back();
  folder.write("train.bin", bytes);
  folder.write("test.bin", records(1, {0, 1}));
  EXPECT_TRUE(contains(load(), "train.bin: error: holds 6147 bytes"));
  folder.write("train.bin", {});
  EXPECT_TRUE(contains(load(), "holds 0 bytes"));
  folder.write("train.bin", records(1, {0, 200}));
  EXPECT_TRUE(contains(load(), "label 200"));
}
