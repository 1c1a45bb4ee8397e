//===- GatherGeometry.cpp - Convolutions as sums over taps ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/GatherGeometry.h"

#include <algorithm>

using namespace frac::runtime;

/// Sorts the elements of an axis into classes. Offsets are relative to the
/// operand here.
static void classify(GatherAxis &axis, int64_t extent, int64_t step) {
  for (int64_t j = 0; j < axis.count; ++j) {
    std::vector<bool> inside;
    for (const GatherAxis::Tap &tap : axis.taps) {
      const int64_t place = j * step + tap.offset;
      inside.push_back(place >= 0 && place < extent);
    }
    auto found = std::find(axis.inside.begin(), axis.inside.end(), inside);
    axis.classOf.push_back(int32_t(found - axis.inside.begin()));
    if (found == axis.inside.end())
      axis.inside.push_back(std::move(inside));
  }
}

static GatherDimension makeDimension(const frac_conv_shape &s, int d,
                                     bool isInputGrad) {
  GatherDimension dimension = {};
  dimension.extent = isInputGrad ? s.output[d] : s.input[d];
  dimension.resultExtent = isInputGrad ? s.input[d] : s.output[d];
  dimension.step = isInputGrad ? 1 : s.stride[d];
  dimension.resultStep = isInputGrad ? s.stride[d] : 1;
  const int64_t phases = std::min(dimension.resultStep, dimension.resultExtent);
  int64_t least = 0, most = 0;
  for (int64_t phase = 0; phase < phases; ++phase) {
    GatherAxis axis = {};
    axis.first = phase;
    axis.count = (dimension.resultExtent - phase + dimension.resultStep - 1) /
                 dimension.resultStep;
    for (int64_t k = 0; k < s.kernel[d]; ++k) {
      int64_t offset = k * s.dilation[d] - s.pad_begin[d];
      if (isInputGrad) {
        const int64_t start = phase - offset;
        // Also right for negative numbers: the remainder is 0 or not.
        if (start % s.stride[d])
          continue;
        offset = start / s.stride[d];
      }
      axis.taps.push_back({k, offset});
      least = std::min(least, offset);
      most = std::max(most, (axis.count - 1) * dimension.step + offset);
    }
    // Neighbours in the plane are neighbours in the sums.
    std::sort(axis.taps.begin(), axis.taps.end(),
              [](const GatherAxis::Tap &a, const GatherAxis::Tap &b) {
                return a.offset < b.offset;
              });
    classify(axis, dimension.extent, dimension.step);
    dimension.phases.push_back(std::move(axis));
  }
  dimension.padBegin = -least;
  dimension.planeExtent = most - least + 1;
  for (GatherAxis &axis : dimension.phases)
    for (GatherAxis::Tap &tap : axis.taps)
      tap.offset -= least;
  return dimension;
}

bool GatherDimension::hasThreeTaps() const {
  if (phases.size() != 1 || step != 1)
    return false;
  const std::vector<GatherAxis::Tap> &taps = phases[0].taps;
  for (std::size_t i = 0; i < taps.size(); ++i)
    if (taps[i].offset != int64_t(i))
      return false;
  return taps.size() == 3;
}

std::optional<GatherGeometry> GatherGeometry::of(const ConvProblem &problem) {
  frac_conv_shape s = problem.shape;
  if (s.spatial_rank == 3)
    return std::nullopt;
  // A single dimension is a row.
  if (s.spatial_rank == 1)
    for (int64_t *extents : {s.input, s.output, s.kernel, s.stride, s.dilation,
                             s.pad_begin, s.pad_end})
      std::swap(extents[0], extents[1]);
  const bool isInputGrad = problem.product == ConvProduct::InputGrad;
  GatherGeometry geometry;
  geometry.groups = s.groups;
  geometry.inputs = s.in_channels / s.groups;
  geometry.outputs = s.out_channels / s.groups;
  if (isInputGrad)
    std::swap(geometry.inputs, geometry.outputs);
  geometry.kernelWidth = s.kernel[1];
  geometry.kernelTaps = s.kernel[0] * s.kernel[1];
  geometry.rows = makeDimension(s, 0, isInputGrad);
  geometry.columns = makeDimension(s, 1, isInputGrad);
  return geometry;
}
