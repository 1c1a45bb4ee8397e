//===- TapRowKernelTest.cpp - Three rows of taps at once ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/TapRowKernels.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

using namespace frac::runtime;

namespace {

class TapRowKernelTest : public testing::Test {
protected:
  void SetUp() override {
    kernel = chooseTapRowKernel();
    if (!kernel)
      GTEST_SKIP() << "this processor has no such loops";
  }

  /// Bytes, the largest ones half of the time.
  template <typename Byte>
  std::vector<Byte> draw(int64_t count) {
    std::vector<Byte> bytes(count);
    for (Byte &byte : bytes)
      byte = Byte(random() % 2 ? random() : random() % 2 ? 127 : 128);
    return bytes;
  }

  const TapRowKernel *kernel = nullptr;
  std::mt19937 random{1};
};

TEST_F(TapRowKernelTest, PacksPixels) {
  for (int64_t channels : {16, 48})
    for (int64_t columnStep : {1, 2})
      for (int64_t outputColumns : {4, 7, 9})
        for (int64_t rowStep : {1, 2}) {
          const int64_t steps = (outputColumns + 3) / 4, blocks = channels / 16;
          TapRowPixels pixels = {};
          pixels.outputRows = 3, pixels.rowStep = rowStep, pixels.tapStep = 2;
          const int64_t columns = (steps * 4 - 1) * columnStep + 1;
          const auto plane = draw<uint8_t>(pixels.rows() * columns * channels);
          pixels.plane = plane.data();
          pixels.rowStride = columns * channels;
          pixels.pixelStride = columnStep * channels;
          pixels.steps = steps;
          pixels.lastOnes =
              int32_t(0x01010101u >> 8 * (steps * 4 - outputColumns));
          pixels.blocks = blocks;
          const int64_t rows = pixels.rows(), gap = 5;
          const int64_t blockStride = rows * steps * 64 + gap;
          std::vector<uint8_t> got(blocks * blockStride, 77);
          std::vector<int32_t> rowSums(rows * channels), sums(3 * channels, 1);
          kernel->pack(pixels, got.data(), blockStride, rowSums.data(),
                       sums.data());
          auto pixelAt = [&](int64_t row, int64_t x, int64_t c) -> int {
            return plane[(row * columns + x * columnStep) * channels + c];
          };
          for (int64_t row = 0; row < rows; ++row)
            for (int64_t x = 0; x < steps * 4; ++x)
              for (int64_t c = 0; c < channels; ++c)
                ASSERT_EQ(got[c / 16 * blockStride +
                              (row * steps + x / 4) * 64 + c % 16 * 4 + x % 4],
                          pixelAt(row, x, c))
                    << "row " << row << ", pixel " << x << ", channel " << c;
          for (int64_t block = 0; block < blocks; ++block)
            for (int64_t i = 0; i < gap; ++i)
              ASSERT_EQ(got[(block + 1) * blockStride - gap + i], 77);
          for (int64_t tap = 0; tap < 3; ++tap)
            for (int64_t c = 0; c < channels; ++c) {
              int32_t want = 1;
              for (int64_t row = 0; row < 3; ++row)
                for (int64_t x = 0; x < outputColumns; ++x)
                  want += pixelAt(row * rowStep + tap * 2, x, c);
              ASSERT_EQ(sums[tap * channels + c], want)
                  << "tap " << tap << ", channel " << c;
            }
        }
}

TEST_F(TapRowKernelTest, PacksErrors) {
  for (int64_t stride : {16, 40}) {
    const int64_t steps = 5;
    const auto pixels = draw<uint8_t>(steps * 4 * stride);
    std::vector<int8_t> got(steps * 64);
    kernel->packSteps(pixels.data(), steps, stride, 128, got.data());
    for (int64_t i = 0; i < steps * 64; ++i)
      ASSERT_EQ(got[i],
                pixels[(i / 64 * 4 + i % 4) * stride + i % 64 / 4] - 128);
  }
}

TEST_F(TapRowKernelTest, AddsProducts) {
  for (int64_t blocks : {1, 2, 3})
    for (int64_t rowStep : {1, 2}) {
      const int64_t images = 2, rows = 3, steps = 2, tapStep = 2;
      const int64_t imageRows = (rows - 1) * rowStep + 2 * tapStep + 1;
      const auto inputs = draw<uint8_t>(images * imageRows * steps * 64);
      const auto errors = draw<int8_t>(blocks * images * rows * steps * 64);
      const int64_t channelStride = blocks * 16 + 3;
      const int64_t tapStride = 16 * channelStride + 7;
      std::vector<int32_t> got(3 * tapStride, 5);
      kernel->accumulate({inputs.data(), imageRows, rowStep, tapStep, images,
                          rows, steps, errors.data(), blocks, got.data(),
                          tapStride, channelStride});
      std::vector<int32_t> want(3 * tapStride, 5);
      for (int64_t t = 0; t < 3; ++t)
        for (int64_t c = 0; c < 16; ++c)
          for (int64_t o = 0; o < blocks * 16; ++o)
            for (int64_t image = 0; image < images; ++image)
              for (int64_t r = 0; r < rows; ++r)
                for (int64_t x = 0; x < steps * 4; ++x)
                  want[t * tapStride + c * channelStride + o] +=
                      inputs[((image * imageRows + r * rowStep + t * tapStep) *
                                  steps +
                              x / 4) *
                                 64 +
                             c * 4 + x % 4] *
                      errors[(((o / 16 * images + image) * rows + r) * steps +
                              x / 4) *
                                 64 +
                             o % 16 * 4 + x % 4];
      ASSERT_EQ(got, want) << blocks << " blocks, every " << rowStep << " rows";
    }
}

} // namespace
