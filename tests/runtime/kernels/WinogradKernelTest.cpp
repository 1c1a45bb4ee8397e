//===- WinogradKernelTest.cpp - 3x3 convolutions with fewer products ------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WinogradKernels.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

using namespace frac::runtime;

namespace {

/// One entry of the table.
class WinogradKernelTest
    : public testing::TestWithParam<const WinogradKernel *> {
protected:
  void SetUp() override {
    if (kernel.isa > usableCpuIsa())
      GTEST_SKIP() << "this processor has no " << kernel.name;
  }

  /// One of the two ends half of the time, else something between.
  int draw(int from, int to) {
    const uint32_t choice = random();
    return choice % 4 == 0   ? from
           : choice % 4 == 1 ? to
                             : from + int(random() % (to - from + 1));
  }

  /// A padded plane of bytes, with what is read behind its end.
  std::vector<uint8_t> drawPlane(int64_t size) {
    std::vector<uint8_t> plane(size + 16);
    for (uint8_t &byte : plane)
      byte = uint8_t(draw(0, 255));
    return plane;
  }

  /// Converts tiles of products, U . V by the definitions of both, and expects
  /// the convolution of integers as large as they may be, with and without what
  /// offsets of weights and borders add.
  void expectResults(int32_t planes, int64_t parts, int64_t outputs,
                     int64_t pixels);

  const WinogradKernel &kernel = *GetParam();
  std::mt19937 random{1};
};

const int matrixG[6][3] = {{6, 0, 0}, {1, 1, 1},  {1, -1, 1},
                           {1, 2, 4}, {1, -2, 4}, {0, 0, 6}};
const int matrixB[6][6] = {{4, 0, -5, 0, 1, 0},  {0, -4, -4, 1, 1, 0},
                           {0, 4, -4, -1, 1, 0}, {0, -2, -1, 2, 1, 0},
                           {0, 2, -1, -2, 1, 0}, {0, 4, 0, -5, 0, 1}};
const int matrixH[6][4] = {{6, 0, 0, 0}, {1, 1, 1, 1},   {1, -1, 1, -1},
                           {1, 2, 4, 8}, {1, -2, 4, -8}, {0, 0, 0, 6}};

/// M t M^T at a position, of a square t of numbers by row and column.
template <int size, typename Number>
int transform(const int (&matrix)[6][size], int64_t position, Number number) {
  int sum = 0;
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x)
      sum += matrix[position / 6][y] * matrix[position % 6][x] * number(y, x);
  return sum;
}

/// A number modulo 2^32, as products are.
int32_t wrap(int64_t number) { return int32_t(uint32_t(number)); }

TEST_P(WinogradKernelTest, TransformsInputs) {
  for (int64_t channels : {4, 16, 20, 36})
    for (int32_t zero : {0, 3, 255}) {
      const int64_t tileRows = 2, tileColumns = 3, columns = 14;
      const int64_t tileStride = (channels + 15) / 16 * 16;
      const int64_t tiles = tileRows * tileColumns;
      const std::vector<uint8_t> plane = drawPlane(10 * columns * channels);
      const int64_t positionStride = tiles * tileStride + 32;
      const WinogradInputs inputs = {
          plane.data(), columns * channels, channels,
          tileRows,     tileColumns,        channels,
          zero,         tileStride,         positionStride};
      std::vector<int16_t> got(36 * positionStride, 77);
      kernel.transformInputs(inputs, got.data());
      for (int64_t position = 0; position < 36; ++position)
        for (int64_t tile = 0; tile < tiles; ++tile)
          for (int64_t c = 0; c < channels; ++c) {
            const int want = transform(matrixB, position, [&](int y, int x) {
              return plane[((tile / tileColumns * 4 + y) * columns +
                            tile % tileColumns * 4 + x) *
                               channels +
                           c] -
                     zero;
            });
            ASSERT_EQ(got[position * positionStride + tile * tileStride + c],
                      want)
                << "position " << position << ", tile " << tile << ", channel "
                << c;
          }
      for (int64_t position = 0; position < 36; ++position)
        ASSERT_EQ(got[position * positionStride + tiles * tileStride], 77)
            << "written beyond the last tile of position " << position;
    }
}

TEST_P(WinogradKernelTest, AddsProducts) {
  for (int64_t rows : {1, 5, 6, 7, 16, 23})
    for (int64_t pairs : {1, 2, 9}) {
      const int64_t rowStride = 2 * pairs + 3, pairStride = 2;
      const int64_t weightStride = 37, stride = 21, positions = 2;
      std::vector<int16_t> inputs(positions * rows * rowStride),
          weights(positions * pairs * weightStride);
      for (int16_t &number : inputs)
        number = int16_t(draw(-25500, 25500));
      for (int16_t &number : weights)
        number = int16_t(draw(-32768, 32767));
      std::vector<int32_t> got(positions * rows * stride, -1);
      for (bool adds : {false, true}) {
        kernel.multiply({inputs.data(), rows, rowStride, pairStride,
                         weights.data(), weightStride, pairs, got.data(),
                         stride, adds, positions, rows * rowStride,
                         pairs * weightStride, rows * stride});
        for (int64_t i = 0; i < positions * rows * stride; ++i) {
          const int64_t row = i / stride, o = i % stride;
          const int64_t pair = row / rows * pairs;
          int64_t want = o < 16 ? 0 : -1;
          for (int64_t c = 0; o < 16 && c < 2 * pairs; ++c)
            want += (adds ? 2 : 1) * int64_t(inputs[row * rowStride + c]) *
                    weights[(pair + c / 2) * weightStride + 2 * o + c % 2];
          ASSERT_EQ(got[i], wrap(want)) << "row " << row << ", " << o;
        }
      }
    }
}

void WinogradKernelTest::expectResults(int32_t planes, int64_t parts,
                                       int64_t outputs, int64_t pixels) {
  const int64_t tileRows = 2, tileColumns = 3, rows = pixels - 4;
  // A channel for each part.
  std::vector<int> d(parts * 10 * 14), w(planes * parts * 9 * 16);
  for (int &number : d)
    number = draw(-255, 255);
  for (int &number : w)
    number = draw(-668, 668);
  std::vector<int32_t> products(tileRows * tileColumns * planes * parts * 576);
  for (int64_t i = 0; i < int64_t(products.size()); ++i) {
    const int64_t output = i % 16, position = i / 16 % 36;
    const int64_t part = i / 576 % parts;
    const int64_t plane = i / 576 / parts % planes;
    const int64_t tile = i / 576 / parts / planes;
    const int v = transform(matrixB, position, [&](int y, int x) {
      return d[(part * 10 + tile / tileColumns * 4 + y) * 14 +
               tile % tileColumns * 4 + x];
    });
    const int u = transform(matrixG, position, [&](int y, int x) {
      return w[((plane * parts + part) * 9 + y * 3 + x) * 16 + output];
    });
    // Twenty times, as if there were more channels.
    products[i] = wrap(int64_t(u) * v * 20);
  }
  std::vector<int32_t> totals(rows * pixels), zeros(16);
  std::vector<int32_t> rowClass(rows), columnClass(pixels);
  std::vector<float> residuals(16), border(6 * 16);
  for (int32_t &number : totals)
    number = draw(-40000, 40000);
  for (int64_t o = 0; o < 16; ++o) {
    zeros[o] = draw(-128, 127);
    residuals[o] = float(draw(-8, 8)) / 32;
  }
  for (float &number : border)
    number = float(draw(-1000, 1000));
  for (int64_t r = 0; r < rows; ++r)
    rowClass[r] = r % 2 * 3;
  for (int64_t p = 0; p < pixels; ++p)
    columnClass[p] = int32_t(p % 3);
  const std::vector<float> scales(16, 0.5f);
  for (bool hasTotals : {false, true})
    for (bool hasBorder : {false, true}) {
      if (hasTotals && planes == 2)
        continue;
      std::vector<float> data(rows * pixels * outputs + 1, -1);
      DotResult result = {};
      result.data = data.data();
      result.rowStride = pixels * outputs;
      result.pixelStride = outputs;
      result.outputs = outputs;
      result.planes = planes;
      result.scales = scales.data();
      result.base = 913;
      if (hasTotals) {
        result.totals = totals.data();
        result.zeros = zeros.data();
        result.residuals = residuals.data();
      }
      if (hasBorder) {
        result.border = border.data();
        result.rowClass = rowClass.data();
        result.columnClass = columnClass.data();
      }
      kernel.convert({products.data(), tileRows, tileColumns, parts, 0, 0, rows,
                      pixels, 0, 16},
                     result);
      for (int64_t i = 0; i < rows * pixels * outputs; ++i) {
        const int64_t o = i % outputs, p = i / outputs % pixels;
        const int64_t r = i / outputs / pixels;
        double want = 0;
        for (int32_t plane = 0; plane < planes; ++plane) {
          int sum = 0;
          for (int64_t part = 0; part < parts; ++part)
            for (int y = 0; y < 3; ++y)
              for (int x = 0; x < 3; ++x)
                sum += 20 * d[(part * 10 + r + y) * 14 + p + x] *
                       w[((plane * parts + part) * 9 + y * 3 + x) * 16 + o];
          want = want * 913 + sum;
        }
        const int total = hasTotals ? totals[r * pixels + p] : 0;
        want = (want - double(zeros[o]) * total) / 2 +
               double(residuals[o]) * total;
        if (hasBorder)
          want += double(border[(rowClass[r] + columnClass[p]) * 16 + o]);
        if (planes == 1 && !hasTotals && !hasBorder)
          ASSERT_EQ(data[i], float(want));
        else
          ASSERT_NEAR(data[i], want, planes == 1 ? 4 : 1e-6 * 913 * 3e7);
      }
      ASSERT_EQ(data.back(), -1) << "written beyond the last pixel";
    }
}

/// Rows, pixels and outputs that tiles reach beyond and whole tiles, weights of
/// one and two planes and channels in one and two parts.
TEST_P(WinogradKernelTest, ConvertsProducts) {
  for (int32_t planes : {1, 2})
    for (int64_t parts : {1, 2})
      for (int64_t outputs : {13, 16})
        for (int64_t pixels : {9, 10, 11, 12})
          expectResults(planes, parts, outputs, pixels);
}

/// E and V of pairs of tiles by their definitions.
TEST_P(WinogradKernelTest, TransformsPairs) {
  const int64_t tileRows = 2, pairColumns = 2, columns = 18, zero = 128;
  for (int64_t channels : {4, 16, 28}) {
    const int64_t pairStride = 2 * ((channels + 15) / 16 * 16);
    const int64_t pairs = tileRows * pairColumns;
    const std::vector<uint8_t> plane = drawPlane(10 * columns * channels);
    const WinogradPixels pixels = {plane.data(), columns * channels, channels,
                                   tileRows,     pairColumns,        channels,
                                   pairStride,   pairs * pairStride};
    std::vector<int16_t> v(36 * pairs * pairStride + 1, 77), e = v;
    kernel.transformActivations(pixels, v.data());
    kernel.transformErrors(pixels, zero, e.data());
    for (int64_t i = 0; i < 36 * pairs * pairStride; ++i) {
      const int64_t c = i % pairStride / 2;
      if (c >= channels)
        continue;
      const int64_t position = i / pairStride / pairs;
      const int64_t pair = i / pairStride % pairs;
      auto byte = [&](int64_t y, int64_t x) {
        return plane[((pair / pairColumns * 4 + y) * columns +
                      (pair % pairColumns * 2 + i % 2) * 4 + x) *
                         channels +
                     c];
      };
      ASSERT_EQ(v[i], transform(matrixB, position, byte)) << "number " << i;
      ASSERT_EQ(e[i],
                transform(matrixH, position,
                          [&](int y, int x) { return byte(y, x) - int(zero); }))
          << "number " << i;
    }
    ASSERT_EQ(v.back(), 77) << "written beyond the last pair";
    ASSERT_EQ(e.back(), 77) << "written beyond the last pair";
  }
}

/// The sums for each tap of a tile's products, as if there were many tiles.
TEST_P(WinogradKernelTest, SumsTaps) {
  std::vector<int> d(36 * 16), e(16 * 16);
  for (int &number : d)
    number = draw(0, 255);
  for (int &number : e)
    number = draw(-128, 127);
  const int64_t stride = 19, tapStride = 18, tiles = 64;
  std::vector<int32_t> products(36 * stride), got(9 * tapStride, -1);
  for (int64_t position = 0; position < 36; ++position)
    for (int64_t o = 0; o < 16; ++o) {
      const int v = transform(matrixB, position, [&](int y, int x) {
        return d[(y * 6 + x) * 16 + o];
      });
      const int u = transform(matrixH, position, [&](int y, int x) {
        return e[(y * 4 + x) * 16 + o];
      });
      products[position * stride + o] = wrap(int64_t(u) * v * tiles);
    }
  kernel.sumTaps(products.data(), stride, got.data(), tapStride);
  for (int64_t i = 0; i < 9 * tapStride; ++i) {
    const int64_t tap = i / tapStride, o = i % tapStride;
    int64_t want = o < 16 ? 0 : -1;
    for (int64_t j = 0; o < 16 && j < 16; ++j)
      want += tiles * d[((tap / 3 + j / 4) * 6 + tap % 3 + j % 4) * 16 + o] *
              e[j * 16 + o];
    ASSERT_EQ(got[i], want) << "tap " << tap << ", output " << o;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, WinogradKernelTest,
    testing::ValuesIn(winogradKernels().begin,
                      winogradKernels().begin + winogradKernels().size),
    [](const auto &info) { return std::string(info.param->name); });

TEST(WinogradKernels, AreChosenByProcessor) {
  const WinogradKernel &kernel = chooseWinogradKernel();
  EXPECT_LE(kernel.isa, usableCpuIsa());
  if (usableCpuIsa() >= CpuIsa::Avx512Vnni) {
    EXPECT_EQ(kernel.isa, CpuIsa::Avx512Vnni);
  }
}

} // namespace
