//===- LowbitConvTest.cpp - Convolutions of integers ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConvGeometry.h"
#include "NaiveContractions.h"
#include "QuantizedTensor.h"

#include "runtime/kernels/Profile.h"
#include "runtime/kernels/lowbit/ChannelKernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>

using namespace frac::test;

namespace {

using RuntimePointer = std::unique_ptr<frac_runtime, void (*)(frac_runtime *)>;

RuntimePointer makeRuntime(int threads) {
  return {frac_runtime_create(threads), frac_runtime_destroy};
}

/// The operands of a convolution's three products, as they are to be made.
struct Forms {
  TensorForm activations, weights, errors;
};

/// The largest magnitude of each input channel's weights, in the weights'
/// layout.
Reals largestOfInputs(const frac_conv_shape &shape, const Reals &weights) {
  const int64_t inputs = shape.in_channels / shape.groups;
  const int64_t outputs = shape.out_channels / shape.groups;
  const int64_t taps = weights.size() / shape.out_channels / inputs;
  Reals largest(shape.in_channels);
  auto forEach = [&](auto body) {
    for (int64_t o = 0; o < shape.out_channels; ++o)
      for (int64_t i = 0; i < inputs; ++i)
        for (int64_t t = 0; t < taps; ++t)
          body((o * inputs + i) * taps + t, o / outputs * inputs + i);
  };
  forEach([&](int64_t at, int64_t channel) {
    largest[channel] = std::max(largest[channel], std::abs(weights[at]));
  });
  Reals spread(weights.size());
  forEach([&](int64_t at, int64_t channel) { spread[at] = largest[channel]; });
  return spread;
}

/// Expects each of `got` to be its sum within float rounding and `slack`, or to
/// equal it if `exact`.
void expectClose(const Floats &got, const Sums &want, bool exact,
                 const Sums *slack = nullptr) {
  ASSERT_EQ(got.size(), want.value.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    double tolerance = 3e-6 * want.magnitude[i];
    if (exact && want.magnitude[i] < (1 << 24))
      tolerance = 0;
    // See the C interface.
    if (slack)
      tolerance += slack->magnitude[i] * std::exp2(-19.6);
    ASSERT_LE(std::abs(got[i] - want.value[i]), tolerance)
        << "element " << i << " is " << got[i] << " instead of "
        << want.value[i];
  }
}

/// Runs all products of a convolution and compares them with the definition.
void expectDefinition(frac_runtime *runtime, const Geometry &geometry,
                      int64_t batch, const Forms &forms, uint64_t seed) {
  const frac_conv_shape shape = geometry.shape();
  auto ofImages = [&](std::size_t size, const TensorForm &form, uint64_t n) {
    return QuantizedTensor(batch, size / batch, form, seed + n);
  };
  const auto src = ofImages(sourceSize(shape, batch), forms.activations, 1);
  const auto errors = ofImages(destinationSize(shape, batch), forms.errors, 2);
  const QuantizedTensor weights(shape.out_channels,
                                weightsSize(shape) / shape.out_channels,
                                forms.weights, seed + 3);
  const frac_quantized a = src.view(), w = weights.view(), e = errors.view();
  auto isExact = [](const TensorForm &form) {
    return form.range == Range::Integers;
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  {
    SCOPED_TRACE("forward");
    Floats dst(errors.values().size(), nan);
    frac_qconv_forward(runtime, &shape, batch, &a, &w, dst.data());
    expectClose(dst, naiveForward(shape, batch, src.values(), weights.values()),
                isExact(forms.activations) && isExact(forms.weights));
  }
  {
    SCOPED_TRACE("input grad");
    Floats diffSrc(src.values().size(), nan);
    frac_qconv_input_grad(runtime, &shape, batch, &e, &w, diffSrc.data());
    const Sums want =
        naiveInputGrad(shape, batch, errors.values(), weights.values());
    if (w.scale_dim < 0) {
      expectClose(diffSrc, want,
                  isExact(forms.errors) && isExact(forms.weights));
    } else {
      const Sums slack =
          naiveInputGrad(shape, batch, errors.values(),
                         largestOfInputs(shape, weights.values()));
      expectClose(diffSrc, want, false, &slack);
    }
  }
  {
    SCOPED_TRACE("weight grad");
    Floats diffWeights(weights.values().size(), nan);
    frac_qconv_weight_grad(runtime, &shape, batch, &a, &e, diffWeights.data());
    expectClose(diffWeights,
                naiveWeightGrad(shape, batch, src.values(), errors.values()),
                isExact(forms.activations) && isExact(forms.errors));
  }
  ASSERT_EQ(frac_runtime_error(runtime), nullptr)
      << frac_runtime_error(runtime);
}

/// Mixtures of forms that every geometry is tested with.
const std::pair<const char *, Forms> mixtures[] = {
    {"training8", {{8, 0, Range::Positive}, {8, 0, Range::Around, 0}, {8}}},
    {"training4and8", {{4, 0, Range::Positive}, {4, 0, Range::Around, 0}, {8}}},
    {"oneScale", {{6}, {6}, {6}}},
    {"away", {{7, 0, Range::Away}, {8, 0, Range::Away}, {5, 0, Range::Away}}},
    {"integers8",
     {{8, 0, Range::Integers},
      {8, 0, Range::Integers},
      {8, 0, Range::Integers}}},
    {"integers4",
     {{4, 0, Range::Integers},
      {3, 0, Range::Integers, 0},
      {2, 0, Range::Integers}}},
    {"perSample",
     {{8, 5, Range::Around, 0},
      {5, 0, Range::Around, 0},
      {8, 3, Range::Around, 0}}},
    {"perSampleIntegers",
     {{6, 4, Range::Integers, 0},
      {8, 0, Range::Integers},
      {8, 6, Range::Integers, 0}}},
    {"widthsPerSampleOneScale",
     {{6, 3, Range::Positive}, {8, 0, Range::Around, 0}, {8, 4}}},
    {"leftOut",
     {{8, 5, Range::Around, 0, 0, 3},
      {5, 0, Range::Around, 0},
      {8, 3, Range::Around, 0, 0, 2}}},
    {"leftOutWide",
     {{11, 5, Range::Integers, 0, 0, 2},
      {8, 0, Range::Integers},
      {12, 6, Range::Integers, 0, 0, 3}}},
    {"mixedWide",
     {{6, 3, Range::Positive, 0},
      {4, 0, Range::Around, 0},
      {12, 6, Range::Around, 0, 0, 4}}},
    {"wideErrors", {{8, 0, Range::Positive}, {8, 0, Range::Around, 0}, {16}}},
    {"wideAll",
     {{12, 0, Range::Around},
      {16, 0, Range::Away, 0},
      {10, 0, Range::Around, 0}}},
    {"wideStorage",
     {{8, 2, Range::Positive, -1, 2},
      {7, 0, Range::Around, -1, 2},
      {8, 0, Range::Around, 0, 2}}},
    {"narrowInWideStorage",
     {{6, 0, Range::Positive, -1, 2},
      {5, 0, Range::Around, -1, 2},
      {6, 2, Range::Around, 0, 2}}},
    {"wideIntegers",
     {{9, 0, Range::Integers},
      {4, 0, Range::Integers},
      {11, 0, Range::Integers}}},
};

const Geometry geometries[] = {
    square("same16", 1, 16, 16, 8, 3, 1, 1),
    square("wide", 1, 32, 48, 5, 3, 1, 1),
    square("filtered", 1, 68, 65, 7, 3, 1, 1),
    square("filteredGroups", 2, 64, 34, 6, 3, 1, 0),
    {"filteredLong",
     1,
     32,
     33,
     {5, 71},
     {3, 3},
     {1, 1},
     {1, 1},
     {2, 0},
     {0, 1}},
    square("odd", 1, 5, 7, 9, 3, 1, 1),
    square("first", 1, 3, 17, 7, 3, 1, 1),
    square("toOne", 1, 18, 1, 6, 3, 1, 1),
    square("oneToOne", 1, 1, 1, 6, 3, 1, 1),
    square("kernel5", 1, 6, 20, 9, 5, 1, 2),
    square("kernel4", 1, 8, 16, 10, 4, 2, 1),
    square("down3x3", 1, 16, 32, 10, 3, 2, 1),
    square("downOdd", 1, 5, 7, 11, 3, 2, 1),
    square("down1x1", 1, 16, 32, 8, 1, 2, 0),
    square("down5x5", 1, 8, 12, 11, 5, 2, 2),
    square("stride3", 1, 7, 5, 13, 3, 3, 1),
    square("unreached", 1, 4, 9, 13, 2, 3, 0),
    square("pointwise", 1, 24, 40, 7, 1, 1, 0),
    square("pointwiseOdd", 1, 13, 29, 7, 1, 1, 0),
    square("dilated", 1, 6, 10, 11, 3, 1, 2, 2),
    square("dilatedStride2", 1, 6, 10, 15, 3, 2, 3, 3),
    square("dilated32", 1, 32, 52, 13, 3, 1, 2, 2),
    square("dilated16Stride2", 1, 16, 20, 15, 3, 2, 3, 3),
    square("windowInPadding", 1, 4, 4, 5, 2, 1, 3),
    square("wholeImage", 1, 8, 10, 4, 4, 1, 0),
    square("groups2", 2, 8, 12, 9, 3, 1, 1),
    square("groups2of16", 2, 32, 32, 9, 3, 1, 1),
    square("groups3odd", 3, 9, 15, 7, 3, 2, 1),
    square("groups1x1", 4, 16, 32, 6, 1, 1, 0),
    square("depthwise16", 16, 16, 16, 10, 3, 1, 1),
    square("depthwise21", 21, 21, 21, 9, 3, 2, 1),
    square("depthwise5x5", 40, 40, 40, 7, 5, 1, 2),
    square("depthwiseMultiplier", 8, 8, 24, 7, 3, 1, 1),
    {"asymmetric", 1, 16, 24, {9, 10}, {3, 3}, {1, 1}, {1, 1}, {0, 1}, {1, 0}},
    {"mixed", 1, 9, 11, {12, 9}, {4, 2}, {3, 2}, {1, 3}, {2, 1}, {0, 3}},
    {"rowInPadding", 1, 4, 18, {1, 12}, {1, 4}, {2, 2}, {1, 2}, {3, 3}, {1, 2}},
    {"rectangular", 1, 12, 20, {7, 13}, {1, 5}, {1, 2}, {1, 1}, {0, 2}, {0, 2}},
    {"line", 1, 8, 16, {23}, {5}, {1}, {1}, {2}, {2}},
    {"lineStride2", 1, 5, 7, {23}, {3}, {2}, {2}, {1}, {0}},
    {"volume",
     1,
     4,
     8,
     {4, 3, 5},
     {3, 2, 3},
     {1, 1, 2},
     {1, 1, 1},
     {1, 1, 1},
     {1, 0, 1}},
};

class LowbitConvTest : public testing::TestWithParam<Geometry> {};

TEST_P(LowbitConvTest, EqualsDefinition) {
  RuntimePointer runtime = makeRuntime(2);
  uint64_t seed = 0;
  for (const auto &[name, forms] : mixtures) {
    SCOPED_TRACE(name);
    // An image alone, too.
    expectDefinition(runtime.get(), GetParam(), seed % 3 ? 3 : 1, forms,
                     seed * 100);
    ++seed;
  }
}

TEST_P(LowbitConvTest, SameBitsForAnyNumberOfThreads) {
  const frac_conv_shape shape = GetParam().shape();
  const int64_t batch = 5;
  for (int perSample : {0, 1}) {
    const int scaleDim = perSample ? 0 : -1;
    const QuantizedTensor src(batch, sourceSize(shape, 1),
                              {7, 3 * perSample, Range::Around, scaleDim}, 1);
    const QuantizedTensor errors(batch, destinationSize(shape, 1),
                                 {8, 2 * perSample, Range::Around, scaleDim},
                                 2);
    const QuantizedTensor weights(shape.out_channels,
                                  weightsSize(shape) / shape.out_channels,
                                  {6, 0, Range::Around, 0}, 3);
    const frac_quantized a = src.view(), w = weights.view(), e = errors.view();
    Floats first[3];
    for (int threads : {1, 2, 3, 7}) {
      RuntimePointer runtime = makeRuntime(threads);
      Floats results[3] = {Floats(errors.values().size()),
                           Floats(src.values().size()),
                           Floats(weights.values().size())};
      frac_qconv_forward(runtime.get(), &shape, batch, &a, &w,
                         results[0].data());
      frac_qconv_input_grad(runtime.get(), &shape, batch, &e, &w,
                            results[1].data());
      frac_qconv_weight_grad(runtime.get(), &shape, batch, &a, &e,
                             results[2].data());
      for (int i = 0; i < 3; ++i) {
        if (threads == 1)
          first[i] = results[i];
        ASSERT_EQ(results[i], first[i]) << "product " << i;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Geometries, LowbitConvTest,
                         testing::ValuesIn(geometries),
                         [](const auto &info) { return info.param.name; });

/// The largest integers of all widths, where a sum that is too narrow shows.
TEST(LowbitConv, EveryWidth) {
  RuntimePointer runtime = makeRuntime(2);
  for (const Geometry &geometry : {square("odd", 1, 21, 18, 5, 3, 1, 1),
                                   square("even", 1, 32, 48, 5, 3, 1, 1)})
    for (int first = 2; first <= 16; ++first)
      for (int second = 2; second <= 16; ++second) {
        const bool isWide = std::max(first, second) > 8;
        if (isWide && (geometry.name == "even" || (first + second) % 3))
          continue;
        SCOPED_TRACE(geometry.name + " " + std::to_string(first) + "x" +
                     std::to_string(second));
        const int scaleDim = first % 2 ? 0 : -1;
        const TensorForm integers{first, 0, Range::Integers};
        expectDefinition(runtime.get(), geometry, 2,
                         {integers,
                          {second, 0, Range::Integers},
                          {second, 0, Range::Integers}},
                         first * 16 + second);
        expectDefinition(runtime.get(), geometry, 2,
                         {{first, 0, Range::Positive},
                          {second, 0, Range::Around, scaleDim},
                          {second, 0, Range::Around}},
                         first * 16 + second);
      }
}

/// Weights of a channel that add up to the largest sum with errors that 16 bits
/// hold, and to more.
TEST(LowbitConv, SumsOfChannels) {
  RuntimePointer runtime = makeRuntime(2);
  const int64_t batch = 2;
  for (int64_t kernel : {3, 5}) {
    const frac_conv_shape shape =
        square("", 1, 16, 16, 5, kernel, 1, kernel / 2).shape();
    const std::vector<uint8_t> errors(destinationSize(shape, batch), 255);
    const std::vector<float> scales(shape.out_channels, 0.5f);
    const std::vector<float> zeros(shape.out_channels, -16.0f);
    const float errorScale = 1, errorZero = -128;
    const int32_t weightBits = 6, errorBits = 8;
    frac_quantized e = {}, w = {};
    e.data = errors.data();
    e.scale = &errorScale;
    e.zero = &errorZero;
    e.bits = &errorBits;
    e.bytes = w.bytes = 1;
    e.scale_dim = e.bits_dim = w.bits_dim = -1;
    w.scale = scales.data();
    w.zero = zeros.data();
    w.bits = &weightBits;
    w.scale_dim = 0;
    // Other loops rescale the weights: those of 3x3 taps by minimal filtering.
    const bool isExact = kernel == 5 && frac::runtime::chooseChannelKernel();
    // Six taps of a channel share 16 bits.
    for (int number : {-31, -22, -21, 21, 22, 31}) {
      SCOPED_TRACE(std::to_string(kernel) + " taps, " + std::to_string(number));
      const std::vector<uint8_t> weights(weightsSize(shape),
                                         uint8_t(32 + number));
      w.data = weights.data();
      Floats got(sourceSize(shape, batch), -1);
      frac_qconv_input_grad(runtime.get(), &shape, batch, &e, &w, got.data());
      expectClose(got,
                  naiveInputGrad(shape, batch, Reals(errors.size(), 127),
                                 Reals(weights.size(), number / 2.0)),
                  isExact);
    }
  }
}

/// Sums that do not fit 32 bits.
TEST(LowbitConv, LongSums) {
  RuntimePointer runtime = makeRuntime(2);
  const Forms forms{
      {8, 0, Range::Away}, {8, 0, Range::Away}, {8, 0, Range::Away}};
  // Forward and backward along channels, and along pixels.
  expectDefinition(runtime.get(), square("", 1, 70000, 2, 1, 1, 1, 0), 1, forms,
                   1);
  expectDefinition(runtime.get(), square("", 1, 2, 70000, 1, 1, 1, 0), 1, forms,
                   2);
  expectDefinition(runtime.get(), square("", 1, 1, 2, 290, 1, 1, 0), 1, forms,
                   3);
}

/// Bytes that are all the same integer, which stands for itself plus `zero`.
class SameBytes {
public:
  SameBytes(int64_t size, uint8_t byte, float zero)
      : bytes(size, byte), zero(zero) {}

  frac_quantized view() const {
    frac_quantized result = {};
    result.data = bytes.data();
    result.scale = &scale;
    result.zero = &zero;
    result.bits = &bits;
    result.bytes = 1;
    result.scale_dim = result.bits_dim = -1;
    return result;
  }
  Reals values() const { return Reals(bytes.size(), bytes[0] + zero); }

private:
  const std::vector<uint8_t> bytes;
  const float scale = 1, zero;
  const int32_t bits = 8;
};

/// As many channels as minimal filtering adds up at once, one quad more, and
/// many times as many, with the largest numbers.
TEST(LowbitConv, LongSumsOfTiles) {
  RuntimePointer runtime = makeRuntime(2);
  for (int64_t channels : {112, 116, 232, 1828})
    for (uint8_t weight : {0, 255}) {
      SCOPED_TRACE(std::to_string(channels) + " channels, " +
                   std::to_string(weight));
      const frac_conv_shape shape =
          square("", 1, channels, 3, 6, 3, 1, 1).shape();
      const SameBytes src(sourceSize(shape, 1), 255, 0),
          weights(weightsSize(shape), weight, -128);
      const frac_quantized s = src.view(), w = weights.view();
      Floats got(destinationSize(shape, 1), -1);
      frac_qconv_forward(runtime.get(), &shape, 1, &s, &w, got.data());
      expectClose(got, naiveForward(shape, 1, src.values(), weights.values()),
                  true);
    }
}

/// As many pixels as it adds up at once in a gradient by the weights, in one
/// row and in a row of tiles, and more.
TEST(LowbitConv, LongRowsOfTiles) {
  RuntimePointer runtime = makeRuntime(2);
  for (const auto &[rows, columns] : {std::pair<int64_t, int64_t>{1, 1028},
                                      {1, 1029},
                                      {1, 20000},
                                      {4, 257},
                                      {5, 257},
                                      {5, 258}})
    for (uint8_t error : {0, 255}) {
      SCOPED_TRACE(std::to_string(rows) + " x " + std::to_string(columns) +
                   ", " + std::to_string(error));
      const frac_conv_shape shape =
          Geometry{"",     1,      16,     16,     {rows, columns},
                   {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}
              .shape();
      const SameBytes src(sourceSize(shape, 2), 255, 0),
          errors(destinationSize(shape, 2), error, -128);
      const frac_quantized s = src.view(), e = errors.view();
      Floats got(weightsSize(shape), -1);
      frac_qconv_weight_grad(runtime.get(), &shape, 2, &s, &e, got.data());
      expectClose(got, naiveWeightGrad(shape, 2, src.values(), errors.values()),
                  true);
    }
}

std::string errorOf(const frac_quantized &src, const frac_quantized &weights) {
  RuntimePointer runtime = makeRuntime(1);
  const frac_conv_shape shape = square("", 1, 4, 4, 8, 3, 1, 1).shape();
  float dummy = 42;
  frac_qconv_forward(runtime.get(), &shape, 1, &src, &weights, &dummy);
  EXPECT_EQ(dummy, 42);
  const char *error = frac_runtime_error(runtime.get());
  return error ? error : "";
}

TEST(LowbitConv, RefusesBadOperands) {
  const QuantizedTensor tensor(1, 256, {8}, 1);
  const frac_quantized good = tensor.view();
  frac_quantized bad = good;
  bad.bytes = 4;
  EXPECT_NE(errorOf(bad, good).find("4 bytes an element, expected 1 or 2"),
            std::string::npos);
  bad = good;
  const int32_t width = 9;
  bad.bits = &width;
  EXPECT_NE(errorOf(good, bad).find("9 bits, expected 0 to 8"),
            std::string::npos);
  bad = good;
  bad.scale_dim = 1;
  EXPECT_NE(errorOf(good, bad).find("scales along dimension 1"),
            std::string::npos);
  bad = good;
  bad.bits_dim = 0;
  EXPECT_NE(errorOf(good, bad).find("width for each sample"),
            std::string::npos);
}

/// No kernel runs, and nothing is counted, where all samples are left out.
TEST(LowbitConv, LeavesOutAll) {
  RuntimePointer runtime = makeRuntime(1);
  const frac_conv_shape shape = square("", 1, 4, 6, 5, 3, 1, 1).shape();
  const QuantizedTensor src(2, 100, {6, 3, Range::Around, 0}, 1);
  const QuantizedTensor errors(2, 150, {8, 5, Range::Around, 0}, 2);
  const QuantizedTensor weights(6, 36, {5, 0, Range::Around, 0}, 3);
  const frac_quantized w = weights.view();
  frac_quantized a = src.view(), e = errors.view();
  const int32_t none[] = {0, 0};
  e.bits = none;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  Floats input(200, nan), gradient(6 * 36, nan), output(300, nan);
  frac_qconv_input_grad(runtime.get(), &shape, 2, &e, &w, input.data());
  frac_qconv_weight_grad(runtime.get(), &shape, 2, &a, &e, gradient.data());
  a.bits = none;
  frac_qconv_forward(runtime.get(), &shape, 2, &a, &w, output.data());
  for (const Floats *result : {&input, &gradient, &output})
    for (float value : *result)
      ASSERT_EQ(value, 0);
  EXPECT_TRUE(frac::runtime::kernelRecords(*runtime).empty());
  for (const auto &work : frac::runtime::contractionWork(*runtime))
    EXPECT_EQ(work.calls, 0u);
  EXPECT_EQ(frac_runtime_error(runtime.get()), nullptr);
}

/// Samples that are left out are no work.
TEST(LowbitConv, CountsWorkOfTheRest) {
  using frac::runtime::ContractionKind;
  RuntimePointer runtime = makeRuntime(1);
  const frac_conv_shape shape = square("", 1, 4, 6, 5, 3, 1, 1).shape();
  const QuantizedTensor src(5, 100, {6, 3, Range::Around, 0, 0, 3}, 1);
  const QuantizedTensor errors(5, 150, {8, 5, Range::Around, 0, 0, 2}, 2);
  const frac_quantized a = src.view(), e = errors.view();
  Floats result(1000);
  frac_qconv_weight_grad(runtime.get(), &shape, 5, &a, &e, result.data());
  const auto work = frac::runtime::contractionWork(
      *runtime)[std::size_t(ContractionKind::QConvWeightGrad)];
  const uint64_t macsOfSample = 25 * 9 * 4 * 6;
  // 1 and 4 have no activation, 1 and 3 no error.
  EXPECT_TRUE(work.macs == 2 * macsOfSample);
  EXPECT_TRUE(work.bitProducts == (src.widths()[0] * errors.widths()[0] +
                                   src.widths()[2] * errors.widths()[2]) *
                                      macsOfSample);
}

TEST(LowbitConv, CountsWork) {
  using frac::runtime::ContractionKind;
  RuntimePointer runtime = makeRuntime(1);
  const frac_conv_shape shape = square("", 1, 4, 6, 5, 3, 1, 1).shape();
  const QuantizedTensor src(3, 100, {6, 3, Range::Around, 0}, 1);
  const QuantizedTensor errors(3, 150, {8, 5, Range::Around, 0}, 2);
  const QuantizedTensor weights(6, 36, {5, 0, Range::Around, 0}, 3);
  const frac_quantized a = src.view(), w = weights.view(), e = errors.view();
  Floats result(1000);
  frac_qconv_forward(runtime.get(), &shape, 3, &a, &w, result.data());
  frac_qconv_weight_grad(runtime.get(), &shape, 3, &a, &e, result.data());
  frac_qconv_weight_grad(runtime.get(), &shape, 3, &a, &e, result.data());
  const uint64_t macsOfSample = 25 * 9 * 4 * 6;
  uint64_t forward = 0, gradient = 0;
  for (int n = 0; n < 3; ++n) {
    forward += src.widths()[n] * 5 * macsOfSample;
    gradient += src.widths()[n] * errors.widths()[n] * macsOfSample;
  }
  auto work = [&](ContractionKind kind) {
    return frac::runtime::contractionWork(*runtime)[std::size_t(kind)];
  };
  EXPECT_EQ(work(ContractionKind::QConvForward).calls, 1u);
  EXPECT_TRUE(work(ContractionKind::QConvForward).macs == 3 * macsOfSample);
  EXPECT_TRUE(work(ContractionKind::QConvForward).bitProducts == forward);
  EXPECT_EQ(work(ContractionKind::QConvForward).bitMacs(), forward / 1024.0);
  EXPECT_EQ(work(ContractionKind::QConvWeightGrad).calls, 2u);
  EXPECT_TRUE(work(ContractionKind::QConvWeightGrad).bitProducts ==
              2 * gradient);
  EXPECT_EQ(work(ContractionKind::ConvForward).calls, 0u);
  frac::runtime::resetContractionWork(*runtime);
  EXPECT_EQ(work(ContractionKind::QConvForward).calls, 0u);
  EXPECT_EQ(frac_runtime_error(runtime.get()), nullptr);
}

} // namespace
