//===- TrainingProductTest.cpp - Training's products on an array ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/ProductPattern.h"

#include <gtest/gtest.h>

using namespace frac;

namespace {
constexpr int64_t batch = 128;

TrainingProduct make(ProductForm form, ContractionShape layer) {
  return {form, layer};
}

/// The layers of a ResNet for CIFAR with 6n + 2 layers, and how often each is
/// there.
std::vector<std::pair<ContractionShape, int>> resnetLayers(int n) {
  auto layer = [](int64_t kernel, int64_t output, int64_t stride, int64_t in,
                  int64_t out) {
    return ContractionShape::convolution(kernel, output, stride, in, out,
                                         batch);
  };
  return {
      {layer(3, 32, 1, 16, 16), 2 * n},     {layer(3, 16, 2, 16, 32), 1},
      {layer(3, 16, 1, 32, 32), 2 * n - 1}, {layer(1, 16, 2, 16, 32), 1},
      {layer(3, 8, 2, 32, 64), 1},          {layer(3, 8, 1, 64, 64), 2 * n - 1},
      {layer(1, 8, 2, 32, 64), 1},          {layer(1, 1, 1, 64, 10), 1}};
}
} // namespace

TEST(TrainingProduct, Mappings) {
  ContractionShape layer =
      ContractionShape::convolution(3, 16, 2, 16, 32, batch, true);
  std::vector<MappedProduct> forward = mapProduct(
      make(ProductForm::Convolution, layer), TrainingMapping::Reference);
  ASSERT_EQ(forward.size(), 1u);
  EXPECT_EQ(forward[0].shape, layer);

  // Windows are written out where the layer says so, here no more.
  EXPECT_TRUE(
      mapProduct(make(ProductForm::InputGradient, layer), TrainingMapping::Best)
          .front()
          .shape.im2col);
  layer.im2col = false;
  std::vector<MappedProduct> full = mapProduct(
      make(ProductForm::InputGradient, layer), TrainingMapping::Reference);
  ASSERT_EQ(full.size(), 1u);
  EXPECT_EQ(full[0].shape,
            ContractionShape::convolution(3, 32, 1, 32, 16, batch));
  EXPECT_FALSE(full[0].isSwapped);
  std::vector<MappedProduct> phases = mapProduct(
      make(ProductForm::InputGradient, layer), TrainingMapping::Best);
  EXPECT_EQ(phases[0].shape,
            ContractionShape::convolution(3, 16, 1, 32, 16, batch));
  EXPECT_EQ(phases[0].shape.macs(), layer.macs());

  std::vector<MappedProduct> weights = mapProduct(
      make(ProductForm::WeightGradient, layer), TrainingMapping::Reference);
  ASSERT_EQ(weights.size(), 1u);
  weights = mapProduct(make(ProductForm::WeightGradient, layer),
                       TrainingMapping::Best);
  ASSERT_EQ(weights.size(), 2u);
  EXPECT_EQ(weights[0].shape, ContractionShape::gemm(16 * 9, batch * 256, 32));
  EXPECT_FALSE(weights[0].isSwapped);
  EXPECT_EQ(weights[1].shape, ContractionShape::gemm(32, batch * 256, 16 * 9));
  EXPECT_TRUE(weights[1].isSwapped);
  for (const MappedProduct &mapped : weights)
    EXPECT_EQ(mapped.shape.macs(), layer.macs());
}

TEST(TrainingProduct, GroupsKeepTheirWork) {
  ContractionShape layer = ContractionShape::convolution(3, 8, 1, 12, 24, 4);
  layer.groups = 6;
  for (ProductForm form : {ProductForm::Convolution, ProductForm::InputGradient,
                           ProductForm::WeightGradient})
    for (const MappedProduct &mapped :
         mapProduct(make(form, layer), TrainingMapping::Best)) {
      EXPECT_EQ(mapped.shape.macs(), layer.macs()) << productFormName(form);
      EXPECT_TRUE(checkShape(mapped.shape).isOk()) << productFormName(form);
    }
}

TEST(TrainingProduct, SizesThatOverflowAreRefused) {
  auto model = findCostModel("bitfusion")->make(builtinAccelerators().front());
  CostMemory memory(*model);
  ContractionShape layer = ContractionShape::convolution(
      3, int64_t{1} << 40, 2, 16, 16, int64_t{1} << 40);
  for (ProductForm form : {ProductForm::Convolution, ProductForm::InputGradient,
                           ProductForm::WeightGradient})
    EXPECT_FALSE(
        costOf(make(form, layer), {8, 8}, TrainingMapping::Reference, memory)
            .isOk());
}

TEST(TrainingProduct, TheCheaperMatrixFormIsTaken) {
  auto model = findCostModel("bitfusion")->make(builtinAccelerators().front());
  CostMemory memory(*model);
  // Ten columns of 32 against 64: the transposed product fills the array.
  TrainingProduct product =
      make(ProductForm::WeightMatrices, ContractionShape::gemm(64, 128, 10));
  int64_t cycles[2];
  for (bool isSwapped : {false, true}) {
    ContractionShape shape =
        isSwapped ? ContractionShape::gemm(10, 128, 64) : product.layer;
    cycles[isSwapped] =
        memory.get(shape, {isSwapped ? 8 : 4, isSwapped ? 4 : 8})
            .cost.totalCycles;
  }
  ASSERT_NE(cycles[0], cycles[1]);
  EXPECT_EQ(
      costOf(product, {4, 8}, TrainingMapping::Best, memory).cost.totalCycles,
      std::min(cycles[0], cycles[1]));
  EXPECT_EQ(costOf(product, {4, 8}, TrainingMapping::Reference, memory)
                .cost.totalCycles,
            cycles[0]);
}

TEST(ProductPattern, TakesABatch) {
  ProductPattern pattern;
  pattern.form = ProductForm::WeightGradient;
  pattern.layer = ContractionShape::convolution(3, 16, 2, 16, 32, batchExtent);
  EXPECT_EQ(pattern.at(128).layer,
            ContractionShape::convolution(3, 16, 2, 16, 32, 128));
  // The gradient of a matrix sums over the batch.
  pattern = {};
  pattern.form = ProductForm::WeightMatrices;
  pattern.layer = ContractionShape::gemm(64, batchExtent, 10);
  EXPECT_EQ(pattern.at(32).layer, ContractionShape::gemm(64, 32, 10));
  // A stack of a matrix for each sample: groups.
  pattern.form = ProductForm::Matrices;
  pattern.layer = ContractionShape::gemm(8, 4, 2);
  pattern.layer.groups = batchExtent;
  ContractionShape stack = pattern.at(5).layer;
  EXPECT_EQ(stack.groups, 5);
  EXPECT_EQ(stack.inChannels, 20);
  EXPECT_EQ(stack.outChannels, 10);
  EXPECT_EQ(stack.macs(), 5 * 8 * 4 * 2);
  // Four of them.
  pattern.layer.groups = 4 * batchExtent;
  EXPECT_EQ(pattern.at(5).layer.groups, 20);
  pattern.layer.inChannels = int64_t{1} << 62;
  EXPECT_FALSE(checkShape(pattern.at(5).layer).isOk());
}

TEST(ProductPattern, IsWrittenAndRead) {
  ProductPattern pattern;
  pattern.form = ProductForm::InputGradient;
  pattern.layer = ContractionShape::convolution(3, 16, 2, 16, 32, batchExtent);
  pattern.layer.kernel[1] = 5;
  pattern.layer.groups = 2;
  pattern.isSwapped = true;
  std::optional<ProductPattern> read = parsePattern(patternJson(pattern));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->form, pattern.form);
  EXPECT_EQ(read->layer, pattern.layer);
  EXPECT_TRUE(read->isSwapped);
  for (const char *text : {"", "[]", "{}", "{\"form\":\"none\"}", "1"})
    EXPECT_FALSE(parsePattern(text)) << text;
  std::string wrong = patternJson(pattern);
  wrong.replace(wrong.find("input_gradient"), 5, "other");
  EXPECT_FALSE(parsePattern(wrong));
}

/// The table of whole networks: cycles and millijoules of an iteration.
TEST(TrainingProduct, WholeNetworks) {
  struct {
    int n, a, w, g;
    int64_t cycles[3];
    double energy[3];
  } rows[] = {
      {3, 8, 8, 8, {17961443, 20665599, 13923288}, {57.0569, 65.3941, 41.4834}},
      {6,
       8,
       8,
       8,
       {34255229, 36959385, 28100460},
       {109.2311, 117.5683, 83.4841}},
      {12,
       8,
       8,
       8,
       {66842801, 69546957, 56454804},
       {213.5796, 221.9168, 167.4853}},
      {6, 4, 4, 8, {26551419, 30542408, 14909697}, {84.9844, 99.1457, 50.4406}},
      {6, 3, 4, 6, {26164762, 29811114, 14084257}, {83.2284, 94.8031, 44.5649}},
      {12,
       4,
       4,
       8,
       {51066279, 57524216, 29868969},
       {164.0950, 187.2718, 101.1501}}};
  auto model = findCostModel("bitfusion")->make(builtinAccelerators().front());
  CostMemory memory(*model);
  for (const auto &row : rows) {
    int64_t cycles[3] = {};
    double energy[3] = {};
    auto add = [&](size_t pass, ProductForm form, const ContractionShape &layer,
                   OperandBits bits, int count) {
      const CostResult &result =
          costOf(make(form, layer), bits, TrainingMapping::Reference, memory);
      ASSERT_TRUE(result.isOk()) << result.reason;
      cycles[pass] += count * result.cost.totalCycles;
      energy[pass] += count * result.cost.energy.total * 1e-6;
    };
    ContractionShape first =
        ContractionShape::convolution(3, 32, 1, 3, 16, batch, true);
    add(0, ProductForm::Convolution, first, {row.a, row.w}, 1);
    add(2, ProductForm::WeightGradient, first, {row.a, row.g}, 1);
    for (const auto &[layer, count] : resnetLayers(row.n)) {
      add(0, ProductForm::Convolution, layer, {row.a, row.w}, count);
      add(1, ProductForm::InputGradient, layer, {row.g, row.w}, count);
      add(2, ProductForm::WeightGradient, layer, {row.a, row.g}, count);
    }
    for (size_t pass = 0; pass < 3; ++pass) {
      EXPECT_EQ(cycles[pass], row.cycles[pass]) << row.n << " " << pass;
      EXPECT_NEAR(energy[pass], row.energy[pass], 5.1e-5)
          << row.n << " " << pass;
    }
  }
}
