//===- WinogradGradient.cpp - 3x3 gradients with fewer products -----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WinogradGradient.h"

#include "runtime/kernels/lowbit/PaddedPlane.h"

#include <algorithm>
#include <cassert>

using namespace frac::runtime;

/// Most numbers of a position's products, all of which are read and written for
/// every chunk.
static constexpr int64_t mostProducts = 1 << 14;

bool WinogradGradient::fits(const WeightGradGeometry &g,
                            const WeightGradOperands &operands,
                            int64_t splitOutputs,
                            const WinogradKernel &kernel) {
  if (operands.isWide() || g.kernelRows != 3 || g.kernelColumns != 3 ||
      g.rowStride != 1 || g.columnStride != 1 || g.rowDilation != 1 ||
      g.columnDilation != 1)
    return false;
  return kernel.beatsBytes() &&
         std::min(g.inputs, g.outputs) >= winogradFewestChannels &&
         g.inputs * splitOutputs <= mostProducts &&
         std::min(g.outputRows, winogradTile) * g.outputColumns <=
             mostPixels(operands);
}

int64_t WinogradGradient::mostPixels(const WeightGradOperands &operands) {
  const int64_t mostError = int64_t(1) << (operands.errorBits - 1);
  assert(mostError <= winogradMostError);
  return winogradMostProducts(largestByte(operands.activationBits), mostError);
}

int64_t WinogradGradient::rowBytes(const WeightGradGeometry &g,
                                   int64_t splitOutputs) {
  // A tile has some rows, and a number for each channel and position.
  constexpr int64_t bytes = winogradPositions * sizeof(int16_t);
  return winogradTiles(g.outputColumns) * (g.inputs + splitOutputs) * bytes /
         winogradTile;
}

WinogradGradient::WinogradGradient(const WeightGradGeometry &geometry,
                                   const WeightGradOperands &operands,
                                   const WeightGradChunks &chunks,
                                   const WinogradKernel &kernel,
                                   ScratchLayout &own)
    : WeightGradProducts(geometry, operands, chunks, own), kernel(kernel) {
  // Whole tiles, and what is read behind the last channel.
  const int64_t pixels =
      (winogradTile * tileRows() + 2) * (2 * winogradTile * pairColumns() + 2);
  const int64_t channels = std::max(g.inputs, chunks.splitOutputs);
  plane = own.add<uint8_t>(pixels * ((channels + 3) / 4 * 4) + dotBlock);
  activations = own.add<int16_t>(winogradPositions *
                                 positionStride(mostPairs(), inputStride()));
  errors = own.add<int16_t>(winogradPositions *
                            positionStride(mostPairs(), outputStride()));
  products = own.add<int32_t>(g.groups * winogradPositions * positionSize());
}

std::string WinogradGradient::name() const {
  return std::string(kernel.name) + " winograd";
}

void WinogradGradient::clear(std::byte *memory) const {
  std::memset(products.in(memory), 0,
              g.groups * winogradPositions * positionSize() * sizeof(int32_t));
}

/// Writes V and E of a chunk.
void WinogradGradient::transform(const WeightGradChunk &chunk, int64_t pairs,
                                 std::byte *memory) const {
  const int64_t rows = chunk.endRow - chunk.firstRow;
  const int64_t tileRows = winogradTiles(rows);
  uint8_t *bytes = plane.in(memory);
  int64_t pair = 0;
  for (const WeightGradChunk::Image &image : chunk.images) {
    PlaneCopy copy = {activationsOf(chunk, image)};
    copy.rows = winogradTile * tileRows + 2;
    copy.columns = 2 * winogradTile * pairColumns() + 2;
    copy.write(0, bytes);
    kernel.transformActivations({bytes, copy.columns * copy.pixelBytes(),
                                 copy.pixelBytes(), tileRows, pairColumns(),
                                 g.inputs, inputStride(),
                                 positionStride(pairs, inputStride())},
                                activations.in(memory) + pair * inputStride());

    // What lies beside the errors is 0.
    copy.image = image.errors;
    copy.bytes = chunk.errorBytes;
    copy.imageRows = rows;
    copy.imageColumns = g.outputColumns;
    copy.imageChannels = g.groups * g.outputs;
    copy.firstChannel = chunk.group * g.outputs + chunk.firstOutput;
    copy.channels = std::min(chunk.outputs, g.outputs - chunk.firstOutput);
    copy.firstRow = 0;
    copy.firstColumn = 0;
    copy.rows = winogradTile * tileRows;
    copy.columns = 2 * winogradTile * pairColumns();
    copy.zero = operands.errorCenter();
    copy.write(0, bytes);
    kernel.transformErrors(
        {bytes, copy.columns * copy.pixelBytes(), copy.pixelBytes(), tileRows,
         pairColumns(), copy.channels, outputStride(),
         positionStride(pairs, outputStride())},
        copy.zero, errors.in(memory) + pair * outputStride());
    pair += tileRows * pairColumns();
  }
}

void WinogradGradient::add(const WeightGradChunk &chunk,
                           std::byte *memory) const {
  const int64_t pairs = int64_t(chunk.images.size()) *
                        winogradTiles(chunk.endRow - chunk.firstRow) *
                        pairColumns();
  transform(chunk, pairs, memory);
  for (int64_t position = 0; position < winogradPositions; ++position)
    for (int64_t output = 0; output < chunk.outputs; output += dotBlock)
      kernel.multiply(
          {activations.in(memory) +
               position * positionStride(pairs, inputStride()),
           g.inputs, 2, inputStride(),
           errors.in(memory) +
               position * positionStride(pairs, outputStride()) + 2 * output,
           outputStride(), pairs,
           products.in(memory) +
               (chunk.group * winogradPositions + position) * positionSize() +
               output,
           chunks.splitOutputs, true, 1, 0, 0, 0});
}

void WinogradGradient::finish(std::byte *memory) const {
  for (int64_t group = 0; group < g.groups; ++group)
    for (int64_t i = 0; i < positionSize(); i += dotBlock)
      kernel.sumTaps(
          products.in(memory) + group * winogradPositions * positionSize() + i,
          positionSize(), sums.in(memory) + group * g.taps() * tapSize() + i,
          tapSize());
}
