//===- RowPairKernelTest.cpp - Two rows of 3x3 convolutions ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/RowPairKernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

using namespace frac::runtime;

namespace {

class RowPairKernelTest : public testing::Test {
protected:
  void SetUp() override {
    kernel = chooseRowPairKernel();
    if (!kernel)
      GTEST_SKIP() << "this processor has no such loops";
  }

  /// One of the two ends half of the time, else something between.
  int draw(int from, int to) {
    const uint32_t choice = random();
    return choice % 4 == 0   ? from
           : choice % 4 == 1 ? to
                             : from + int(random() % (to - from + 1));
  }

  /// Rows of pixels, (row, pixel, channel), of 7 bits each.
  std::vector<uint8_t> drawRows(int64_t rows, int64_t rowBytes) {
    std::vector<uint8_t> bytes(rows * rowBytes);
    for (uint8_t &byte : bytes)
      byte = uint8_t(draw(0, 127));
    return bytes;
  }

  /// The four rows from `first` on.
  static RowPairInputs inputsFrom(const uint8_t *first, int64_t rowBytes,
                                  int64_t stride, int64_t count) {
    RowPairInputs inputs = {};
    for (int64_t row = 0; row < rowPairReach; ++row)
      inputs.rows[row] = first + row * rowBytes;
    inputs.stride = stride;
    inputs.count = count;
    return inputs;
  }

  const RowPairKernel *kernel = nullptr;
  std::mt19937 random{1};
};

TEST_F(RowPairKernelTest, MixesRows) {
  for (int64_t channels : {16, 32, 48, 64, 96, 128})
    for (int64_t count : {1, 3, 8, 13})
      for (int64_t stride : {channels, channels + 16}) {
        // Two pixels of padding before and one after stay as they are.
        const RowPairLayout layout = {channels, count + 3};
        const int64_t bytes = count * stride, strip = layout.stripChannels();
        const std::vector<uint8_t> rows = drawRows(4, bytes);
        std::vector<uint8_t> mixed(layout.pairBytes(), 9);
        kernel->mix(inputsFrom(rows.data(), bytes, stride, count), 2, layout,
                    mixed.data());
        for (int64_t i = 0; i < layout.rowBytes(); ++i) {
          const int64_t pixel = i / strip % layout.pixels - 2;
          const int64_t channel = i / strip / layout.pixels * strip + i % strip;
          int want[4] = {9, 9, 9, 9};
          if (pixel >= 0 && pixel < count) {
            const uint8_t *x = rows.data() + pixel * stride + channel;
            want[0] = x[0] - x[2 * bytes] + 128;
            want[1] = x[bytes] + x[2 * bytes];
            want[2] = x[2 * bytes] - x[bytes] + 128;
            want[3] = x[bytes] - x[3 * bytes] + 128;
          }
          for (int product = 0; product < 4; ++product)
            ASSERT_EQ(mixed[product * layout.rowBytes() + i], want[product])
                << "product " << product << ", pixel " << pixel << ", channel "
                << channel << " of " << channels;
        }
      }
}

TEST_F(RowPairKernelTest, SumsPixels) {
  for (int64_t channels : {16, 32, 48, 144})
    for (int64_t count : {1, 3, 4, 7, 8, 13, 16, 31, 36})
      for (int64_t stride : {channels, channels + 16}) {
        const std::vector<uint8_t> pixels = drawRows(count, stride);
        std::vector<int32_t> sums(count + 1, -1);
        kernel->sum(pixels.data(), stride, count, channels, sums.data());
        for (int64_t i = 0; i < count; ++i) {
          const uint8_t *pixel = pixels.data() + i * stride;
          ASSERT_EQ(sums[i], std::accumulate(pixel, pixel + channels, 0))
              << "pixel " << i << " of " << channels << " channels";
        }
        ASSERT_EQ(sums[count], -1) << "written behind the last pixel";
      }
}

/// A convolution by its definition, of inputs of 7 and weights of 6 bits.
TEST_F(RowPairKernelTest, ConvolvesTwoRows) {
  struct Case {
    int64_t channels, outputs, rows, pixels;
    bool hasTotals, hasBorder;
    /// The number that pixels beside the image hold; negative if there are
    /// none.
    int padding = -1;
  };
  for (const Case &shape : {Case{16, 16, 2, 1, false, false},
                            {16, 16, 5, 12, true, false},
                            {16, 9, 4, 32, false, true},
                            {32, 32, 3, 13, true, true},
                            {64, 37, 4, 8, true, true},
                            {16, 32, 2, 32, false, false, 5},
                            {32, 48, 5, 16, true, false, 127},
                            {64, 64, 3, 7, false, true, 0},
                            {64, 32, 2, 13, false, false, 33},
                            {96, 32, 2, 6, false, false, 33},
                            {128, 32, 2, 9, false, false, 99},
                            {48, 48, 1, 6, false, false}}) {
    const int64_t channels = shape.channels, outputs = shape.outputs;
    const int64_t rows = shape.rows, pixels = shape.pixels;
    const bool hasTotals = shape.hasTotals, hasBorder = shape.hasBorder;
    const int64_t blocks = (outputs + 15) / 16, padded = blocks * 16;
    const int64_t pairs = (rows + 1) / 2;
    const RowPairLayout layout = {channels, pixels + 2};
    std::vector<uint8_t> plane = drawRows(2 * pairs + 2, layout.rowBytes());
    if (shape.padding >= 0)
      for (int64_t row = 0; row < 2 * pairs + 2; ++row)
        for (int64_t pixel : {int64_t(0), layout.pixels - 1})
          std::fill_n(plane.data() + row * layout.rowBytes() + pixel * channels,
                      channels, uint8_t(shape.padding));
    std::vector<uint8_t> mixed(pairs * layout.pairBytes());
    for (int64_t pair = 0; pair < pairs; ++pair)
      kernel->mix(inputsFrom(plane.data() + 2 * pair * layout.rowBytes(),
                             layout.rowBytes(), channels, layout.pixels),
                  0, layout, mixed.data() + pair * layout.pairBytes());

    // (row, column, channel, output), and the right factors.
    std::vector<int8_t> weights(9 * channels * padded);
    for (int8_t &weight : weights)
      weight = int8_t(draw(-32, 32));
    auto weightAt = [&](int64_t y, int64_t x, int64_t c, int64_t o) -> int {
      return weights[((y * 3 + x) * channels + c) * padded + o];
    };
    std::vector<int8_t> factors(blocks * layout.blockBytes());
    // (edge, block, product, output): the left edge leaves out the first tap,
    // the right one the last.
    std::vector<int32_t> first(rowPairEdges * blocks * 2 * 16);
    for (int64_t o = 0; o < padded; ++o)
      for (int64_t c = 0; c < channels; ++c)
        for (int64_t x = 0; x < 3; ++x) {
          const int w[3] = {weightAt(0, x, c, o), weightAt(1, x, c, o),
                            weightAt(2, x, c, o)};
          const int ofProduct[4] = {2 * w[0], w[0] + w[1] + w[2],
                                    w[0] - w[1] + w[2], -2 * w[2]};
          const int64_t places[4] = {2, 0, 1, 3};
          for (int product = 0; product < 4; ++product) {
            const int64_t place = places[product];
            const int64_t half = place / 2 * layout.quads() + c / 4;
            factors[o / 16 * layout.blockBytes() +
                    ((half * 2 + place % 2) * 3 + x) * 64 + o % 16 * 4 +
                    c % 4] = int8_t(ofProduct[product]);
          }
          for (int64_t edge = 0; edge < rowPairEdges; ++edge) {
            int32_t *of = first.data() + (edge * blocks + o / 16) * 32 + o % 16;
            if (x == (edge == 1 ? 0 : edge == 2 ? 2 : -1)) {
              of[0] += 2 * shape.padding * ofProduct[1];
              continue;
            }
            of[0] -= 64 * (ofProduct[0] + ofProduct[3]);
            of[16] -= 64 * (ofProduct[0] - ofProduct[3]) + 128 * ofProduct[2];
          }
        }

    std::vector<int32_t> totals(rows * pixels), zeros(padded);
    std::vector<float> scales(padded), residuals(padded);
    for (int32_t &total : totals)
      total = draw(-1000, 1000);
    for (int64_t o = 0; o < padded; ++o) {
      zeros[o] = draw(-64, 64);
      scales[o] = float(1 << o % 3);
      residuals[o] = float(o % 5);
    }
    std::vector<int32_t> rowClass(rows), columnClass(pixels);
    for (int64_t r = 0; r < rows; ++r)
      rowClass[r] = r % 2 * 3;
    for (int64_t p = 0; p < pixels; ++p)
      columnClass[p] = int32_t(p % 3);
    std::vector<float> border(6 * padded);
    for (float &number : border)
      number = float(draw(-9, 9));

    const std::vector<float> realTotals(totals.begin(), totals.end());
    std::vector<float> got(rows * pixels * outputs + 16, 77);
    DotResult result = {};
    result.data = got.data();
    result.rowStride = pixels * outputs;
    result.pixelStride = result.outputs = outputs;
    result.planes = 1;
    // Sums are twice those of the definition below.
    std::vector<float> half(scales);
    std::for_each(half.begin(), half.end(), [](float &scale) { scale /= 2; });
    std::vector<int32_t> twice(zeros);
    std::for_each(twice.begin(), twice.end(), [](int32_t &zero) { zero *= 2; });
    result.scales = half.data();
    if (hasTotals) {
      result.totals = totals.data();
      result.zeros = twice.data();
      result.residuals = residuals.data();
    }
    if (hasBorder) {
      result.border = border.data();
      result.rowClass = rowClass.data();
      result.columnClass = columnClass.data();
    }
    for (bool hasReals : {false, true}) {
      result.realTotals = hasTotals && hasReals ? realTotals.data() : nullptr;
      std::fill(got.begin(), got.end() - 16, -1);
      kernel->convert({layout, mixed.data(), rows, pixels, factors.data(),
                       blocks, first.data(), shape.padding >= 0},
                      result);
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t p = 0; p < pixels; ++p)
          for (int64_t o = 0; o < outputs; ++o) {
            int64_t sum = 0;
            for (int64_t y = 0; y < 3; ++y)
              for (int64_t x = 0; x < 3; ++x)
                for (int64_t c = 0; c < channels; ++c)
                  sum += plane[(r + y) * layout.rowBytes() +
                               (p + x) * channels + c] *
                         weightAt(y, x, c, o);
            const int64_t total = hasTotals ? totals[r * pixels + p] : 0;
            double want = scales[o] * double(sum - zeros[o] * total) +
                          residuals[o] * double(total);
            if (hasBorder)
              want += border[(rowClass[r] + columnClass[p]) * padded + o];
            ASSERT_EQ(got[(r * pixels + p) * outputs + o], want)
                << "row " << r << ", pixel " << p << ", output " << o << " of "
                << channels << " channels";
          }
      ASSERT_TRUE(std::all_of(got.end() - 16, got.end(), [](float number) {
        return number == 77;
      })) << "written behind the last element";
    }
  }
}

} // namespace
