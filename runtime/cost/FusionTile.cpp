//===- FusionTile.cpp - One tiling of a product on BitFusion --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/FusionTile.h"

#include "runtime/cost/IntegerMath.h"

namespace frac {

static size_t at(FusionLoop loop) { return static_cast<size_t>(loop); }
static size_t at(FusionOperand operand) { return static_cast<size_t>(operand); }

bool FusionProblem::depends(FusionOperand operand, FusionLoop loop) const {
  bool isIn = loop == FusionLoop::InChannels;
  bool isOut = loop == FusionLoop::OutChannels;
  switch (operand) {
  case FusionOperand::Input:
    return !isOut || channelPerColumn;
  case FusionOperand::Weight:
    return isIn || isOut;
  case FusionOperand::Output:
    return !isIn;
  }
  return false;
}

/// Extent of the input that `outputs` of them need, with what overlaps.
static int64_t inputExtent(const FusionProblem &problem, size_t axis,
                           int64_t outputs) {
  return (outputs - 1) * problem.stride[axis] +
         (problem.kernel[axis] - 1) * problem.dilation[axis] + 1;
}

FusionTile::FusionTile(const FusionProblem &problem, const LoopNumbers &tile)
    : tile(tile) {
  for (size_t i = 0; i < fusionLoops; ++i)
    counts[i] = ceilDiv(problem.extents[i], tile[i]);
  int64_t b = tile[at(FusionLoop::Batch)];
  int64_t ow = tile[at(FusionLoop::OutputWidth)];
  int64_t oh = tile[at(FusionLoop::OutputHeight)];
  int64_t ic = tile[at(FusionLoop::InChannels)];
  int64_t oc = tile[at(FusionLoop::OutChannels)];
  int64_t area = problem.kernelArea();

  // Weights are padded over the window and its channels together, computation
  // over the channels alone unless windows are written out.
  int64_t windows = roundUp(area * ic, problem.lanes);
  int64_t inputs = problem.channelPerColumn ? oc : ic;
  int64_t elements = problem.im2col ? ow * oh * area
                                    : inputExtent(problem, 0, oh) *
                                          inputExtent(problem, 1, ow);
  bits[at(FusionOperand::Input)] = elements * inputs * b * problem.bits.left;
  bits[at(FusionOperand::Weight)] = windows * oc * problem.bits.right;
  bits[at(FusionOperand::Output)] =
      ow * oh * roundUp(oc, problem.columns) * b * accumulatorBits;

  int64_t steps = problem.im2col ? windows / problem.lanes
                                 : area * ceilDiv(ic, problem.lanes);
  computeCycles = totalTiles() * b * ow * oh * ceilDiv(oc, problem.columns) *
                  steps * problem.parts;
}

bool FusionTile::fits(const FusionProblem &problem) const {
  for (size_t i = 0; i < fusionOperands; ++i)
    if (bits[i] > problem.capacity[i])
      return false;
  return true;
}

int64_t FusionTile::totalTiles() const {
  int64_t total = 1;
  for (int64_t count : counts)
    total *= count;
  return total;
}

FusionAccesses::FusionAccesses(const FusionProblem &problem,
                               const FusionTile &tile) {
  int64_t b = tile.tile[at(FusionLoop::Batch)];
  int64_t pixels = tile.tile[at(FusionLoop::OutputWidth)] *
                   tile.tile[at(FusionLoop::OutputHeight)];
  int64_t ic = tile.tile[at(FusionLoop::InChannels)];
  int64_t oc = tile.tile[at(FusionLoop::OutChannels)];
  int64_t area = problem.kernelArea();
  int64_t left = problem.bits.left, right = problem.bits.right;

  // Which dataflow: accesses of one padded tile.
  int64_t outs = roundUp(oc, problem.columns);
  int64_t sums = problem.im2col ? roundUp(ic * area, problem.lanes)
                                : roundUp(ic, problem.lanes) * area;
  int64_t places = b * pixels;
  int64_t inputStays =
      sums * places * (left + outs * (right + accumulatorBits));
  int64_t outputStays =
      outs * places * (accumulatorBits + sums * (left + right));
  int64_t weightStays =
      sums * outs * (right + places * (left + accumulatorBits));

  // How much: accesses of all tiles, without padding.
  int64_t tiles = tile.totalTiles();
  int64_t reads = tiles * area * ic * pixels * b;
  inputRead = reads * oc * left;
  weightRead = reads * oc * right;
  output = reads * oc * accumulatorBits;
  if (!problem.channelPerColumn && inputStays <= outputStays &&
      inputStays <= weightStays) {
    dataflow = "IS";
    inputRead = reads * left;
  } else if (problem.channelPerColumn || outputStays <= weightStays) {
    // Columns with inputs of their own have nothing to share.
    dataflow = "OS";
    output = tiles * oc * pixels * b * accumulatorBits;
  } else {
    dataflow = "WS";
    weightRead = tiles * area * ic * oc * right;
  }
}

FusionTransfers::FusionTransfers(const FusionProblem &problem,
                                 const FusionTile &tile,
                                 const std::vector<FusionLoop> &order)
    : total(tile.bits), resident(tile.bits) {
  for (size_t i = 0; i < fusionOperands; ++i) {
    auto operand = static_cast<FusionOperand>(i);
    // From the innermost loop outwards, as long as all tiles of an operand fit
    // together, each is read once; further out all are read again.
    bool stays = true;
    for (auto loop = order.rbegin(); loop != order.rend(); ++loop) {
      if (stays && !problem.depends(operand, *loop))
        continue;
      total[i] *= tile.counts[at(*loop)];
      if (!stays)
        continue;
      if (total[i] > problem.capacity[i])
        stays = false;
      else
        resident[i] = total[i];
    }
  }
}

} // namespace frac
