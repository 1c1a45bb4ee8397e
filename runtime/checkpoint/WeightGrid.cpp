//===- WeightGrid.cpp - Weights on the grids of a width -------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/WeightGrid.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace frac {

/// The least distance of two neighbours on a grid.
static constexpr float minScale = 1e-8f;

static float levelsOf(int bits) {
  return static_cast<float>((int64_t{1} << bits) - 1);
}

AffineGrid makeGrid(float low, float high, int bits) {
  return {std::max((high - low) / levelsOf(bits), minScale), low};
}

/// Calls `visit(i, range)` for every element and the number of its range.
template <typename Visitor>
static void visitWeights(const WeightTensor &weights, Visitor visit) {
  uint64_t ranges = 1, inner = 1, total = 1;
  for (size_t i = 0; i < weights.shape.size(); ++i) {
    auto extent = static_cast<uint64_t>(weights.shape[i]);
    total *= extent;
    if (static_cast<int64_t>(i) == weights.dimension)
      ranges = extent;
    else if (static_cast<int64_t>(i) > weights.dimension)
      inner *= extent;
  }
  if (weights.dimension < 0)
    inner = total;
  for (uint64_t i = 0; i < total; ++i)
    visit(i, i / inner % ranges);
}

std::vector<AffineGrid> weightGrids(const WeightTensor &weights, int bits) {
  size_t count =
      weights.dimension < 0 ? 1 : weights.shape[size_t(weights.dimension)];
  constexpr float infinity = std::numeric_limits<float>::infinity();
  std::vector<float> least(count, infinity), greatest(count, -infinity);
  visitWeights(weights, [&](uint64_t i, uint64_t range) {
    least[range] = std::min(least[range], weights.values[i]);
    greatest[range] = std::max(greatest[range], weights.values[i]);
  });
  std::vector<AffineGrid> grids;
  for (size_t range = 0; range < count; ++range)
    grids.push_back(makeGrid(least[range], greatest[range], bits));
  return grids;
}

std::vector<int8_t> weightIntegers(const WeightTensor &weights,
                                   const std::vector<AffineGrid> &grids,
                                   int bits) {
  float levels = levelsOf(bits), middle = std::ldexp(1.0f, bits - 1);
  std::vector<int8_t> integers;
  visitWeights(weights, [&](uint64_t i, uint64_t range) {
    float place = (weights.values[i] - grids[range].low) / grids[range].scale;
    // What is not a number, in a range too long for floats, becomes 0.
    float q = std::nearbyint(std::fmin(std::fmax(place, 0.0f), levels));
    integers.push_back(static_cast<int8_t>(q - middle));
  });
  return integers;
}

} // namespace frac
