//===- BatchTest.cpp - Batches --------------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/BatchMaker.h"
#include "runtime/data/Shuffle.h"
#include "tests/runtime/data/Fixtures.h"
#include "tests/runtime/support/ErrorText.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>

using namespace frac;
using namespace frac::test;

namespace {
struct Threads {
  explicit Threads(int count)
      : runtime(frac_runtime_create(count), frac_runtime_destroy) {}
  frac_runtime *get() { return runtime.get(); }
  std::unique_ptr<frac_runtime, void (*)(frac_runtime *)> runtime;
};

/// Byte images of a ramp, labels 0, 1, 2, ...
Dataset byteImages(std::vector<int64_t> shape, int64_t count) {
  Dataset data;
  data.train.count = count;
  Field images;
  images.shape = shape;
  images.bytes = ramp(static_cast<size_t>(count * elementCount(shape)));
  data.train.inputs.push_back(images);
  data.train.target.type = ElementType::I64;
  for (int64_t i = 0; i < count; ++i) {
    const auto *bytes = reinterpret_cast<const unsigned char *>(&i);
    data.train.target.bytes.insert(data.train.target.bytes.end(), bytes,
                                   bytes + 8);
  }
  return data;
}

std::vector<float> floats(const void *data, size_t count) {
  const auto *begin = static_cast<const float *>(data);
  return {begin, begin + count};
}
} // namespace

TEST(Shuffle, IsAPermutationOfSeedAndEpoch) {
  std::vector<int64_t> order = shuffledOrder(1000, 7, 3);
  EXPECT_EQ(order, shuffledOrder(1000, 7, 3));
  EXPECT_NE(order, shuffledOrder(1000, 7, 4));
  EXPECT_NE(order, shuffledOrder(1000, 8, 3));
  EXPECT_NE(order, fileOrder(1000));
  std::sort(order.begin(), order.end());
  EXPECT_EQ(order, fileOrder(1000));
  EXPECT_TRUE(shuffledOrder(0, 1, 1).empty());
}

TEST(Batch, PadsToTheCentreAndRepeatsGrey) {
  Threads threads(2);
  Dataset data = byteImages({1, 2, 2}, 3);
  BatchOptions options;
  options.batch = 3;
  BatchMaker maker("data", data, imageSpec({3, 4, 4}), options, threads.get());
  int64_t indices[] = {2, 0};
  const auto &tensors = maker.make(data.train, indices, 2, false, 0);
  ASSERT_EQ(tensors.size(), 2u);
  std::vector<float> x = floats(tensors[0], 2 * 3 * 16);
  for (int channel = 0; channel < 3; ++channel)
    for (int y = 0; y < 4; ++y)
      for (int c = 0; c < 4; ++c) {
        bool inside = y >= 1 && y < 3 && c >= 1 && c < 3;
        float expected = inside ? (8 + (y - 1) * 2 + (c - 1)) / 255.0f : 0.0f;
        EXPECT_EQ(x[channel * 16 + y * 4 + c], expected);
      }
  const auto *labels = static_cast<const int64_t *>(tensors[1]);
  EXPECT_EQ(labels[0], 2);
  EXPECT_EQ(labels[1], 0);
}

TEST(Batch, Normalizes) {
  Threads threads(1);
  Dataset data = byteImages({2, 1, 2}, 2);
  data.train.inputs[0].bytes = {0, 255, 255, 255, 0, 255, 255, 255};
  BatchOptions options;
  options.batch = 2;
  options.normalize = "0.5,1:0.5,2";
  BatchMaker maker("data", data, imageSpec({2, 1, 2}), options, threads.get());
  std::vector<int64_t> order = fileOrder(2);
  EXPECT_EQ(floats(maker.make(data.train, order.data(), 1, false, 0)[0], 4),
            (std::vector<float>{-1, 1, 0, 0}));
  // Channel 0 has mean and deviation 1/2; channel 1 is constant.
  options.normalize = "dataset";
  BatchMaker measured("data", data, imageSpec({2, 1, 2}), options,
                      threads.get());
  std::vector<float> x =
      floats(measured.make(data.train, order.data(), 1, false, 0)[0], 4);
  EXPECT_NEAR(x[0], -1, 1e-6);
  EXPECT_NEAR(x[1], 1, 1e-6);
  EXPECT_NEAR(x[2], 0, 1e-6);
  for (const char *bad : {"", "0.5", "a:b", "1,2,3:1,1,1", "0:0", "0:-1",
                          "0:nan", "0,:1,1", "0:1:2"}) {
    options.normalize = bad;
    EXPECT_TRUE(contains(errorText([&] {
                           BatchMaker("data", data, imageSpec({2, 1, 2}),
                                      options, threads.get());
                         }),
                         "--normalize="))
        << bad;
  }
}

TEST(Batch, FlattensForModelsOfVectors) {
  Threads threads(1);
  Dataset data = byteImages({1, 2, 3}, 1);
  BatchOptions options;
  BatchMaker maker("data", data, imageSpec({6}), options, threads.get());
  int64_t index = 0;
  std::vector<float> x =
      floats(maker.make(data.train, &index, 1, true, 0)[0], 6);
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(x[i], i / 255.0f);
}

TEST(Batch, RefusesWhatDoesNotFit) {
  Threads threads(1);
  Dataset data = byteImages({3, 8, 8}, 1);
  BatchOptions options;
  auto text = [&](std::vector<int64_t> shape) {
    return errorText([&] {
      BatchMaker("data", data, imageSpec(std::move(shape)), options,
                 threads.get());
    });
  };
  EXPECT_TRUE(contains(text({3, 4, 4}), "images of 3x8x8 do not fit"));
  EXPECT_TRUE(contains(text({1, 8, 8}), "images of 3x8x8 do not fit"));
  EXPECT_TRUE(contains(text({100}), "samples of shape 3x8x8 do not fit"));
  options.augment = true;
  EXPECT_TRUE(contains(text({192}), "--augment=cifar needs images"));
}

TEST(Batch, AugmentsByWindowAndMirror) {
  Threads threads(2);
  constexpr int64_t size = 12, count = 64;
  Dataset data = byteImages({1, size, size}, count);
  BatchOptions options;
  options.batch = count;
  options.augment = true;
  options.seed = 5;
  BatchMaker maker("data", data, imageSpec({1, size, size}), options,
                   threads.get());
  std::vector<int64_t> order = fileOrder(count);
  size_t total = count * size * size;
  std::vector<float> x =
      floats(maker.make(data.train, order.data(), count, true, 9)[0], total);
  int mirrored = 0, moved = 0;
  for (int64_t s = 0; s < count; ++s) {
    Augmentation change = augmentationOf(5, 9, s);
    mirrored += change.mirrored;
    moved += change.top != 4 || change.left != 4;
    for (int64_t y = 0; y < size; ++y)
      for (int64_t c = 0; c < size; ++c) {
        int64_t fromY = y + change.top - 4;
        int64_t column = change.mirrored ? size - 1 - c : c;
        int64_t fromX = column + change.left - 4;
        bool inside = fromY >= 0 && fromY < size && fromX >= 0 && fromX < size;
        float expected =
            inside ? ((s * size + fromY) * size + fromX) % 251 / 255.0f : 0;
        ASSERT_EQ(x[(s * size + y) * size + c], expected);
      }
  }
  EXPECT_GT(mirrored, 16);
  EXPECT_LT(mirrored, 48);
  EXPECT_GT(moved, 48);
  // Another epoch differs, evaluation is not augmented.
  EXPECT_NE(
      floats(maker.make(data.train, order.data(), count, true, 10)[0], total),
      x);
  std::vector<float> plain =
      floats(maker.make(data.train, order.data(), count, false, 9)[0], total);
  EXPECT_EQ(plain[1], 1 / 255.0f);
}

TEST(Batch, SameForAnyNumberOfThreads) {
  Dataset data = byteImages({3, 32, 32}, 40);
  std::vector<int64_t> order = shuffledOrder(40, 1, 1);
  BatchOptions options;
  options.batch = 40;
  options.augment = true;
  options.normalize = "dataset";
  std::vector<std::vector<float>> results;
  for (int count : {1, 2, 3}) {
    Threads threads(count);
    BatchMaker maker("data", data, imageSpec({3, 32, 32}), options,
                     threads.get());
    results.push_back(floats(
        maker.make(data.train, order.data(), 40, true, 2)[0], 40 * 3072));
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}
