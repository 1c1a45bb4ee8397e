//===- WeightGrid.h - Weights on the grids of a width -----------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_CHECKPOINT_WEIGHTGRID_H
#define FRAC_RUNTIME_CHECKPOINT_WEIGHTGRID_H

#include <cstdint>
#include <vector>

namespace frac {

/// The numbers scale q + low for integers 0 <= q < 2^bits.
struct AffineGrid {
  float scale = 0;
  float low = 0;
};

/// The grid from `low` to `high` at a width, by the operations of compiled code
/// (the dialect `frac`), so that the scale has the same bits.
AffineGrid makeGrid(float low, float high, int bits);

/// A dense, row-major tensor of weights whose ranges are those of the indices
/// of `dimension`, or one for all where that is -1.
struct WeightTensor {
  const float *values = nullptr;
  std::vector<int64_t> shape;
  int64_t dimension = -1;
};

/// The grid of each range, between its least and its greatest weight.
std::vector<AffineGrid> weightGrids(const WeightTensor &weights, int bits);

/// The integers q - 2^(bits-1) of the weights on their grids, rounded to the
/// nearest, ties to even. At most 8 bits.
std::vector<int8_t> weightIntegers(const WeightTensor &weights,
                                   const std::vector<AffineGrid> &grids,
                                   int bits);

} // namespace frac

#endif // FRAC_RUNTIME_CHECKPOINT_WEIGHTGRID_H
