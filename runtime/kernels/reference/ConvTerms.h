//===- ConvTerms.h - The terms of the sums of a convolution ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_REFERENCE_CONVTERMS_H
#define FRAC_RUNTIME_KERNELS_REFERENCE_CONVTERMS_H

#include "runtime/kernels/ConvProblem.h"

#include <array>
#include <cstdint>

namespace frac::runtime {

/// Which elements of its operands each element of a convolution's product is
/// the sum over, by the definition.
class ConvTerms {
public:
  /// A valid problem without empty tensors.
  explicit ConvTerms(const ConvProblem &problem)
      : problem(problem), shape(this->problem.shape),
        groupInputs(shape.in_channels / shape.groups),
        groupOutputs(shape.out_channels / shape.groups),
        taps(shape.kernel[0] * shape.kernel[1] * shape.kernel[2]),
        inputPixels(shape.input[0] * shape.input[1] * shape.input[2]),
        outputPixels(shape.output[0] * shape.output[1] * shape.output[2]) {}

  ConvTerms(const ConvTerms &) = delete;
  ConvTerms &operator=(const ConvTerms &) = delete;

  /// Calls `body(first, second)` with the indices in the operands, in the order
  /// of the C interface, of every term of element `i` of the product. Terms
  /// with the same output channel of the weights, or the same sample in a
  /// gradient by the weights, follow each other.
  template <typename Body>
  void forEach(int64_t i, const Body &body) const {
    switch (problem.product) {
    case ConvProduct::Forward:
      return forEachOfForward(i, body);
    case ConvProduct::InputGrad:
      return forEachOfInputGrad(i, body);
    case ConvProduct::WeightGrad:
      return forEachOfWeightGrad(i, body);
    }
  }

private:
  /// A place in three spatial dimensions.
  using Point = std::array<int64_t, 3>;

  /// Calls `body` at each point of a box, the last coordinate changing fastest.
  template <typename Body>
  static void forEachPoint(const int64_t (&extents)[3], const Body &body) {
    Point p;
    for (p[0] = 0; p[0] < extents[0]; ++p[0])
      for (p[1] = 0; p[1] < extents[1]; ++p[1])
        for (p[2] = 0; p[2] < extents[2]; ++p[2])
          body(p);
  }

  /// The point of a box with the given number in that order.
  static Point pointOfNumber(const int64_t (&extents)[3], int64_t number) {
    return {number / extents[2] / extents[1], number / extents[2] % extents[1],
            number % extents[2]};
  }

  static int64_t numberOfPoint(const int64_t (&extents)[3], const Point &p) {
    return (p[0] * extents[1] + p[1]) * extents[2] + p[2];
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

  int64_t source(int64_t n, const Point &p, int64_t channel) const {
    return (n * inputPixels + numberOfPoint(shape.input, p)) *
               shape.in_channels +
           channel;
  }

  int64_t destination(int64_t n, const Point &p, int64_t channel) const {
    return (n * outputPixels + numberOfPoint(shape.output, p)) *
               shape.out_channels +
           channel;
  }

  /// `inside` is the input channel within its group.
  int64_t weight(int64_t outChannel, int64_t inside, const Point &k) const {
    return (outChannel * groupInputs + inside) * taps +
           numberOfPoint(shape.kernel, k);
  }

  template <typename Body>
  void forEachOfForward(int64_t i, const Body &body) const {
    const int64_t channel = i % shape.out_channels;
    const int64_t pixel = i / shape.out_channels;
    const int64_t n = pixel / outputPixels;
    const Point out = pointOfNumber(shape.output, pixel % outputPixels);
    const int64_t firstInput = channel / groupOutputs * groupInputs;
    forEachPoint(shape.kernel, [&](const Point &k) {
      Point in;
      if (!inputPoint(out, k, in))
        return;
      for (int64_t c = 0; c < groupInputs; ++c)
        body(source(n, in, firstInput + c), weight(channel, c, k));
    });
  }

  template <typename Body>
  void forEachOfInputGrad(int64_t i, const Body &body) const {
    const int64_t channel = i % shape.in_channels;
    const int64_t pixel = i / shape.in_channels;
    const int64_t n = pixel / inputPixels;
    const Point in = pointOfNumber(shape.input, pixel % inputPixels);
    const int64_t firstOutput = channel / groupInputs * groupOutputs;
    for (int64_t o = firstOutput; o < firstOutput + groupOutputs; ++o)
      forEachPoint(shape.kernel, [&](const Point &k) {
        Point out;
        if (outputPoint(in, k, out))
          body(destination(n, out, o), weight(o, channel % groupInputs, k));
      });
  }

  template <typename Body>
  void forEachOfWeightGrad(int64_t i, const Body &body) const {
    const Point k = pointOfNumber(shape.kernel, i % taps);
    const int64_t channel = i / taps / groupInputs;
    const int64_t input =
        channel / groupOutputs * groupInputs + i / taps % groupInputs;
    for (int64_t n = 0; n < problem.batch; ++n)
      forEachPoint(shape.output, [&](const Point &out) {
        Point in;
        if (inputPoint(out, k, in))
          body(source(n, in, input), destination(n, out, channel));
      });
  }

  const ConvProblem problem;
  const frac_conv_shape &shape;
  const int64_t groupInputs, groupOutputs;
  const int64_t taps, inputPixels, outputPixels;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_REFERENCE_CONVTERMS_H
