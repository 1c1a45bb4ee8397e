//===- BenchLowbit.cpp - Integer kernels beside oneDNN --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// Times calls of the integer contractions, packing and all, beside oneDNN in
/// fp32 and, forward, in 8-bit integers with a float result. All take turns in
/// one process; each line gives medians, ratios first. Weights in input
/// gradients have one scale, or one for each output channel ("by channel").
/// Errors are around zero and not centered, activations begin at zero.
///
/// Before that, the inner loops of each kernel in the table alone.
///
///   bench-lowbit [ROUNDS]       (FRAC_THREADS: number of threads, default 2)
///
//===----------------------------------------------------------------------===//

#include "runtime/core/Threads.h"
#include "runtime/frac_runtime.h"
#include "runtime/kernels/Profile.h"
#include "runtime/kernels/lowbit/ChannelKernels.h"
#include "runtime/kernels/lowbit/DotKernels.h"
#include "runtime/kernels/lowbit/RowPairKernels.h"
#include "runtime/kernels/lowbit/WinogradKernels.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <vector>

#include <dnnl.hpp>

namespace {

/// Gives memory that is aligned as programs have it.
template <typename T>
struct AlignedAllocator {
  using value_type = T;
  AlignedAllocator() = default;
  template <typename U>
  AlignedAllocator(const AlignedAllocator<U> &) {}
  T *allocate(std::size_t count) {
    return static_cast<T *>(
        ::operator new(count * sizeof(T), std::align_val_t(FRAC_ALIGNMENT)));
  }
  void deallocate(T *data, std::size_t) {
    ::operator delete(data, std::align_val_t(FRAC_ALIGNMENT));
  }
  bool operator==(const AlignedAllocator &) const { return true; }
  bool operator!=(const AlignedAllocator &) const { return false; }
};

template <typename T>
using Array = std::vector<T, AlignedAllocator<T>>;

/// A 3x3 convolution that keeps channels and extent.
struct Shape {
  int64_t channels, extent;
};

constexpr Shape shapes[] = {{16, 32}, {32, 16}, {64, 8}};
constexpr int64_t batch = 128;

frac_conv_shape convolution(const Shape &shape) {
  frac_conv_shape s = {};
  s.spatial_rank = 2;
  s.groups = 1;
  s.in_channels = s.out_channels = shape.channels;
  for (int d = 0; d < 2; ++d) {
    s.input[d] = s.output[d] = shape.extent;
    s.kernel[d] = 3;
    s.stride[d] = s.dilation[d] = 1;
    s.pad_begin[d] = s.pad_end[d] = 1;
  }
  return s;
}

/// Random bytes of a width with one scale, or one for each of `rows`.
struct Bytes {
  Bytes(int64_t size, int32_t bits, double zero, int64_t rows = 1)
      : bits(bits), data(size), scales(rows, 1.0f / float(1 << bits)),
        zeros(rows, float(zero)) {
    std::mt19937 random(bits);
    for (uint8_t &byte : data)
      byte = uint8_t(random() >> 8 & ((1 << bits) - 1));
  }
  frac_quantized view() const {
    return {data.data(),
            scales.data(),
            zeros.data(),
            &bits,
            1,
            scales.size() > 1 ? 0 : -1,
            -1,
            0};
  }
  int32_t bits;
  Array<uint8_t> data;
  Array<float> scales, zeros;
};

/// oneDNN's forward convolution of bytes, with a float result.
class OneDnnBytes {
public:
  OneDnnBytes(const Shape &shape, const uint8_t *src, float *dst)
      : engine(dnnl::engine::kind::cpu, 0), stream(engine) {
    using dnnl::memory;
    using Tag = memory::format_tag;
    using Type = memory::data_type;
    const memory::dim c = shape.channels, e = shape.extent;
    const memory::desc srcDesc({batch, c, e, e}, Type::u8, Tag::nhwc);
    const memory::desc dstDesc({batch, c, e, e}, Type::f32, Tag::nhwc);
    const memory::desc any({c, c, 3, 3}, Type::s8, Tag::any);
    const dnnl::convolution_forward::desc desc(
        dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
        srcDesc, any, dstDesc, {1, 1}, {1, 1}, {1, 1});
    dnnl::primitive_attr attributes;
    attributes.set_output_scales(0, {1e-4f});
    const dnnl::convolution_forward::primitive_desc chosen(desc, attributes,
                                                           engine);
    primitive = dnnl::convolution_forward(chosen);
    const memory weights(chosen.weights_desc(), engine);
    std::fill_n(static_cast<int8_t *>(weights.get_data_handle()),
                chosen.weights_desc().get_size(), int8_t(3));
    arguments = {
        {DNNL_ARG_SRC, memory(srcDesc, engine, const_cast<uint8_t *>(src))},
        {DNNL_ARG_WEIGHTS, weights},
        {DNNL_ARG_DST, memory(dstDesc, engine, dst)}};
  }
  void run() {
    primitive.execute(stream, arguments);
    stream.wait();
  }

private:
  dnnl::engine engine;
  dnnl::stream stream;
  dnnl::convolution_forward primitive;
  std::unordered_map<int, dnnl::memory> arguments;
};

/// Medians of the seconds that calls take when they take turns.
std::vector<double> medians(const std::vector<std::function<void()>> &calls,
                            int rounds) {
  std::vector<std::vector<double>> seconds(calls.size());
  for (int round = -1; round < rounds; ++round)
    for (std::size_t i = 0; i < calls.size(); ++i) {
      auto start = std::chrono::steady_clock::now();
      calls[i]();
      std::chrono::duration<double> time =
          std::chrono::steady_clock::now() - start;
      // The first round makes the plans.
      if (round >= 0)
        seconds[i].push_back(time.count());
    }
  std::vector<double> result;
  for (std::vector<double> &times : seconds) {
    std::nth_element(times.begin(), times.begin() + ptrdiff_t(times.size() / 2),
                     times.end());
    result.push_back(times[times.size() / 2]);
  }
  return result;
}

/// All products of one shape and one pair of widths: `first` of activations or,
/// in input gradients, errors; `second` of weights or, in weight gradients,
/// errors.
void bench(frac_runtime *runtime, const Shape &shape, int32_t first,
           int32_t second, int rounds) {
  const frac_conv_shape s = convolution(shape);
  const int64_t size = batch * shape.channels * shape.extent * shape.extent;
  const int64_t weightCount = shape.channels * shape.channels * 9;
  const Bytes activations(size, first, 0), errors(size, first, -0.45);
  const Bytes weights(weightCount, second, -0.5);
  const Bytes weightsByChannel(weightCount, second, -0.5, shape.channels);
  const Bytes otherErrors(size, second, -0.45);
  const frac_quantized a = activations.view(), e = errors.view();
  const frac_quantized w = weights.view(), wc = weightsByChannel.view();
  const frac_quantized e2 = otherErrors.view();
  const Array<float> x(size, 0.5f), y(size, 0.25f);
  const Array<float> v(weightCount, 0.125f);
  Array<float> result(size), gradient(weightCount);
  OneDnnBytes bytes(shape, activations.data.data(), result.data());

  const double macs = double(size) * double(shape.channels) * 9;
  auto line = [&](const char *product, double ours, double fp32, double u8s8) {
    std::printf("%2dx%dx%d  %dx%d  %-22s %5.2f of fp32, %5.2f of u8s8   %4.0f "
                "GMAC/s (fp32 %.0f, u8s8 %.0f)\n",
                int(shape.channels), int(shape.extent), int(shape.extent),
                first, second, product, fp32 / ours, u8s8 / ours,
                macs / ours * 1e-9, macs / fp32 * 1e-9, macs / u8s8 * 1e-9);
  };
  const auto t = medians(
      {[&] { bytes.run(); },
       [&] {
         frac_conv_forward(runtime, &s, batch, x.data(), v.data(),
                           result.data());
       },
       [&] { frac_qconv_forward(runtime, &s, batch, &a, &wc, result.data()); },
       [&] {
         frac_conv_input_grad(runtime, &s, batch, y.data(), v.data(),
                              result.data());
       },
       [&] {
         frac_qconv_input_grad(runtime, &s, batch, &e, &w, result.data());
       },
       [&] {
         frac_qconv_input_grad(runtime, &s, batch, &e, &wc, result.data());
       },
       [&] {
         frac_conv_weight_grad(runtime, &s, batch, x.data(), y.data(),
                               gradient.data());
       },
       [&] {
         frac_qconv_weight_grad(runtime, &s, batch, &a, &e2, gradient.data());
       }},
      rounds);
  line("forward", t[2], t[1], t[0]);
  line("input grad", t[4], t[3], t[0]);
  line("input grad by channel", t[5], t[3], t[0]);
  line("weight grad", t[7], t[6], t[0]);
}

/// Prints the speed of a 3x3 convolution of one image.
void printSpeed(const Shape &shape, const std::function<void()> &convolve) {
  constexpr int repeats = 20;
  const double seconds = medians({[&] {
                                   for (int r = 0; r < repeats; ++r)
                                     convolve();
                                 }},
                                 20)[0];
  const double c = double(shape.channels), extent = double(shape.extent);
  std::printf("  %dx%dx%d %4.0f GMAC/s", int(c), int(extent), int(extent),
              extent * extent * c * c * 9 * repeats / seconds * 1e-9);
}

/// An image's results, with a scale for each channel.
frac::runtime::DotResult resultOf(const Shape &shape, Array<float> &results,
                                  const Array<float> &scales) {
  frac::runtime::DotResult result = {};
  result.data = results.data();
  result.rowStride = shape.extent * shape.channels;
  result.pixelStride = result.outputs = shape.channels;
  result.planes = 1;
  result.scales = scales.data();
  return result;
}

/// The inner loops of each kernel in the table, on one core and in its cache:
/// the forward product of one image of each shape.
void benchLoops() {
  using namespace frac::runtime;
  for (std::size_t i = 0; i < dotKernels().size; ++i) {
    const DotKernel &kernel = *dotKernels().begin[i];
    if (kernel.isa > usableCpuIsa())
      continue;
    // Sums of products of 6 bits each fit 16 bits for some steps.
    const int64_t chain = kernel.leastChain ? dotChain(63, 32) : 0;
    std::printf("inner loops %-16s", kernel.name);
    for (const Shape &shape : shapes) {
      const int64_t c = shape.channels, width = shape.extent + 2;
      const Array<uint8_t> plane(width * width * c, 3);
      Array<int32_t> offsets;
      for (int64_t tap = 0; tap < 9; ++tap)
        for (int64_t quad = 0; quad < c / 4; ++quad)
          offsets.push_back(
              int32_t((tap / 3 * width + tap % 3) * c + quad * 4));
      const int64_t steps = int64_t(offsets.size());
      const Array<int8_t> weights(steps * dotStepBytes * c / dotBlock, 1);
      const Array<int32_t> first(c);
      const Array<float> scales(c, 1);
      Array<float> result(shape.extent * shape.extent * c);
      const DotOperands operands = {
          plane.data(), width * c,      c,
          shape.extent, shape.extent,   offsets.data(),
          steps,        weights.data(), steps * dotStepBytes,
          c / dotBlock, chain,          dotRun(offsets.data(), steps)};
      DotResult target = resultOf(shape, result, scales);
      target.first = first.data();
      printSpeed(shape, [&] { kernel.convert(operands, target); });
    }
    std::printf("\n");
  }
}

/// The same of the loops with a scale for each channel, in bytes and in numbers
/// of 16 bits.
void benchChannelLoops() {
  using namespace frac::runtime;
  for (std::size_t i = 0; i < channelKernels().size; ++i) {
    const ChannelKernel &kernel = *channelKernels().begin[i];
    if (kernel.isa > usableCpuIsa())
      continue;
    struct Case {
      const char *inputs;
      const ChannelLoops &loops;
      int64_t ofStep;
      bool hasFirst;
    };
    for (const Case &inputs :
         {Case{"           ", kernel.bytes, 4, true},
          Case{" with signs", kernel.signedBytes, 4, false},
          Case{" in 16 bits", kernel.words, 2, false}}) {
      std::printf("inner loops %s by channel%s", kernel.name, inputs.inputs);
      for (const Shape &shape : shapes) {
        const int64_t c = shape.channels, width = shape.extent + 2;
        const Array<int16_t> plane(width * width * c + 16, 3);
        Array<int32_t> offsets;
        for (int64_t row = 0; row < 3; ++row)
          for (int64_t column = 0; column < 3; column += inputs.ofStep)
            offsets.push_back(int32_t(row * width + column));
        const int64_t steps = int64_t(offsets.size());
        const Array<int8_t> weights(c * steps * dotStepBytes * c / dotBlock);
        const Array<int32_t> first(c * c);
        const Array<float> scales(c, 1);
        Array<float> result(shape.extent * shape.extent * c);
        const ChannelOperands operands = {plane.data(),
                                          width * width,
                                          width,
                                          c,
                                          shape.extent,
                                          shape.extent,
                                          offsets.data(),
                                          steps,
                                          weights.data(),
                                          c * steps * dotStepBytes,
                                          c / dotBlock,
                                          steps,
                                          inputs.hasFirst ? first.data()
                                                          : nullptr,
                                          scales.data()};
        const ChannelResult target = {
            result.data(), shape.extent * c, c,       c,      1,
            nullptr,       nullptr,          nullptr, nullptr};
        printSpeed(shape, [&] { inputs.loops.run(operands, target); });
      }
      std::printf("\n");
    }
  }
}

/// The same of minimal filtering, transforms and all: GMAC/s are those of the
/// product that it stands for.
void benchWinogradLoops() {
  using namespace frac::runtime;
  for (std::size_t i = 0; i < winogradKernels().size; ++i) {
    const WinogradKernel &kernel = *winogradKernels().begin[i];
    if (kernel.isa > usableCpuIsa())
      continue;
    std::printf("inner loops %s winograd", kernel.name);
    for (const Shape &shape : shapes) {
      const int64_t c = shape.channels, width = shape.extent + 2;
      const int64_t ofRow = shape.extent / winogradTile, pairs = c / 2;
      const Array<uint8_t> plane(width * width * c, 3);
      const Array<int16_t> weights(winogradPositions * c * c, 1);
      const Array<float> scales(c, 1);
      Array<float> results(shape.extent * shape.extent * c);
      // Some rows of tiles at once, as in a plan.
      const int64_t rows = std::min<int64_t>(16 / ofRow, ofRow),
                    tiles = rows * ofRow,
                    positionStride = tiles * c + winogradPositionGap;
      Array<int16_t> inputs(winogradPositions * positionStride);
      Array<int32_t> products(tiles * winogradPositions * dotBlock);
      const DotResult target = resultOf(shape, results, scales);
      auto multiply = [&](int64_t block) {
        kernel.multiply(
            {inputs.data(), tiles, c, 2, weights.data() + block * dotBlock * c,
             2 * dotBlock, pairs, products.data(), winogradPositions * dotBlock,
             false, winogradPositions, positionStride, c * c, dotBlock});
      };
      printSpeed(shape, [&] {
        for (int64_t row = 0; row < ofRow; row += rows) {
          kernel.transformInputs({plane.data() + winogradTile * row * width * c,
                                  width * c, c, rows, ofRow, c, 0, c,
                                  positionStride},
                                 inputs.data());
          for (int64_t block = 0; block < c / dotBlock; ++block) {
            multiply(block);
            kernel.convert({products.data(), rows, ofRow, 1, winogradTile * row,
                            0, shape.extent, shape.extent, block * dotBlock, c},
                           target);
          }
        }
      });
    }
    std::printf("\n");
  }
}

/// The same of pairs of rows.
void benchRowPairLoops() {
  using namespace frac::runtime;
  const RowPairKernel *kernel = chooseRowPairKernel();
  if (!kernel)
    return;
  std::printf("inner loops %s row pairs", kernel->name);
  for (const Shape &shape : shapes) {
    const int64_t c = shape.channels, extent = shape.extent;
    const RowPairLayout layout = {c, extent + 2};
    const int64_t rowBytes = extent * c;
    const Array<uint8_t> image((extent + 2) * rowBytes, 3);
    const Array<int8_t> weights(c / dotBlock * layout.blockBytes(), 1);
    const Array<int32_t> first(rowPairEdges * 2 * c);
    const Array<float> scales(c, 1);
    Array<float> results(extent * extent * c);
    Array<uint8_t> mixed(layout.pairBytes());
    const DotResult target = resultOf(shape, results, scales);
    printSpeed(shape, [&] {
      for (int64_t row = 0; row < extent; row += 2) {
        const uint8_t *x = image.data() + row * rowBytes;
        kernel->mix(
            {{x, x + rowBytes, x + 2 * rowBytes, x + 3 * rowBytes}, c, extent},
            1, layout, mixed.data());
        kernel->convert({layout, mixed.data(), 2, extent, weights.data(),
                         c / dotBlock, first.data(), true},
                        target.from(row, extent));
      }
    });
  }
  std::printf("\n");
}

int run(int argc, char **argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 30;
  const char *threads = std::getenv("FRAC_THREADS");
  std::unique_ptr<frac_runtime, void (*)(frac_runtime *)> runtime(
      frac_runtime_create(threads ? std::atoi(threads) : 2),
      frac_runtime_destroy);
  const frac::runtime::ThreadCountScope scope(
      frac_runtime_threads(runtime.get()));
  // The runtime caps oneDNN's instruction set before its first use.
  frac::runtime::setKernelProfiling(*runtime, false);
  benchLoops();
  benchChannelLoops();
  benchWinogradLoops();
  benchRowPairLoops();
  for (const Shape &shape : shapes)
    for (auto [first, second] : {std::pair{8, 8}, {6, 6}, {4, 8}, {4, 4}})
      bench(runtime.get(), shape, first, second, rounds);
  if (const char *error = frac_runtime_error(runtime.get())) {
    std::fprintf(stderr, "error: %s\n", error);
    return 1;
  }
  for (const auto &record : frac::runtime::kernelRecords(*runtime))
    if (record.product == "qconv_forward") {
      std::printf("%s beside %s\n", record.implementation.c_str(),
                  frac::runtime::kernelLibraryDescription().c_str());
      break;
    }
  return 0;
}

} // namespace

int main(int argc, char **argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
