//===- BenchKernels.cpp - Speed of the runtime's contractions -------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Times the three products of every convolution of ResNet-38 (batch 128,
/// 32x32), MobileNetV2 (batch 128, 32x32) and ResNet-18 (batch 16, 224x224),
/// and some matrix products. GMAC/s counts multiply-accumulates as
/// `ConvProblem::macs` does; the label is the implementation that ran.
/// FRAC_THREADS sets the number of threads (default: all cores).
///
//===----------------------------------------------------------------------===//

#include "runtime/frac_runtime.h"
#include "runtime/kernels/Profile.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace {

/// A square convolution, padded to keep the extent (divided by the stride).
struct Layer {
  const char *network;
  int64_t batch, groups, inChannels, outChannels, extent, kernel, stride;

  std::string name() const {
    return std::string(network) + "/" + std::to_string(inChannels) + "x" +
           std::to_string(extent) + "->" + std::to_string(outChannels) + "/k" +
           std::to_string(kernel) + "s" + std::to_string(stride) +
           (groups > 1 ? "dw" : "");
  }

  frac_conv_shape shape() const {
    frac_conv_shape s = {};
    s.spatial_rank = 2;
    s.groups = groups;
    s.in_channels = inChannels;
    s.out_channels = outChannels;
    for (int d = 0; d < 2; ++d) {
      s.input[d] = extent;
      s.output[d] = (extent + stride - 1) / stride;
      s.kernel[d] = kernel;
      s.stride[d] = stride;
      s.dilation[d] = 1;
      s.pad_begin[d] = s.pad_end[d] = kernel / 2;
    }
    return s;
  }

  int64_t sourceSize() const { return batch * inChannels * extent * extent; }
  int64_t weightsSize() const {
    return outChannels * (inChannels / groups) * kernel * kernel;
  }
  int64_t destinationSize() const {
    int64_t output = (extent + stride - 1) / stride;
    return batch * outChannels * output * output;
  }
};

const Layer layers[] = {
    {"resnet38", 128, 1, 3, 16, 32, 3, 1},
    {"resnet38", 128, 1, 16, 16, 32, 3, 1},
    {"resnet38", 128, 1, 16, 32, 32, 3, 2},
    {"resnet38", 128, 1, 16, 32, 32, 1, 2},
    {"resnet38", 128, 1, 32, 32, 16, 3, 1},
    {"resnet38", 128, 1, 32, 64, 16, 3, 2},
    {"resnet38", 128, 1, 32, 64, 16, 1, 2},
    {"resnet38", 128, 1, 64, 64, 8, 3, 1},
    {"resnet18", 16, 1, 3, 64, 224, 7, 2},
    {"resnet18", 16, 1, 64, 64, 56, 3, 1},
    {"resnet18", 16, 1, 64, 128, 56, 3, 2},
    {"resnet18", 16, 1, 64, 128, 56, 1, 2},
    {"resnet18", 16, 1, 128, 128, 28, 3, 1},
    {"resnet18", 16, 1, 128, 256, 28, 3, 2},
    {"resnet18", 16, 1, 128, 256, 28, 1, 2},
    {"resnet18", 16, 1, 256, 256, 14, 3, 1},
    {"resnet18", 16, 1, 256, 512, 14, 3, 2},
    {"resnet18", 16, 1, 256, 512, 14, 1, 2},
    {"resnet18", 16, 1, 512, 512, 7, 3, 1},
    {"mobilenetv2", 128, 1, 3, 32, 32, 3, 1},
    {"mobilenetv2", 128, 32, 32, 32, 32, 3, 1},
    {"mobilenetv2", 128, 1, 32, 16, 32, 1, 1},
    {"mobilenetv2", 128, 1, 16, 96, 32, 1, 1},
    {"mobilenetv2", 128, 96, 96, 96, 32, 3, 1},
    {"mobilenetv2", 128, 1, 96, 24, 32, 1, 1},
    {"mobilenetv2", 128, 1, 24, 144, 32, 1, 1},
    {"mobilenetv2", 128, 144, 144, 144, 32, 3, 1},
    {"mobilenetv2", 128, 144, 144, 144, 32, 3, 2},
    {"mobilenetv2", 128, 1, 144, 32, 16, 1, 1},
    {"mobilenetv2", 128, 1, 32, 192, 16, 1, 1},
    {"mobilenetv2", 128, 192, 192, 192, 16, 3, 1},
    {"mobilenetv2", 128, 192, 192, 192, 16, 3, 2},
    {"mobilenetv2", 128, 1, 192, 64, 8, 1, 1},
    {"mobilenetv2", 128, 1, 64, 384, 8, 1, 1},
    {"mobilenetv2", 128, 384, 384, 384, 8, 3, 1},
    {"mobilenetv2", 128, 1, 384, 96, 8, 1, 1},
    {"mobilenetv2", 128, 576, 576, 576, 8, 3, 1},
    {"mobilenetv2", 128, 576, 576, 576, 8, 3, 2},
    {"mobilenetv2", 128, 1, 576, 160, 4, 1, 1},
    {"mobilenetv2", 128, 1, 160, 960, 4, 1, 1},
    {"mobilenetv2", 128, 960, 960, 960, 4, 3, 1},
    {"mobilenetv2", 128, 1, 960, 320, 4, 1, 1},
    {"mobilenetv2", 128, 1, 320, 1280, 4, 1, 1},
};

struct Product {
  int64_t batch, m, n, k;
  bool transposeA, transposeB;
};

/// The three products of fully connected layers, an attention head, and thin
/// ones.
const Product products[] = {
    {1, 128, 10, 64, false, true},     {1, 128, 64, 10, false, false},
    {1, 10, 64, 128, true, false},     {1, 128, 1000, 512, false, true},
    {1, 128, 512, 1000, false, false}, {1, 1000, 512, 128, true, false},
    {1, 512, 512, 512, false, false},  {1, 1, 1000, 512, false, true},
    {1, 4096, 1, 512, false, false},   {1, 1024, 1024, 4, false, true},
    {96, 128, 128, 64, false, true},   {96, 128, 64, 128, false, false},
};

/// Memory that benchmarks share, in units of floats.
float *buffer(int index, int64_t size) {
  static std::vector<float> buffers[3];
  if (int64_t(buffers[index].size()) < size)
    buffers[index].assign(size, 0.5f);
  return buffers[index].data();
}

/// Runs `call` for the benchmark and reports its speed and implementation.
template <typename Call>
void measure(benchmark::State &state, const Call &call) {
  const char *threads = std::getenv("FRAC_THREADS");
  std::unique_ptr<frac_runtime, void (*)(frac_runtime *)> runtime(
      frac_runtime_create(threads ? std::atoi(threads) : 0),
      frac_runtime_destroy);
  call(runtime.get());
  for (auto _ : state)
    call(runtime.get());
  if (const char *error = frac_runtime_error(runtime.get())) {
    state.SkipWithError(error);
    return;
  }
  auto record = frac::runtime::kernelRecords(*runtime).front();
  state.counters["GMAC/s"] = benchmark::Counter(
      record.macs * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
  state.SetLabel(record.implementation);
}

void benchForward(benchmark::State &state, const Layer &layer) {
  frac_conv_shape shape = layer.shape();
  const float *src = buffer(0, layer.sourceSize());
  const float *weights = buffer(1, layer.weightsSize());
  float *dst = buffer(2, layer.destinationSize());
  measure(state, [&](frac_runtime *runtime) {
    frac_conv_forward(runtime, &shape, layer.batch, src, weights, dst);
  });
}

void benchInputGrad(benchmark::State &state, const Layer &layer) {
  frac_conv_shape shape = layer.shape();
  const float *diffDst = buffer(0, layer.destinationSize());
  const float *weights = buffer(1, layer.weightsSize());
  float *diffSrc = buffer(2, layer.sourceSize());
  measure(state, [&](frac_runtime *runtime) {
    frac_conv_input_grad(runtime, &shape, layer.batch, diffDst, weights,
                         diffSrc);
  });
}

void benchWeightGrad(benchmark::State &state, const Layer &layer) {
  frac_conv_shape shape = layer.shape();
  const float *src = buffer(0, layer.sourceSize());
  const float *diffDst = buffer(1, layer.destinationSize());
  float *diffWeights = buffer(2, layer.weightsSize());
  measure(state, [&](frac_runtime *runtime) {
    frac_conv_weight_grad(runtime, &shape, layer.batch, src, diffDst,
                          diffWeights);
  });
}

void benchMatmul(benchmark::State &state, const Product &p) {
  const float *a = buffer(0, p.batch * p.m * p.k);
  const float *b = buffer(1, p.batch * p.k * p.n);
  float *c = buffer(2, p.batch * p.m * p.n);
  measure(state, [&](frac_runtime *runtime) {
    frac_matmul(runtime, p.batch, p.m, p.n, p.k, p.transposeA, p.transposeB, a,
                b, c);
  });
}

std::string matmulName(const Product &p) {
  return "matmul/" + std::to_string(p.batch) + "x" + std::to_string(p.m) + "x" +
         std::to_string(p.n) + "x" + std::to_string(p.k) +
         (p.transposeA ? "/ta" : "") + (p.transposeB ? "/tb" : "");
}

} // namespace

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  auto add = [](const std::string &name, auto function, const auto &problem) {
    benchmark::RegisterBenchmark(name.c_str(), function, problem)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
  };
  for (const Layer &layer : layers) {
    add(layer.name() + "/forward", benchForward, layer);
    add(layer.name() + "/input_grad", benchInputGrad, layer);
    add(layer.name() + "/weight_grad", benchWeightGrad, layer);
  }
  for (const Product &product : products)
    add(matmulName(product), benchMatmul, product);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
