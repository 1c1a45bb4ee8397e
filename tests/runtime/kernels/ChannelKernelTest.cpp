//===- ChannelKernelTest.cpp - Inner loops with a scale for each channel --===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/ChannelKernels.h"
#include "runtime/kernels/lowbit/DotKernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

using namespace frac::runtime;

namespace {

/// One entry of the table.
class ChannelKernelTest : public testing::TestWithParam<const ChannelKernel *> {
protected:
  void SetUp() override {
    if (kernel.isa > usableCpuIsa())
      GTEST_SKIP() << "this processor has no " << kernel.name;
  }

  const ChannelKernel &kernel = *GetParam();
  std::mt19937 random{1};
};

/// Operands with memory of their own, of inputs from `least` to `most` and
/// weights from `leastWeight` to `mostWeight`. Scales are powers of two and
/// sums small enough that floats hold them exactly. Extremes are frequent.
template <typename Input, typename Weight>
struct Operands {
  static constexpr int64_t width = 4 / sizeof(Input);
  static constexpr int64_t rows = 2, channels = 5, rowStride = 31;

  Operands(int64_t pixels, int64_t blocks, int64_t steps, int least, int most,
           int leastWeight, int mostWeight, int64_t chain, std::mt19937 &random)
      : channelStride(rowStride * rows + steps * 3 + pixels + width),
        inputs(channels * channelStride + 16),
        weights(blocks * channels * steps * dotBlock * width), offsets(steps),
        first(blocks * channels * dotBlock), scales(channels) {
    auto extreme = [&](int from, int to) {
      const uint32_t choice = random();
      return choice % 4 == 0   ? from
             : choice % 4 == 1 ? to
                               : from + int(random() % (to - from + 1));
    };
    for (Input &input : inputs)
      input = Input(extreme(least, most));
    for (Weight &number : weights)
      number = Weight(extreme(leastWeight, mostWeight));
    for (int64_t s = 0; s < steps; ++s)
      offsets[s] = int32_t(s * 3);
    for (int32_t &number : first)
      number = int32_t(random() % 101) - 50;
    for (float &scale : scales)
      scale = float(1 << random() % 3) / 2;
    view = {inputs.data(),
            channelStride,
            rowStride,
            channels,
            rows,
            pixels,
            offsets.data(),
            steps,
            weights.data(),
            channels * steps * dotStepBytes,
            blocks,
            chain,
            std::is_same_v<Input, uint8_t> ? first.data() : nullptr,
            scales.data()};
  }

  double sum(int64_t row, int64_t pixel, int64_t output) const {
    double total = 0;
    for (int64_t c = 0; c < channels; ++c) {
      const int64_t block = output / dotBlock * channels + c;
      int64_t ofChannel =
          view.first ? first[block * dotBlock + output % dotBlock] : 0;
      for (int64_t s = 0; s < view.steps; ++s)
        for (int64_t j = 0; j < width; ++j)
          ofChannel += int64_t(inputs[c * channelStride + row * rowStride +
                                      pixel + offsets[s] + j]) *
                       weights[((block * view.steps + s) * dotBlock +
                                output % dotBlock) *
                                   width +
                               j];
      total += scales[c] * double(ofChannel);
    }
    return total;
  }

  int64_t channelStride;
  std::vector<Input> inputs;
  std::vector<Weight> weights;
  std::vector<int32_t> offsets, first;
  std::vector<float> scales;
  ChannelOperands view;
};

/// Runs loops with every term of the result and without, and compares.
template <typename Input, typename Weight>
void expectSums(void (*loops)(const ChannelOperands &, const ChannelResult &),
                const Operands<Input, Weight> &operands, std::mt19937 &random) {
  const ChannelOperands &view = operands.view;
  const int64_t outputs = view.blocks * dotBlock - 3;
  std::vector<float> totals(view.rows * view.pixels),
      border(4 * view.blocks * dotBlock),
      data(view.rows * view.pixels * outputs + 1, -1);
  for (std::vector<float> *reals : {&totals, &border})
    for (float &value : *reals)
      value = float(int32_t(random() % 101) - 50);
  const std::vector<int32_t> rowClass = {0, 2};
  std::vector<int32_t> columnClass(view.pixels);
  if (!columnClass.empty())
    columnClass.back() = 1;
  for (bool isWhole : {true, false}) {
    loops(view,
          {data.data(), view.pixels * outputs, outputs, outputs, 0.5f,
           isWhole ? totals.data() : nullptr, isWhole ? border.data() : nullptr,
           rowClass.data(), columnClass.data()});
    for (int64_t i = 0; i < int64_t(data.size()) - 1; ++i) {
      const int64_t row = i / outputs / view.pixels;
      const int64_t p = i / outputs % view.pixels, o = i % outputs;
      double want = operands.sum(row, p, o);
      if (isWhole)
        want += totals[row * view.pixels + p];
      want /= 2;
      if (isWhole)
        want +=
            border[(rowClass[row] + columnClass[p]) * view.blocks * dotBlock +
                   o];
      ASSERT_EQ(data[i], want)
          << "row " << row << ", pixel " << p << ", output " << o;
    }
    ASSERT_EQ(data.back(), -1) << "written beyond the last pixel";
  }
}

TEST_P(ChannelKernelTest, AddsBytes) {
  int ran = 0;
  for (int inputBits = 1; inputBits <= 8; ++inputBits)
    for (int weightBits = 1; weightBits <= 8; ++weightBits)
      for (int64_t pixels : {0, 1, 3, 8, 13}) {
        const int most = (1 << inputBits) - 1, weight = 1 << (weightBits - 1);
        const int64_t chain = dotChain(most, weight);
        if (chain == 0)
          continue;
        ++ran;
        const Operands<uint8_t, int8_t> operands(
            pixels, 1 + random() % 2, ran % 2 ? 3 : 1 + random() % 7, 0, most,
            -weight, weight - 1, chain, random);
        expectSums(kernel.bytes.run, operands, random);
      }
  EXPECT_GT(ran, 0);
}

TEST_P(ChannelKernelTest, AddsSignedBytes) {
  int ran = 0;
  for (int inputBits = 1; inputBits <= 7; ++inputBits)
    for (int weightBits = 1; weightBits <= 8; ++weightBits)
      for (int64_t pixels : {0, 1, 3, 8, 13}) {
        const int input = (1 << inputBits) - 1, weight = (1 << weightBits) - 1;
        const int64_t chain = dotChain(input, weight);
        if (chain == 0)
          continue;
        ++ran;
        const Operands<int8_t, uint8_t> operands(
            pixels, 1 + random() % 2, ran % 2 ? 3 : 1 + random() % 7, -input,
            input, 0, weight, chain, random);
        expectSums(kernel.signedBytes.run, operands, random);
      }
  EXPECT_GT(ran, 0);
}

TEST_P(ChannelKernelTest, AddsWords) {
  for (int64_t steps : {1, 4, 6, 9})
    for (int64_t pixels : {0, 1, 3, 8, 13}) {
      // Differences of numbers of 8 bits, and of 15: few of these, so that
      // floats hold their sums.
      expectSums(kernel.words.run,
                 Operands<int16_t, int16_t>(pixels, 2, steps, -255, 255, -256,
                                            255, INT16_MAX, random),
                 random);
      expectSums(kernel.words.run,
                 Operands<int16_t, int16_t>(pixels, 1, steps, -32767, 32767, -2,
                                            1, INT16_MAX, random),
                 random);
    }
}

/// A plane of several channels, and what its elements come to with factors
/// whose sums floats hold exactly.
template <typename Element>
void expectFactors(void (*loop)(const ChannelFactors &, float *),
                   std::mt19937 &random) {
  constexpr int64_t channels = 3;
  for (int64_t size : {0, 1, 15, 16, 17, 50}) {
    std::vector<Element> plane(channels * size + dotBlock);
    for (Element &element : plane)
      element = Element(random());
    const std::vector<float> factors = {0.5f, -2, 3};
    std::vector<float> result(size + dotBlock);
    const int32_t offset = int32_t(random() % 256);
    loop({plane.data(), size, channels, offset, factors.data()}, result.data());
    for (int64_t i = 0; i < size; ++i) {
      double want = 0;
      for (int64_t c = 0; c < channels; ++c)
        want += factors[c] * (double(plane[c * size + i]) - offset);
      ASSERT_EQ(result[i], want) << "element " << i << " of " << size;
    }
  }
}

TEST_P(ChannelKernelTest, AddsFactors) {
  expectFactors<uint8_t>(kernel.bytes.addFactors, random);
  expectFactors<int8_t>(kernel.signedBytes.addFactors, random);
  expectFactors<int16_t>(kernel.words.addFactors, random);
}

TEST_P(ChannelKernelTest, AddsTaps) {
  for (int64_t pixels : {0, 1, 15, 16, 33}) {
    constexpr int64_t rows = 2, rowStride = 40;
    const std::vector<int32_t> offsets = {0, 2, rowStride + 1};
    std::vector<float> numbers(3 * rowStride), sums(rows * pixels + 1, -1);
    for (float &number : numbers)
      number = float(random() % 1001) / 8;
    kernel.addTaps({numbers.data(), rowStride, 1, rows, pixels, offsets.data(),
                    int64_t(offsets.size()), 0},
                   sums.data());
    for (int64_t i = 0; i < rows * pixels; ++i) {
      float want = 0;
      for (int32_t offset : offsets)
        want += numbers[i / pixels * rowStride + i % pixels + offset];
      ASSERT_EQ(sums[i], want) << "sum " << i << " of rows of " << pixels;
    }
    EXPECT_EQ(sums.back(), -1) << "written beyond the last sum";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, ChannelKernelTest,
    testing::ValuesIn(channelKernels().begin,
                      channelKernels().begin + channelKernels().size),
    [](const auto &info) { return std::string(info.param->name); });

TEST(ChannelKernels, AreChosenByProcessor) {
  const ChannelKernel *kernel = chooseChannelKernel();
  if (usableCpuIsa() >= CpuIsa::Avx512Vnni) {
    EXPECT_EQ(kernel, nullptr);
    return;
  }
  ASSERT_NE(kernel, nullptr);
  EXPECT_LE(kernel->isa, usableCpuIsa());
}

} // namespace
