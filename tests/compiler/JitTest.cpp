//===- JitTest.cpp - Small programs run in process ------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/jit/Jit.h"

#include "dialects/RegisterDialects.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace frac;

namespace {

class JitTest : public testing::Test {
protected:
  void SetUp() override {
    DialectRegistry registry;
    registerAllDialects(registry);
    registerAllExtensions(registry);
    registerAllToLLVMIRTranslations(registry);
    registerAllFracDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    auto created = Jit::create("native", 2);
    ASSERT_TRUE(bool(created)) << llvm::toString(created.takeError());
    jit = std::move(*created);
  }

  /// The results of @forward in `text`; empty, with a failed test, on an error.
  std::vector<HostTensor> run(StringRef text, ArrayRef<HostTensor> inputs) {
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
    if (!module) {
      ADD_FAILURE() << "the module does not parse";
      return {};
    }
    auto outputs = jit->run(*module, inputs);
    if (!outputs) {
      ADD_FAILURE() << llvm::toString(outputs.takeError());
      return {};
    }
    return std::move(*outputs);
  }

  MLIRContext context;
  std::unique_ptr<Jit> jit;
};

/// A tensor of numbers from -1 to 1 without pattern.
HostTensor makeTensor(std::vector<int64_t> shape, uint32_t seed = 1) {
  HostTensor tensor(HostType::Float32, std::move(shape));
  uint32_t state = seed * 2654435761u + 1;
  for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
    state = state * 1664525u + 1013904223u;
    tensor.data<float>()[i] = static_cast<int32_t>(state) * 0x1p-31f;
  }
  return tensor;
}

} // namespace

TEST_F(JitTest, MatmulBiasRelu) {
  auto outputs = run(R"(
    ml_program.global private mutable @bias(dense<[0.5, -0.5, 0.0, 0.25]> : tensor<4xf32>) : tensor<4xf32> {frac.role = "parameter"}
    func.func @forward(%x: tensor<3x8xf32>, %w: tensor<8x4xf32>) -> tensor<3x4xf32> {
      %m = nn.matmul %x, %w : tensor<3x8xf32>, tensor<8x4xf32> -> tensor<3x4xf32>
      %b = ml_program.global_load @bias : tensor<4xf32>
      %bb = nn.broadcast %b[] dimensions = [1] : tensor<4xf32> -> tensor<3x4xf32>
      %s = arith.addf %m, %bb : tensor<3x4xf32>
      %r = nn.relu %s : tensor<3x4xf32>
      return %r : tensor<3x4xf32>
    })",
                     {makeTensor({3, 8}, 1), makeTensor({8, 4}, 2)});
  ASSERT_EQ(outputs.size(), 1u);
  HostTensor x = makeTensor({3, 8}, 1), w = makeTensor({8, 4}, 2);
  const float bias[] = {0.5f, -0.5f, 0.0f, 0.25f};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 4; ++j) {
      double sum = bias[j];
      for (int k = 0; k < 8; ++k)
        sum += double(x.data<float>()[8 * i + k]) * w.data<float>()[4 * k + j];
      EXPECT_NEAR(outputs[0].data<float>()[4 * i + j], std::max(sum, 0.0),
                  1e-5);
    }
}

TEST_F(JitTest, SumsOverAnyDimension) {
  HostTensor x = makeTensor({40, 33, 50});
  auto outputs = run(R"(
    func.func @forward(%x: tensor<40x33x50xf32>)
        -> (tensor<f32>, tensor<33xf32>, tensor<40x33xf32>, tensor<50xf32>, tensor<33x50xf32>) {
      %a = nn.reduce sum %x dimensions = [0, 1, 2] : tensor<40x33x50xf32> -> tensor<f32>
      %b = nn.reduce sum %x dimensions = [0, 2] : tensor<40x33x50xf32> -> tensor<33xf32>
      %c = nn.reduce max %x dimensions = [2] : tensor<40x33x50xf32> -> tensor<40x33xf32>
      %d = nn.reduce mean %x dimensions = [0, 1] : tensor<40x33x50xf32> -> tensor<50xf32>
      %e = nn.reduce min %x dimensions = [0] : tensor<40x33x50xf32> -> tensor<33x50xf32>
      return %a, %b, %c, %d, %e : tensor<f32>, tensor<33xf32>, tensor<40x33xf32>, tensor<50xf32>, tensor<33x50xf32>
    })",
                     {x});
  ASSERT_EQ(outputs.size(), 5u);
  double total = 0;
  std::vector<double> rows(33), columns(50);
  for (int i = 0; i < 40; ++i)
    for (int j = 0; j < 33; ++j) {
      float largest = -2;
      for (int k = 0; k < 50; ++k) {
        float value = x.data<float>()[(i * 33 + j) * 50 + k];
        total += value;
        rows[j] += value;
        columns[k] += value / (40.0 * 33);
        largest = std::max(largest, value);
      }
      EXPECT_EQ(outputs[2].data<float>()[i * 33 + j], largest);
    }
  EXPECT_NEAR(outputs[0].data<float>()[0], total, 1e-2);
  for (int j = 0; j < 33; ++j)
    EXPECT_NEAR(outputs[1].data<float>()[j], rows[j], 1e-3);
  for (int k = 0; k < 50; ++k)
    EXPECT_NEAR(outputs[3].data<float>()[k], columns[k], 1e-5);
  for (int j = 0; j < 33; ++j)
    for (int k = 0; k < 50; ++k) {
      float smallest = 2;
      for (int i = 0; i < 40; ++i)
        smallest = std::min(smallest, x.data<float>()[(i * 33 + j) * 50 + k]);
      EXPECT_EQ(outputs[4].data<float>()[j * 50 + k], smallest);
    }
}

TEST_F(JitTest, ImagesOfConvolutionAndPool) {
  auto outputs =
      run(R"(
    func.func @forward(%x: tensor<2x3x6x6xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x5x3x3xf32> {
      %c = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
          pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64}
        : tensor<2x3x6x6xf32>, tensor<5x3x3x3xf32> -> tensor<2x5x6x6xf32>
      %p = nn.max_pool %c {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,
          dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>}
        : tensor<2x5x6x6xf32> -> tensor<2x5x3x3xf32>
      return %p : tensor<2x5x3x3xf32>
    })",
          {makeTensor({2, 3, 6, 6}, 1), makeTensor({5, 3, 3, 3}, 2)});
  ASSERT_EQ(outputs.size(), 1u);
  HostTensor x = makeTensor({2, 3, 6, 6}, 1), w = makeTensor({5, 3, 3, 3}, 2);
  auto convolution = [&](int n, int o, int y, int z) {
    double sum = 0;
    for (int i = 0; i < 3; ++i)
      for (int a = 0; a < 3; ++a)
        for (int b = 0; b < 3; ++b) {
          int row = y + a - 1, column = z + b - 1;
          if (row >= 0 && row < 6 && column >= 0 && column < 6)
            sum +=
                double(x.data<float>()[((n * 3 + i) * 6 + row) * 6 + column]) *
                w.data<float>()[((o * 3 + i) * 3 + a) * 3 + b];
        }
    return sum;
  };
  for (int n = 0; n < 2; ++n)
    for (int o = 0; o < 5; ++o)
      for (int y = 0; y < 3; ++y)
        for (int z = 0; z < 3; ++z) {
          double largest = -1e30;
          for (int a = 0; a < 4; ++a)
            largest = std::max(largest,
                               convolution(n, o, 2 * y + a / 2, 2 * z + a % 2));
          EXPECT_NEAR(outputs[0].data<float>()[((n * 5 + o) * 3 + y) * 3 + z],
                      largest, 1e-5);
        }
}

TEST_F(JitTest, IntegersAndTruthValuesPassThrough) {
  HostTensor a(HostType::Int64, {4}), b(HostType::Bool, {4});
  for (int i = 0; i < 4; ++i) {
    a.data<int64_t>()[i] = 10 - 7 * i;
    b.data<char>()[i] = i % 2;
  }
  auto outputs = run(R"(
    func.func @forward(%a: tensor<4xi64>, %b: tensor<4xi1>) -> (tensor<4xi64>, tensor<4xi1>, tensor<4xi1>) {
      %c = arith.constant dense<3> : tensor<4xi64>
      %s = arith.addi %a, %c : tensor<4xi64>
      %l = arith.cmpi slt, %a, %c : tensor<4xi64>
      return %s, %l, %b : tensor<4xi64>, tensor<4xi1>, tensor<4xi1>
    })",
                     {a, b});
  ASSERT_EQ(outputs.size(), 3u);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(outputs[0].data<int64_t>()[i], 13 - 7 * i);
    EXPECT_EQ(outputs[1].data<char>()[i], 10 - 7 * i < 3);
    EXPECT_EQ(outputs[2].data<char>()[i], i % 2);
  }
}

TEST_F(JitTest, FunctionsAreExact) {
  HostTensor x(HostType::Float32, {1000});
  for (int i = 0; i < 1000; ++i)
    x.data<float>()[i] = (i - 500) * 0.02f;
  auto outputs = run(R"(
    func.func @forward(%x: tensor<1000xf32>) -> (tensor<1000xf32>, tensor<1000xf32>, tensor<1000xf32>, tensor<1000xf32>) {
      %e = math.exp %x : tensor<1000xf32>
      %t = math.tanh %x : tensor<1000xf32>
      %f = math.erf %x : tensor<1000xf32>
      %l = math.log %e : tensor<1000xf32>
      return %e, %t, %f, %l : tensor<1000xf32>, tensor<1000xf32>, tensor<1000xf32>, tensor<1000xf32>
    })",
                     {x});
  ASSERT_EQ(outputs.size(), 4u);
  for (int i = 0; i < 1000; ++i) {
    double value = x.data<float>()[i];
    EXPECT_NEAR(outputs[0].data<float>()[i] / std::exp(value), 1, 1e-6);
    EXPECT_NEAR(outputs[1].data<float>()[i], std::tanh(value), 1e-6);
    EXPECT_NEAR(outputs[2].data<float>()[i], std::erf(value), 1e-6);
    EXPECT_NEAR(outputs[3].data<float>()[i], value,
                1e-6 * std::max(1.0, std::fabs(value)));
  }
}

TEST_F(JitTest, WrongInputsAreErrors) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(R"(
    func.func @forward(%x: tensor<4xf32>) -> tensor<4xf32> {
      return %x : tensor<4xf32>
    })",
                                                             &context);
  auto outputs = jit->run(*module, {makeTensor({5})});
  ASSERT_FALSE(bool(outputs));
  EXPECT_EQ(llvm::toString(outputs.takeError()),
            "input 0 needs to be a tensor<4xf32>");
}
