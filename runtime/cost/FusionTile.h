//===- FusionTile.h - One tiling of a product on BitFusion ------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_COST_FUSIONTILE_H
#define FRAC_RUNTIME_COST_FUSIONTILE_H

#include "runtime/cost/CostModel.h"

#include <array>

namespace frac {

/// The loops over tiles. Both spatial loops are cut alike.
enum class FusionLoop {
  Batch,
  OutputWidth,
  OutputHeight,
  InChannels,
  OutChannels
};
constexpr size_t fusionLoops = 5;

/// The operands of a product and its output.
enum class FusionOperand { Input, Weight, Output };
constexpr size_t fusionOperands = 3;

/// A number for each loop, in the order of the enumeration.
using LoopNumbers = std::array<int64_t, fusionLoops>;
/// A number for each operand.
using OperandNumbers = std::array<int64_t, fusionOperands>;

/// A product as BitFusion tiles it: one group of a convolution.
struct FusionProblem {
  std::array<int64_t, 2> kernel, stride, dilation;
  /// Extents of the loops.
  LoopNumbers extents;
  bool im2col = false;
  /// One channel on each column: the loop of output channels runs over inputs
  /// as well, and there is no other loop of channels.
  bool channelPerColumn = false;
  /// True bits of the operands: what moves.
  OperandBits bits;
  /// Rows of the array times the operands each takes at once.
  int64_t lanes = 1;
  int64_t columns = 1;
  /// Products of parts of operands that are wider than the array's units.
  int64_t parts = 1;
  /// Usable bits of the buffers.
  OperandNumbers capacity;

  int64_t kernelArea() const { return kernel[0] * kernel[1]; }
  /// Whether the tile of `operand` changes with `loop`.
  bool depends(FusionOperand operand, FusionLoop loop) const;
};

/// A tiling without the order of its loops.
struct FusionTile {
  FusionTile(const FusionProblem &problem, const LoopNumbers &tile);

  /// Extents of a tile, and how many of them there are. Those at the edges
  /// count as full.
  LoopNumbers tile, counts;
  /// Bits of a tile of each operand, padded to lanes and columns.
  OperandNumbers bits;
  /// Of all tiles.
  int64_t computeCycles;

  /// Whether each operand's tile is within its buffer.
  bool fits(const FusionProblem &problem) const;
  int64_t totalTiles() const;
};

/// Bits that go through the buffers while tiles are computed, without fills and
/// drains. The dataflow is the one with the fewest accesses of a tile.
struct FusionAccesses {
  FusionAccesses(const FusionProblem &problem, const FusionTile &tile);

  const char *dataflow;
  int64_t inputRead, weightRead;
  /// Read, and as much written.
  int64_t output;
};

/// Bits that move between the memory and the buffers for one order of the
/// loops.
struct FusionTransfers {
  /// `order` is from the outermost loop inwards; loops that are not in it have
  /// one tile.
  FusionTransfers(const FusionProblem &problem, const FusionTile &tile,
                  const std::vector<FusionLoop> &order);

  /// Of all tiles.
  OperandNumbers total;
  /// Of the tiles that stay in the buffer from the start.
  OperandNumbers resident;
};

} // namespace frac

#endif // FRAC_RUNTIME_COST_FUSIONTILE_H
