//===- ReferenceConv.cpp - Convolutions by their definition ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/reference/ReferenceConv.h"

#include "runtime/core/Threads.h"

#include <array>

using namespace frac::runtime;

namespace {

using Point = std::array<int64_t, 3>;

/// Calls `body` at each point of a box, the last coordinate changing fastest.
template <typename Body>
void forEachPoint(const int64_t (&extents)[3], const Body &body) {
  Point p;
  for (p[0] = 0; p[0] < extents[0]; ++p[0])
    for (p[1] = 0; p[1] < extents[1]; ++p[1])
      for (p[2] = 0; p[2] < extents[2]; ++p[2])
        body(p);
}

/// The point of a box with the given number in that order.
Point pointOfNumber(const int64_t (&extents)[3], int64_t number) {
  return {number / extents[2] / extents[1], number / extents[2] % extents[1],
          number % extents[2]};
}

int64_t numberOfPoint(const int64_t (&extents)[3], const Point &p) {
  return (p[0] * extents[1] + p[1]) * extents[2] + p[2];
}

class ReferenceConvPlan final : public KernelPlan {
public:
  ReferenceConvPlan(const ConvProblem &problem, int32_t threads)
      : problem(problem), shape(this->problem.shape), threads(threads) {
    implementation = "reference";
  }

  void run(const KernelArguments &arguments) override {
    parallelRanges(threads, problem.resultSize(), /*grain=*/64,
                   [&](int64_t begin, int64_t end) {
                     for (int64_t i = begin; i < end; ++i)
                       arguments.result[i] = static_cast<float>(
                           element(i, arguments.first, arguments.second));
                   });
  }

private:
  double element(int64_t i, const float *first, const float *second) const {
    switch (problem.product) {
    case ConvProduct::Forward:
      return forward(i, first, second);
    case ConvProduct::InputGrad:
      return inputGrad(i, first, second);
    case ConvProduct::WeightGrad:
      return weightGrad(i, first, second);
    }
    return 0;
  }

  /// The input point that kernel point `k` of the window at `out` reads; false
  /// if it lies in the padding.
  bool inputPoint(const Point &out, const Point &k, Point &in) const {
    for (int d = 0; d < 3; ++d) {
      in[d] = out[d] * shape.stride[d] + k[d] * shape.dilation[d] -
              shape.pad_begin[d];
      if (in[d] < 0 || in[d] >= shape.input[d])
        return false;
    }
    return true;
  }

  /// The window that reads input point `in` with its kernel point `k`; false if
  /// there is none.
  bool outputPoint(const Point &in, const Point &k, Point &out) const {
    for (int d = 0; d < 3; ++d) {
      int64_t start = in[d] + shape.pad_begin[d] - k[d] * shape.dilation[d];
      if (start < 0 || start % shape.stride[d])
        return false;
      out[d] = start / shape.stride[d];
      if (out[d] >= shape.output[d])
        return false;
    }
    return true;
  }

  int64_t sourceIndex(int64_t n, const Point &p, int64_t channel) const {
    int64_t pixels = shape.input[0] * shape.input[1] * shape.input[2];
    return (n * pixels + numberOfPoint(shape.input, p)) * shape.in_channels +
           channel;
  }

  int64_t destinationIndex(int64_t n, const Point &p, int64_t channel) const {
    int64_t pixels = shape.output[0] * shape.output[1] * shape.output[2];
    return (n * pixels + numberOfPoint(shape.output, p)) * shape.out_channels +
           channel;
  }

  /// `inside` is the input channel within its group.
  int64_t weightIndex(int64_t outChannel, int64_t inside,
                      const Point &k) const {
    int64_t taps = shape.kernel[0] * shape.kernel[1] * shape.kernel[2];
    return (outChannel * groupInputs + inside) * taps +
           numberOfPoint(shape.kernel, k);
  }

  double forward(int64_t i, const float *src, const float *weights) const {
    int64_t channel = i % shape.out_channels;
    int64_t pixels = shape.output[0] * shape.output[1] * shape.output[2];
    int64_t n = i / shape.out_channels / pixels;
    Point out = pointOfNumber(shape.output, i / shape.out_channels % pixels);
    int64_t firstInput = channel / groupOutputs * groupInputs;
    double sum = 0;
    forEachPoint(shape.kernel, [&](const Point &k) {
      Point in;
      if (!inputPoint(out, k, in))
        return;
      for (int64_t c = 0; c < groupInputs; ++c)
        sum += double(src[sourceIndex(n, in, firstInput + c)]) *
               weights[weightIndex(channel, c, k)];
    });
    return sum;
  }

  double inputGrad(int64_t i, const float *diffDst,
                   const float *weights) const {
    int64_t channel = i % shape.in_channels;
    int64_t pixels = shape.input[0] * shape.input[1] * shape.input[2];
    int64_t n = i / shape.in_channels / pixels;
    Point in = pointOfNumber(shape.input, i / shape.in_channels % pixels);
    int64_t firstOutput = channel / groupInputs * groupOutputs;
    double sum = 0;
    forEachPoint(shape.kernel, [&](const Point &k) {
      Point out;
      if (!outputPoint(in, k, out))
        return;
      for (int64_t o = firstOutput; o < firstOutput + groupOutputs; ++o)
        sum += double(diffDst[destinationIndex(n, out, o)]) *
               weights[weightIndex(o, channel % groupInputs, k)];
    });
    return sum;
  }

  double weightGrad(int64_t i, const float *src, const float *diffDst) const {
    int64_t taps = shape.kernel[0] * shape.kernel[1] * shape.kernel[2];
    Point k = pointOfNumber(shape.kernel, i % taps);
    int64_t channel = i / taps / groupInputs;
    int64_t input =
        channel / groupOutputs * groupInputs + i / taps % groupInputs;
    double sum = 0;
    for (int64_t n = 0; n < problem.batch; ++n)
      forEachPoint(shape.output, [&](const Point &out) {
        Point in;
        if (inputPoint(out, k, in))
          sum += double(src[sourceIndex(n, in, input)]) *
                 diffDst[destinationIndex(n, out, channel)];
      });
    return sum;
  }

  const ConvProblem problem;
  const frac_conv_shape &shape;
  const int32_t threads;
  const int64_t groupInputs = shape.in_channels / shape.groups;
  const int64_t groupOutputs = shape.out_channels / shape.groups;
};

} // namespace

std::unique_ptr<KernelPlan>
frac::runtime::makeReferenceConvPlan(const ConvProblem &problem,
                                     int32_t threads) {
  return std::make_unique<ReferenceConvPlan>(problem, threads);
}
