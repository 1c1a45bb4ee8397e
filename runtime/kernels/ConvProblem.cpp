//===- ConvProblem.cpp - One convolution product and its geometry ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/ConvProblem.h"

#include "runtime/kernels/Limits.h"

#include <algorithm>

using namespace frac::runtime;

ConvProblem::ConvProblem(ConvProduct product, const frac_conv_shape &shape,
                         int64_t batch)
    : product(product), batch(batch), shape(shape) {
  for (int64_t d = std::max<int64_t>(shape.spatial_rank, 0); d < 3; ++d) {
    this->shape.input[d] = this->shape.output[d] = this->shape.kernel[d] = 1;
    this->shape.stride[d] = this->shape.dilation[d] = 1;
    this->shape.pad_begin[d] = this->shape.pad_end[d] = 0;
  }
}

std::string ConvProblem::invalidReason() const {
  const frac_conv_shape &s = shape;
  if (s.spatial_rank < 1 || s.spatial_rank > 3)
    return "has " + std::to_string(s.spatial_rank) +
           " spatial dimensions, expected 1 to 3";
  if (s.groups < 1 || s.in_channels < 0 || s.out_channels < 0 ||
      s.in_channels % s.groups || s.out_channels % s.groups)
    return "has " + std::to_string(s.in_channels) + " input and " +
           std::to_string(s.out_channels) +
           " output channels, which cannot be split into " +
           std::to_string(s.groups) + " groups";
  ExtentProduct source, weights, destination;
  source.multiply(batch).multiply(s.in_channels);
  destination.multiply(batch).multiply(s.out_channels);
  weights.multiply(s.out_channels).multiply(s.in_channels / s.groups);
  for (int64_t d = 0; d < s.spatial_rank; ++d) {
    auto inRange = [](int64_t value, int64_t least) {
      return value >= least && value <= maxExtent;
    };
    if (!inRange(s.kernel[d], 0) || !inRange(s.stride[d], 1) ||
        !inRange(s.dilation[d], 1) || !inRange(s.pad_begin[d], 0) ||
        !inRange(s.pad_end[d], 0))
      return "has a kernel, stride, dilation or padding out of range in "
             "spatial "
             "dimension " +
             std::to_string(d);
    source.multiply(s.input[d]);
    destination.multiply(s.output[d]);
    weights.multiply(s.kernel[d]);
  }
  if (!source.valid() || !weights.valid() || !destination.valid())
    return "has a tensor that is too large";
  for (int32_t d = 0; d < s.spatial_rank; ++d)
    if (s.output[d] > 0 && s.kernel[d] > 0 && reachedPadEnd(d) > s.pad_end[d])
      return "has windows that reach beyond the padded input in spatial "
             "dimension " +
             std::to_string(d);
  return {};
}

int64_t ConvProblem::sourceSize() const {
  return batch * shape.in_channels * shape.input[0] * shape.input[1] *
         shape.input[2];
}

int64_t ConvProblem::weightsSize() const {
  return shape.out_channels * (shape.in_channels / shape.groups) *
         shape.kernel[0] * shape.kernel[1] * shape.kernel[2];
}

int64_t ConvProblem::destinationSize() const {
  return batch * shape.out_channels * shape.output[0] * shape.output[1] *
         shape.output[2];
}

int64_t ConvProblem::resultSize() const {
  switch (product) {
  case ConvProduct::Forward:
    return destinationSize();
  case ConvProduct::InputGrad:
    return sourceSize();
  case ConvProduct::WeightGrad:
    return weightsSize();
  }
  return 0;
}

bool ConvProblem::hasEmptySums() const {
  // A product of which one operand is empty.
  return sourceSize() == 0 || weightsSize() == 0 || destinationSize() == 0;
}

double ConvProblem::macs() const {
  double pixels = double(shape.output[0]) * double(shape.output[1]) *
                  double(shape.output[2]);
  return double(batch) * pixels * double(weightsSize());
}

const char *ConvProblem::productName() const {
  switch (product) {
  case ConvProduct::Forward:
    return "conv_forward";
  case ConvProduct::InputGrad:
    return "conv_input_grad";
  case ConvProduct::WeightGrad:
    return "conv_weight_grad";
  }
  return "";
}

/// "a x b x c" of the first `rank` numbers.
static std::string joinExtents(const int64_t *extents, int64_t rank) {
  std::string text;
  for (int64_t d = 0; d < std::clamp<int64_t>(rank, 0, 3); ++d)
    text += (d ? "x" : "") + std::to_string(extents[d]);
  return text;
}

std::string ConvProblem::text() const {
  const frac_conv_shape &s = shape;
  std::string text = std::to_string(s.in_channels) + "x" +
                     joinExtents(s.input, s.spatial_rank) + " -> " +
                     std::to_string(s.out_channels) + "x" +
                     joinExtents(s.output, s.spatial_rank) + ", kernel " +
                     joinExtents(s.kernel, s.spatial_rank);
  auto differs = [&](const int64_t *values, int64_t usual) {
    return std::any_of(values, values + 3,
                       [&](int64_t value) { return value != usual; });
  };
  if (differs(s.stride, 1))
    text += ", stride " + joinExtents(s.stride, s.spatial_rank);
  if (differs(s.dilation, 1))
    text += ", dilation " + joinExtents(s.dilation, s.spatial_rank);
  if (s.groups != 1)
    text += ", groups " + std::to_string(s.groups);
  return text;
}
