//===- SyntheticTest.cpp - The generated problem --------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/Dataset.h"
#include "tests/runtime/data/Fixtures.h"
#include "tests/runtime/support/ErrorText.h"

#include <cstdlib>
#include <gtest/gtest.h>

using namespace frac;
using namespace frac::test;

TEST(Synthetic, DependsOnTheSeedAlone) {
  DataSpec spec = imageSpec({3, 8, 8}, 4);
  Dataset a = loadDataset("synthetic:20", spec, 1);
  EXPECT_EQ(fingerprint(a), fingerprint(loadDataset("synthetic:20", spec, 1)));
  EXPECT_NE(fingerprint(a), fingerprint(loadDataset("synthetic:20", spec, 2)));
  EXPECT_EQ(a.train.count, 20);
  EXPECT_EQ(a.test.count, 4);
  EXPECT_EQ(labelsOf(a.train)[5], 1);
}

TEST(Synthetic, ClassesDiffer) {
  DataSpec spec = imageSpec({1, 16, 16}, 2);
  Dataset data = loadDataset("synthetic:200", spec, 3);
  // The mean images of the two classes are further apart than those of two
  // halves of one class.
  auto meanOf = [&](int64_t first, int64_t stride, int64_t begin, int64_t end) {
    std::vector<double> mean(256);
    int64_t count = 0;
    for (int64_t s = begin + first; s < end; s += stride, ++count)
      for (int i = 0; i < 256; ++i)
        mean[i] += data.train.inputs[0].bytes[s * 256 + i];
    for (double &value : mean)
      value /= static_cast<double>(count);
    return mean;
  };
  auto distance = [](const std::vector<double> &a,
                     const std::vector<double> &b) {
    double sum = 0;
    for (size_t i = 0; i < a.size(); ++i)
      sum += std::abs(a[i] - b[i]);
    return sum;
  };
  double within = distance(meanOf(0, 2, 0, 100), meanOf(0, 2, 100, 200));
  double between = distance(meanOf(0, 2, 0, 200), meanOf(1, 2, 0, 200));
  EXPECT_GT(between, 2 * within);
}

TEST(Synthetic, MakesWhatTheProgramWants) {
  DataSpec spec = imageSpec({7}, 0);
  spec.inputs[0].type = ElementType::I64;
  spec.target.type = ElementType::F32;
  spec.target.shape = {3};
  Dataset data = loadDataset("synthetic:10:5", spec, 0);
  EXPECT_EQ(data.train.inputs[0].type, ElementType::I64);
  EXPECT_EQ(data.train.target.bytes.size(), 10u * 3 * 4);
}

TEST(Synthetic, RefusesTooMuch) {
  DataSpec spec = imageSpec({3, 8, 8}, 4);
  auto text = [&](const std::string &source) {
    return errorText([&] { loadDataset(source, spec, 0); });
  };
  EXPECT_TRUE(
      contains(text("synthetic:10:5"), "5 classes are more than the 4"));
  EXPECT_TRUE(contains(text("synthetic:999999999999"), "is too much"));
  for (const char *bad :
       {"synthetic:", "synthetic:0", "synthetic:-1", "synthetic:1e9",
        "synthetic:99999999999999999999", "synthetic:5:0",
        "synthetic:5:", "fashion:x", "cifar10", "", "npz:,a", "npz:a,"})
    EXPECT_TRUE(contains(text(bad), "--data=")) << bad;
}
