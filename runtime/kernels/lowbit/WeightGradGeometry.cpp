//===- WeightGradGeometry.cpp - Weight gradients as sums over pixels ------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WeightGradGeometry.h"

#include <algorithm>
#include <utility>

using namespace frac::runtime;

/// The output's pixels along dimension `d` that tap `k` meets inside the input.
static PixelRange insideOf(const frac_conv_shape &s, int d, int64_t k) {
  const int64_t offset = k * s.dilation[d] - s.pad_begin[d];
  const int64_t stride = s.stride[d];
  // The first pixel with place >= 0, and the first with place >= extent.
  auto firstFrom = [&](int64_t place) {
    const int64_t distance = place - offset;
    return std::clamp<int64_t>(
        distance <= 0 ? 0 : (distance + stride - 1) / stride, 0, s.output[d]);
  };
  const int64_t first = firstFrom(0);
  return {first, std::max<int64_t>(firstFrom(s.input[d]) - first, 0), 1};
}

std::optional<WeightGradGeometry>
WeightGradGeometry::of(const frac_conv_shape &shape) {
  frac_conv_shape s = shape;
  if (s.spatial_rank == 3)
    return std::nullopt;
  // A single dimension is a row.
  if (s.spatial_rank == 1)
    for (int64_t *extents : {s.input, s.output, s.kernel, s.stride, s.dilation,
                             s.pad_begin, s.pad_end})
      std::swap(extents[0], extents[1]);
  WeightGradGeometry g = {};
  g.groups = s.groups;
  g.inputs = s.in_channels / s.groups;
  g.outputs = s.out_channels / s.groups;
  g.rows = s.input[0], g.columns = s.input[1];
  g.outputRows = s.output[0], g.outputColumns = s.output[1];
  g.kernelRows = s.kernel[0], g.kernelColumns = s.kernel[1];
  g.rowStride = s.stride[0], g.columnStride = s.stride[1];
  g.rowDilation = s.dilation[0], g.columnDilation = s.dilation[1];
  g.rowPad = s.pad_begin[0], g.columnPad = s.pad_begin[1];
  int64_t mostShift = 0;
  for (int64_t k = 0; k < g.kernelColumns; ++k) {
    const int64_t remainder = k * g.columnDilation % g.columnStride;
    const int64_t shift = k * g.columnDilation / g.columnStride;
    auto found = std::find(g.remainders.begin(), g.remainders.end(), remainder);
    g.remainderOf.push_back(found - g.remainders.begin());
    if (found == g.remainders.end())
      g.remainders.push_back(remainder);
    g.shiftOf.push_back(shift);
    mostShift = std::max(mostShift, shift);
    g.insideColumns.push_back(insideOf(s, 1, k));
  }
  for (int64_t k = 0; k < g.kernelRows; ++k)
    g.insideRows.push_back(insideOf(s, 0, k));
  g.length = g.quads() * 4 + mostShift;
  for (int64_t remainder : g.remainders) {
    const int64_t before = g.columnPad - remainder;
    const int64_t first =
        before > 0 ? (before + g.columnStride - 1) / g.columnStride : 0;
    const int64_t last = g.columns - 1 + before;
    const int64_t end = last < 0 ? 0 : last / g.columnStride + 1;
    g.insideBytes.push_back({first, std::min(end, g.length) - first, 1});
  }
  return g;
}
