//===- ConvTest.cpp - Convolution products --------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConvGeometry.h"
#include "NaiveContractions.h"

#include "runtime/kernels/Profile.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <ostream>
#include <string>

using namespace frac::test;

namespace {

const Geometry geometries[] = {
    // As networks have them.
    square("first3x3", 1, 3, 16, 12, 3, 1, 1),
    square("first7x7", 1, 3, 24, 21, 7, 2, 3),
    square("gray5x5", 1, 1, 6, 14, 5, 1, 2),
    square("lenet5x5", 1, 6, 16, 14, 5, 1, 0),
    square("same16", 1, 16, 16, 10, 3, 1, 1),
    square("down3x3", 1, 16, 32, 12, 3, 2, 1),
    square("down1x1", 1, 16, 32, 12, 1, 2, 0),
    square("pointwise", 1, 24, 72, 7, 1, 1, 0),
    square("pointwiseOdd", 1, 13, 29, 7, 1, 1, 0),
    square("wide", 1, 64, 48, 5, 3, 1, 1),
    square("toOne", 1, 17, 1, 6, 3, 1, 1),
    square("oneToOne", 1, 1, 1, 6, 3, 1, 1),
    square("whole", 1, 8, 10, 4, 4, 1, 0),
    // Odd extents and channels, strides up to 3, dilation.
    square("odd", 1, 5, 7, 9, 3, 1, 1),
    square("oddStride2", 1, 5, 7, 11, 3, 2, 1),
    square("stride3", 1, 7, 5, 13, 3, 3, 1),
    square("stride3kernel2", 1, 4, 9, 13, 2, 3, 0),
    square("stride2kernel4", 1, 8, 16, 12, 4, 2, 1),
    square("unreachedInput", 1, 16, 16, 12, 3, 2, 0),
    square("unreachedInput1x1", 1, 16, 16, 12, 1, 3, 0),
    square("dilated", 1, 6, 10, 11, 3, 1, 2, 2),
    square("dilated16", 1, 16, 16, 11, 3, 1, 2, 2),
    square("dilatedStride2", 1, 6, 10, 15, 3, 2, 3, 3),
    square("paddedPointwise", 1, 16, 16, 5, 1, 1, 1),
    square("windowInPadding", 1, 4, 4, 5, 2, 1, 3),
    {"asymmetricPad",
     1,
     16,
     24,
     {9, 10},
     {3, 3},
     {1, 1},
     {1, 1},
     {0, 1},
     {1, 0}},
    {"samePadStride2",
     1,
     16,
     24,
     {10, 10},
     {3, 3},
     {2, 2},
     {1, 1},
     {0, 0},
     {1, 1}},
    {"rectangular", 1, 12, 20, {7, 13}, {1, 5}, {1, 2}, {1, 1}, {0, 2}, {0, 2}},
    {"mixed", 1, 9, 11, {12, 9}, {4, 2}, {3, 2}, {1, 3}, {2, 1}, {0, 3}},
    // Groups.
    square("groups2", 2, 8, 12, 9, 3, 1, 1),
    square("groups4stride2", 4, 64, 32, 8, 3, 2, 1),
    square("groups3odd", 3, 9, 15, 7, 3, 1, 1),
    square("groups1x1", 4, 16, 32, 6, 1, 1, 0),
    // Depthwise.
    square("depthwise16", 16, 16, 16, 10, 3, 1, 1),
    square("depthwise32stride2", 32, 32, 32, 12, 3, 2, 1),
    square("depthwise13", 13, 13, 13, 9, 3, 1, 1),
    square("depthwise13stride2", 13, 13, 13, 9, 3, 2, 1),
    square("depthwise96", 96, 96, 96, 5, 3, 1, 1),
    square("depthwise7x7", 24, 24, 24, 9, 7, 1, 3),
    square("depthwise5x5stride2", 40, 40, 40, 11, 5, 2, 2),
    square("depthwiseDilated", 16, 16, 16, 11, 3, 1, 2, 2),
    square("depthwiseMultiplier", 8, 8, 24, 7, 3, 1, 1),
    square("depthwiseNoPad", 20, 20, 20, 6, 3, 1, 0),
    square("depthwiseUnreached", 20, 20, 20, 12, 3, 2, 0),
    square("depthwiseTiny", 20, 20, 20, 1, 3, 1, 1),
    square("depthwiseStride3", 18, 18, 18, 11, 2, 3, 0),
    {"depthwiseAsymmetric",
     32,
     32,
     32,
     {10, 9},
     {3, 3},
     {2, 1},
     {1, 1},
     {0, 2},
     {1, 1}},
    {"depthwise1d", 16, 16, 16, {19}, {3}, {1}, {1}, {1}, {1}},
    {"depthwise3d",
     6,
     6,
     6,
     {4, 5, 6},
     {3, 3, 3},
     {1, 1, 1},
     {1, 1, 1},
     {1, 1, 1},
     {1, 1, 1}},
    // One and three dimensions.
    {"line", 1, 8, 16, {23}, {5}, {1}, {1}, {2}, {2}},
    {"lineStride2", 1, 5, 7, {23}, {3}, {2}, {2}, {1}, {0}},
    {"linePointwise", 1, 16, 16, {11}, {1}, {1}, {1}, {0}, {0}},
    {"volume",
     1,
     4,
     8,
     {5, 6, 7},
     {3, 3, 3},
     {1, 1, 1},
     {1, 1, 1},
     {1, 1, 1},
     {1, 1, 1}},
    {"volumeStride",
     1,
     16,
     16,
     {7, 6, 5},
     {3, 2, 1},
     {2, 1, 2},
     {1, 2, 1},
     {1, 0, 0},
     {0, 1, 0}},
};

/// One runtime for all geometries, so that its cache holds them side by side.
class ConvTest : public testing::TestWithParam<Geometry> {
protected:
  static void SetUpTestSuite() { runtime = frac_runtime_create(2); }
  static void TearDownTestSuite() {
    EXPECT_EQ(frac_runtime_error(runtime), nullptr);
    frac_runtime_destroy(runtime);
    runtime = nullptr;
  }
  static frac_runtime *runtime;

  /// Fills the results so that what a kernel leaves out shows.
  static Floats poison(std::size_t size) {
    return Floats(size, std::numeric_limits<float>::quiet_NaN());
  }
};

frac_runtime *ConvTest::runtime = nullptr;

TEST_P(ConvTest, EqualsDefinition) {
  const frac_conv_shape shape = GetParam().shape();
  for (int64_t batch : {1, 3, 7, 3}) {
    SCOPED_TRACE("batch " + std::to_string(batch));
    Floats src = randomFloats(sourceSize(shape, batch), batch);
    Floats weights = randomFloats(weightsSize(shape), 100 + batch);
    Floats diffDst = randomFloats(destinationSize(shape, batch), 200 + batch);

    Floats dst = poison(diffDst.size());
    frac_conv_forward(runtime, &shape, batch, src.data(), weights.data(),
                      dst.data());
    {
      SCOPED_TRACE("forward");
      expectSums(dst, naiveForward(shape, batch, src, weights));
    }
    Floats diffSrc = poison(src.size());
    frac_conv_input_grad(runtime, &shape, batch, diffDst.data(), weights.data(),
                         diffSrc.data());
    {
      SCOPED_TRACE("input grad");
      expectSums(diffSrc, naiveInputGrad(shape, batch, diffDst, weights));
    }
    Floats diffWeights = poison(weights.size());
    frac_conv_weight_grad(runtime, &shape, batch, src.data(), diffDst.data(),
                          diffWeights.data());
    {
      SCOPED_TRACE("weight grad");
      expectSums(diffWeights, naiveWeightGrad(shape, batch, src, diffDst));
    }
    ASSERT_EQ(frac_runtime_error(runtime), nullptr)
        << frac_runtime_error(runtime);
  }
}

TEST_P(ConvTest, RepeatsBits) {
  const frac_conv_shape shape = GetParam().shape();
  const int64_t batch = 7;
  Floats src = randomFloats(sourceSize(shape, batch), 1);
  Floats weights = randomFloats(weightsSize(shape), 2);
  Floats diffDst = randomFloats(destinationSize(shape, batch), 3);
  Floats firstDst, firstDiffSrc, firstDiffWeights;
  for (int run = 0; run < 4; ++run) {
    // A runtime of its own in half of the runs, the same one in the others.
    frac_runtime *used = run % 2 ? frac_runtime_create(2) : runtime;
    Floats dst = poison(diffDst.size());
    frac_conv_forward(used, &shape, batch, src.data(), weights.data(),
                      dst.data());
    Floats diffSrc = poison(src.size());
    frac_conv_input_grad(used, &shape, batch, diffDst.data(), weights.data(),
                         diffSrc.data());
    Floats diffWeights = poison(weights.size());
    frac_conv_weight_grad(used, &shape, batch, src.data(), diffDst.data(),
                          diffWeights.data());
    if (used != runtime)
      frac_runtime_destroy(used);
    if (run == 0) {
      firstDst = dst;
      firstDiffSrc = diffSrc;
      firstDiffWeights = diffWeights;
    }
    ASSERT_EQ(dst, firstDst);
    ASSERT_EQ(diffSrc, firstDiffSrc);
    ASSERT_EQ(diffWeights, firstDiffWeights);
  }
}

INSTANTIATE_TEST_SUITE_P(Geometries, ConvTest, testing::ValuesIn(geometries),
                         [](const auto &info) { return info.param.name; });

/// Depthwise convolutions have loops of our own, which promise more.
TEST(Depthwise, SameBitsForAnyNumberOfThreads) {
  const Geometry shapes[] = {
      square("", 24, 24, 24, 9, 3, 1, 1),
      square("", 37, 37, 37, 12, 5, 2, 2),
      square("", 16, 16, 16, 5, 7, 1, 3),
  };
  for (const Geometry &geometry : shapes) {
    const frac_conv_shape shape = geometry.shape();
    const int64_t batch = 5;
    Floats src = randomFloats(sourceSize(shape, batch), 1);
    Floats weights = randomFloats(weightsSize(shape), 2);
    Floats diffDst = randomFloats(destinationSize(shape, batch), 3);
    Floats firstDst, firstDiffSrc, firstDiffWeights;
    for (int threads : {1, 2, 3, 7}) {
      frac_runtime *runtime = frac_runtime_create(threads);
      Floats dst(diffDst.size());
      Floats diffSrc(src.size());
      Floats diffWeights(weights.size());
      frac_conv_forward(runtime, &shape, batch, src.data(), weights.data(),
                        dst.data());
      frac_conv_input_grad(runtime, &shape, batch, diffDst.data(),
                           weights.data(), diffSrc.data());
      frac_conv_weight_grad(runtime, &shape, batch, src.data(), diffDst.data(),
                            diffWeights.data());
      for (const auto &record : frac::runtime::kernelRecords(*runtime))
        EXPECT_EQ(record.implementation.rfind("depthwise:", 0), 0u);
      frac_runtime_destroy(runtime);
      if (threads == 1) {
        firstDst = dst;
        firstDiffSrc = diffSrc;
        firstDiffWeights = diffWeights;
      }
      EXPECT_EQ(dst, firstDst);
      EXPECT_EQ(diffSrc, firstDiffSrc);
      EXPECT_EQ(diffWeights, firstDiffWeights);
    }
  }
}

/// Small gradients by the weights are sums over parts of the batch.
TEST(ConvWeightGrad, SameBitsForAnyNumberOfThreads) {
  const Geometry shapes[] = {
      square("", 1, 3, 16, 20, 3, 1, 1),
      square("", 1, 16, 32, 9, 1, 2, 0),
      square("", 2, 8, 8, 11, 5, 1, 2),
  };
  for (const Geometry &geometry : shapes)
    for (int64_t batch : {1, 7, 37}) {
      const frac_conv_shape shape = geometry.shape();
      const Floats src = randomFloats(sourceSize(shape, batch), 1);
      const Floats diffDst = randomFloats(destinationSize(shape, batch), 2);
      Floats first;
      for (int threads : {1, 2, 3, 7}) {
        frac_runtime *runtime = frac_runtime_create(threads);
        Floats diffWeights(weightsSize(shape));
        frac_conv_weight_grad(runtime, &shape, batch, src.data(),
                              diffDst.data(), diffWeights.data());
        ASSERT_EQ(frac_runtime_error(runtime), nullptr);
        frac_runtime_destroy(runtime);
        if (threads == 1)
          first = diffWeights;
        EXPECT_EQ(diffWeights, first);
      }
    }
}

/// What one runtime recorded as its error.
std::string errorOf(const frac_conv_shape &shape, int64_t batch) {
  frac_runtime *runtime = frac_runtime_create(1);
  float dummy = 42;
  frac_conv_forward(runtime, &shape, batch, &dummy, &dummy, &dummy);
  EXPECT_EQ(dummy, 42);
  const char *error = frac_runtime_error(runtime);
  std::string text = error ? error : "";
  frac_runtime_destroy(runtime);
  return text;
}

TEST(ConvErrors, AreRecorded) {
  const frac_conv_shape good = square("", 1, 4, 4, 8, 3, 1, 1).shape();
  frac_conv_shape shape = good;
  shape.spatial_rank = 4;
  EXPECT_NE(errorOf(shape, 1).find("4 spatial dimensions, expected 1 to 3"),
            std::string::npos);
  shape = good;
  shape.groups = 3;
  EXPECT_NE(errorOf(shape, 1).find("3 groups"), std::string::npos);
  shape = good;
  shape.stride[1] = 0;
  EXPECT_NE(errorOf(shape, 1).find("out of range in spatial dimension 1"),
            std::string::npos);
  shape = good;
  shape.output[0] = 9;
  EXPECT_NE(errorOf(shape, 1).find("beyond the padded input"),
            std::string::npos);
  for (int64_t huge : {int64_t(1) << 31, int64_t(1) << 62, INT64_MAX}) {
    shape = good;
    shape.input[0] = shape.output[0] = huge;
    EXPECT_NE(errorOf(shape, 1).find("too large"), std::string::npos);
  }
  shape = good;
  for (int64_t d : {0, 1})
    shape.input[d] = shape.output[d] = INT32_MAX;
  EXPECT_NE(errorOf(shape, INT32_MAX).find("too large"), std::string::npos);
  EXPECT_NE(errorOf(good, -1).find("too large"), std::string::npos);
}

TEST(ConvErrors, FirstOneStays) {
  frac_runtime *runtime = frac_runtime_create(1);
  frac_conv_shape shape = square("", 1, 4, 4, 8, 3, 1, 1).shape();
  shape.groups = 3;
  float dummy = 42;
  frac_conv_forward(runtime, &shape, 1, &dummy, &dummy, &dummy);
  std::string first = frac_runtime_error(runtime);
  shape.groups = 5;
  frac_conv_forward(runtime, &shape, 1, &dummy, &dummy, &dummy);
  EXPECT_EQ(first, frac_runtime_error(runtime));
  // Nothing is computed after an error.
  frac_matmul(runtime, 1, 1, 1, 0, 0, 0, nullptr, nullptr, &dummy);
  EXPECT_EQ(dummy, 42);
  frac_runtime_destroy(runtime);
}

TEST(ConvEmpty, NothingOrZeros) {
  frac_runtime *runtime = frac_runtime_create(2);
  frac_conv_shape shape = square("", 1, 4, 6, 8, 3, 1, 1).shape();
  frac_conv_forward(runtime, &shape, 0, nullptr, nullptr, nullptr);
  frac_conv_input_grad(runtime, &shape, 0, nullptr, nullptr, nullptr);
  Floats weights(weightsSize(shape), 1.0f);
  frac_conv_weight_grad(runtime, &shape, 0, nullptr, nullptr, weights.data());
  EXPECT_EQ(weights, Floats(weights.size(), 0.0f));

  frac_conv_shape noInputs = shape;
  noInputs.in_channels = 0;
  Floats dst(destinationSize(shape, 1), 1.0f);
  frac_conv_forward(runtime, &noInputs, 1, nullptr, nullptr, dst.data());
  EXPECT_EQ(dst, Floats(dst.size(), 0.0f));

  frac_conv_shape noOutputs = shape;
  noOutputs.out_channels = 0;
  frac_conv_forward(runtime, &noOutputs, 1, nullptr, nullptr, nullptr);
  Floats src(sourceSize(shape, 1), 1.0f);
  frac_conv_input_grad(runtime, &noOutputs, 1, nullptr, nullptr, src.data());
  EXPECT_EQ(src, Floats(src.size(), 0.0f));
  EXPECT_EQ(frac_runtime_error(runtime), nullptr);
  frac_runtime_destroy(runtime);
}

/// A transposed convolution whose output goes on for more than a stride behind
/// the last window.
TEST(ConvTranspose, LongTailIsZero) {
  frac_runtime *runtime = frac_runtime_create(2);
  frac_conv_shape shape = square("", 1, 3, 5, 12, 3, 2, 0).shape();
  shape.output[0] = shape.output[1] = 3;
  shape.input[1] = 9;
  Floats diffDst = randomFloats(destinationSize(shape, 2), 1);
  Floats weights = randomFloats(weightsSize(shape), 2);
  Floats diffSrc(sourceSize(shape, 2), -1.0f);
  frac_conv_input_grad(runtime, &shape, 2, diffDst.data(), weights.data(),
                       diffSrc.data());
  ASSERT_EQ(frac_runtime_error(runtime), nullptr)
      << frac_runtime_error(runtime);
  expectSums(diffSrc, naiveInputGrad(shape, 2, diffDst, weights));
  frac_runtime_destroy(runtime);
}

} // namespace
