//===- DotKernelTest.cpp - Inner loops over packed bytes ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/DotKernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

using namespace frac::runtime;

namespace {

/// One entry of the table.
class DotKernelTest : public testing::TestWithParam<const DotKernel *> {
protected:
  void SetUp() override {
    if (kernel.isa > usableCpuIsa())
      GTEST_SKIP() << "this processor has no " << kernel.name;
  }

  const DotKernel &kernel = *GetParam();
  std::mt19937 random{1};
};

/// Operands with memory of their own. Extremes are frequent.
struct Operands {
  Operands(int inputBits, int weightBits, int64_t rows, int64_t pixels,
           int64_t blocks, int64_t steps, std::mt19937 &random)
      : inputs((rows * 7 + pixels * 8 + steps * 5) + 64),
        weights(blocks * steps * dotStepBytes), offsets(steps) {
    const int most = (1 << inputBits) - 1, center = 1 << (weightBits - 1);
    auto extreme = [&](int least, int largest) {
      const uint32_t choice = random();
      return choice % 4 == 0   ? least
             : choice % 4 == 1 ? largest
                               : least + int(random() % (largest - least + 1));
    };
    for (uint8_t &input : inputs)
      input = uint8_t(extreme(0, most));
    for (int8_t &weight : weights)
      weight = int8_t(extreme(-center, center - 1));
    // Some steps follow one another, or none.
    const int64_t run = 1 + random() % 3;
    for (int64_t s = 0; s < steps; ++s)
      offsets[s] = int32_t(s / run * run * 5 + s % run * 4);
    view = {inputs.data(),
            7,
            8,
            rows,
            pixels,
            offsets.data(),
            steps,
            weights.data(),
            steps * dotStepBytes,
            blocks,
            dotChain(most, center),
            dotRun(offsets.data(), steps)};
  }

  int64_t sum(int64_t row, int64_t pixel, int64_t output) const {
    int64_t total = 0;
    for (std::size_t s = 0; s < offsets.size(); ++s)
      for (int j = 0; j < 4; ++j)
        total += inputs[row * 7 + pixel * 8 + offsets[s] + j] *
                 weights[output / 16 * view.blockStride + s * dotStepBytes +
                         output % 16 * 4 + j];
    return total;
  }

  std::vector<uint8_t> inputs;
  std::vector<int8_t> weights;
  std::vector<int32_t> offsets;
  DotOperands view;
};

TEST_P(DotKernelTest, AddsExactSums) {
  int ran = 0;
  for (int inputBits = 1; inputBits <= 8; ++inputBits)
    for (int weightBits = 1; weightBits <= 8; ++weightBits)
      for (int64_t pixels : {0, 1, 3, 8, 13, 17}) {
        const int64_t blocks = 1 + random() % 4, steps = random() % 300;
        const Operands operands(inputBits, weightBits, 2, pixels, blocks, steps,
                                random);
        if (operands.view.chain < kernel.leastChain)
          continue;
        ++ran;
        const int64_t outputs = blocks * dotBlock;
        std::vector<int32_t> sums(2 * pixels * outputs, 7);
        kernel.accumulate(operands.view,
                          {sums.data(), pixels * outputs, outputs});
        for (int64_t i = 0; i < int64_t(sums.size()); ++i)
          ASSERT_EQ(sums[i],
                    7 + operands.sum(i / outputs / pixels, i / outputs % pixels,
                                     i % outputs))
              << inputBits << "x" << weightBits << ", element " << i;
      }
  EXPECT_GT(ran, 0);
}

/// The largest sum in magnitude that any inputs up to `largest` can have in 16
/// bits with a chain, as instructions add them up.
int64_t largestChainSum(const DotOperands &operands, int64_t chain,
                        int64_t largest) {
  int64_t most = 0;
  for (int64_t lane = 0; lane < operands.blocks * 2 * dotBlock; ++lane)
    for (int64_t begin = 0; begin < operands.steps; begin += chain) {
      int64_t positive = 0, negative = 0;
      for (int64_t s = begin; s < std::min(begin + chain, operands.steps); ++s)
        for (int64_t i = 0; i < 2; ++i) {
          const int64_t weight =
              operands.weights[lane / 32 * operands.blockStride +
                               s * dotStepBytes + lane % 32 * 2 + i];
          (weight > 0 ? positive : negative) += weight;
        }
      most = std::max({most, positive * largest, -negative * largest});
    }
  return most;
}

TEST_P(DotKernelTest, FitsChainsToWeights) {
  if (!kernel.fittingChain)
    GTEST_SKIP() << kernel.name << " has no chains";
  int longer = 0, longest = 0;
  for (int inputBits = 1; inputBits <= 8; ++inputBits)
    for (int weightBits = 2; weightBits <= 8; ++weightBits)
      for (int rare : {1, 4, 64}) {
        Operands operands(inputBits, weightBits, 1, 5, 1 + random() % 3,
                          1 + random() % 300, random);
        // Most weights are small, as they are in training.
        for (int8_t &weight : operands.weights)
          if (random() % rare)
            weight /= 8;
        // Inputs that add up most in some output.
        const int64_t largest = (1 << inputBits) - 1;
        for (std::size_t s = 0; s < operands.offsets.size(); ++s)
          for (int j = 0; j < 4; ++j)
            operands.inputs[operands.offsets[s] + j] =
                operands.weights[s * dotStepBytes + 5 * 4 + j] > 0 ? largest
                                                                   : 0;
        DotOperands &view = operands.view;
        if (view.chain < kernel.leastChain)
          continue;
        const int64_t least = view.chain;
        view.chain = kernel.fittingChain(view, largest);
        ASSERT_GE(view.chain, least);
        ASSERT_LE(largestChainSum(view, view.chain, largest), INT16_MAX);
        longest += view.chain >= view.steps;
        // Fewer and longer parts don't fit.
        const int64_t parts = (view.steps + view.chain - 1) / view.chain;
        if (parts > 1 && parts <= 5 && inputBits > 1) {
          const int64_t fewer = (view.steps + parts - 2) / (parts - 1);
          ASSERT_GT(largestChainSum(view, (fewer + 1) / 2 * 2, largest),
                    INT16_MAX - largest);
        }
        longer += view.chain > least;

        std::vector<int32_t> sums(5 * view.blocks * dotBlock);
        kernel.accumulate(view, {sums.data(), 0, view.blocks * dotBlock});
        for (int64_t i = 0; i < int64_t(sums.size()); ++i)
          ASSERT_EQ(sums[i], operands.sum(0, i / (view.blocks * dotBlock),
                                          i % (view.blocks * dotBlock)));
      }
  EXPECT_GT(longer, 50);
  EXPECT_GT(longest, 20);
}

TEST_P(DotKernelTest, ConvertsSums) {
  const int64_t pixels = 11, blocks = 3, outputs = 43;
  const Operands operands(7, 7, 2, pixels, blocks, 9, random);
  std::vector<int32_t> first(48), zeros(48), totals(2 * pixels);
  std::vector<float> scales(48), residuals(48), border(4 * 48);
  for (auto *integers : {&first, &zeros, &totals})
    for (int32_t &value : *integers)
      value = int32_t(random() % 101) - 50;
  for (auto *reals : {&scales, &residuals, &border})
    for (float &value : *reals)
      value = float(int32_t(random() % 101) - 50);
  const std::vector<int32_t> rowClass = {0, 2};
  std::vector<int32_t> columnClass(pixels);
  columnClass[3] = 1;
  std::vector<float> data(2 * pixels * outputs + 1, -1);
  DotResult result = {data.data(),
                      pixels * outputs,
                      outputs,
                      outputs,
                      1,
                      first.data(),
                      scales.data(),
                      totals.data(),
                      zeros.data(),
                      residuals.data(),
                      border.data(),
                      rowClass.data(),
                      columnClass.data()};
  for (bool isWhole : {true, false}) {
    if (!isWhole) {
      result.totals = nullptr;
      result.border = nullptr;
    }
    kernel.convert(operands.view, result);
    for (int64_t i = 0; i < 2 * pixels * outputs; ++i) {
      const int64_t row = i / outputs / pixels, p = i / outputs % pixels;
      const int64_t o = i % outputs;
      int64_t sum = first[o] + operands.sum(row, p, o);
      double want = 0;
      if (isWhole) {
        const int32_t total = totals[row * pixels + p];
        sum -= int64_t(zeros[o]) * total;
        want = double(residuals[o]) * total +
               border[(rowClass[row] + columnClass[p]) * 48 + o];
      }
      want += double(scales[o]) * double(sum);
      ASSERT_NEAR(data[i], want,
                  1e-6 * (1 + std::abs(want)) +
                      1e-7 * std::abs(scales[o] * double(sum)));
    }
    EXPECT_EQ(data.back(), -1);
  }
}

TEST_P(DotKernelTest, JoinsPlanes) {
  const int64_t pixels = 5, outputs = 20;
  for (int32_t planes : {2, 3}) {
    const int64_t blocks = 2 * planes;
    const Operands operands(7, 7, 1, pixels, blocks, 9, random);
    std::vector<int32_t> first(blocks * 16);
    for (int32_t &value : first)
      value = int32_t(random() % 101) - 50;
    const std::vector<float> scales(32, 0.5f);
    std::vector<float> data(pixels * outputs);
    kernel.convert(operands.view,
                   {data.data(), 0, outputs, outputs, planes, first.data(),
                    scales.data(), nullptr, nullptr, nullptr, nullptr, nullptr,
                    nullptr});
    for (int64_t i = 0; i < pixels * outputs; ++i) {
      const int64_t o = i % outputs;
      int64_t sum = 0;
      for (int32_t plane = 0; plane < planes; ++plane) {
        const int64_t at = (o / 16 * planes + plane) * 16 + o % 16;
        sum = 256 * sum + first[at] + operands.sum(0, i / outputs, at);
      }
      ASSERT_FLOAT_EQ(data[i], 0.5f * float(sum));
    }
  }
}

TEST_P(DotKernelTest, JoinsDigits) {
  if (!kernel.convertDigits)
    GTEST_SKIP() << kernel.name << " has no loops over digits";
  const int64_t outputs = 20, blocks = 4, steps = 9;
  for (int64_t pixels : {1, 2, 5})
    for (int32_t zero : {0, 3, 255}) {
      Operands operands(8, 8, 2, pixels, blocks, steps, random);
      // (block, step, parity of the channel, output, half of the channel)
      std::vector<int16_t> digits(blocks * steps * 64);
      for (int16_t &digit : digits)
        digit = int16_t(random() % 4099) - 2049;
      operands.view.weights = reinterpret_cast<const int8_t *>(digits.data());
      operands.view.blockStride = steps * 128;
      operands.view.zero = zero;
      const std::vector<float> scales(32, 0.5f);
      std::vector<float> data(2 * pixels * outputs);
      DotResult result = {};
      result.data = data.data();
      result.rowStride = pixels * outputs;
      result.pixelStride = result.outputs = outputs;
      result.planes = 2;
      result.scales = scales.data();
      result.base = 4096;
      kernel.convertDigits(operands.view, result);
      const DotOperands &view = operands.view;
      for (int64_t i = 0; i < int64_t(data.size()); ++i) {
        const int64_t o = i % outputs, pixel = i / outputs;
        const uint8_t *input = view.inputs + pixel / pixels * view.rowStride +
                               pixel % pixels * view.pixelStride;
        double sum = 0;
        for (int64_t digit = 0; digit < 2; ++digit) {
          int64_t ofDigit = 0;
          for (int64_t s = 0; s < steps; ++s)
            for (int64_t c = 0; c < 4; ++c)
              ofDigit += int64_t(input[view.offsets[s] + c] - zero) *
                         digits[((o / 16 * 2 + digit) * steps + s) * 64 +
                                c % 2 * 32 + o % 16 * 2 + c / 2];
          sum = sum * 4096 + double(ofDigit);
        }
        ASSERT_NEAR(data[i], 0.5 * sum, 3e-7 * std::abs(sum) + 1e3);
      }
    }
}

TEST_P(DotKernelTest, AddsTaps) {
  std::vector<int32_t> numbers(500);
  for (int32_t &number : numbers)
    number = int32_t(random() % 1000);
  const std::vector<int32_t> offsets = {0, 1, 40, 42};
  for (int64_t stride : {1, 2})
    for (int64_t pixels : {1, 16, 37}) {
      std::vector<int32_t> result(2 * pixels);
      kernel.addTaps(
          {numbers.data(), 100, stride, 2, pixels, offsets.data(), 4, -5},
          result.data());
      for (int64_t i = 0; i < 2 * pixels; ++i) {
        int32_t want = -5;
        for (int32_t offset : offsets)
          want += numbers[i / pixels * 100 + i % pixels * stride + offset];
        ASSERT_EQ(result[i], want);
      }
    }
}

TEST_P(DotKernelTest, AddsAndPacksBytes) {
  std::vector<uint8_t> pixels(600 * 19);
  for (uint8_t &byte : pixels)
    byte = uint8_t(random() % 3 ? 255 : random());
  // Short rows, long ones, and one that 16 bits do not hold.
  for (int64_t width : {1, 7, 290, 590}) {
    std::vector<int32_t> sums(16, 3);
    const int64_t rows = 590 / width;
    kernel.addBytes({pixels.data(), rows, width * 19, width, 19}, sums.data());
    for (int c = 0; c < 16; ++c) {
      int32_t want = 3;
      for (int64_t x = 0; x < rows * width; ++x)
        want += pixels[x * 19 + c];
      ASSERT_EQ(sums[c], want);
    }
  }
  std::vector<int8_t> steps(7 * dotStepBytes);
  kernel.packSteps(pixels.data(), 7, 19, 128, steps.data());
  for (int i = 0; i < int(steps.size()); ++i)
    ASSERT_EQ(steps[i],
              int8_t(pixels[(i / 64 * 4 + i % 4) * 19 + i % 64 / 4] - 128));
}

INSTANTIATE_TEST_SUITE_P(Table, DotKernelTest,
                         testing::ValuesIn(dotKernels().begin,
                                           dotKernels().begin +
                                               dotKernels().size),
                         [](const auto &info) {
                           std::string name = info.param->name;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

TEST(DotKernels, AreChosenByWidth) {
  for (int64_t chain : {0, 1, 8}) {
    const DotKernel &kernel = chooseDotKernel(chain);
    EXPECT_LE(kernel.isa, usableCpuIsa());
    EXPECT_LE(kernel.leastChain, chain);
  }
  // Offsets in runs of three, in one run, and without.
  const int32_t threes[] = {0, 4, 8, 40, 44, 48, 80, 84};
  EXPECT_EQ(dotRun(threes, 8), 3);
  EXPECT_EQ(dotRun(threes, 3), 3);
  const int32_t uneven[] = {0, 4, 8, 40, 44, 80};
  EXPECT_EQ(dotRun(uneven, 6), 1);
  EXPECT_EQ(dotRun(uneven, 0), 1);
  // Two products of 8 bits each do not fit 16 bits.
  EXPECT_EQ(dotChain(255, 128), 0);
  EXPECT_EQ(dotChain(255, 64), 1);
  EXPECT_EQ(dotChain(63, 32), 8);
}

} // namespace
