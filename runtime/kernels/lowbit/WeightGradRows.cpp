//===- WeightGradRows.cpp - Weight gradients by rows of taps --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WeightGradRows.h"

#include "runtime/kernels/lowbit/PaddedPlane.h"

#include <algorithm>

using namespace frac::runtime;

const TapRowKernel *WeightGradRows::choose(const WeightGradGeometry &geometry,
                                           const WeightGradOperands &operands) {
  if (geometry.kernelRows != tapRows || geometry.inputs % dotBlock != 0 ||
      operands.isWide())
    return nullptr;
  return chooseTapRowKernel();
}

int64_t WeightGradRows::rowBytes(const WeightGradGeometry &g,
                                 int64_t splitOutputs) {
  return g.quads() * 4 *
         (g.kernelColumns * g.rowStride * g.inputs + splitOutputs);
}

WeightGradRows::WeightGradRows(const WeightGradGeometry &geometry,
                               const WeightGradOperands &operands,
                               const WeightGradChunks &chunks,
                               const TapRowKernel &kernel, ScratchLayout &own)
    : WeightGradProducts(geometry, operands, chunks, own), kernel(kernel) {
  const int64_t rows = g.planeRows(chunks.bandRows);
  plane = own.add<uint8_t>(rows * planeColumns() * g.inputs);
  activations = own.add<uint8_t>(g.kernelColumns * inputBlocks() *
                                 chunks.images * rows * stepRowBytes());
  errors = own.add<int8_t>(chunks.rows() * g.quads() * 4 * chunks.splitOutputs);
  rowSums = own.add<int32_t>(rows * g.inputs);
  tapSums = own.add<int32_t>(g.taps() * g.inputs);
}

std::string WeightGradRows::name() const {
  return std::string(kernel.name) + " tap rows";
}

/// Columns that the pixels of whole steps read.
int64_t WeightGradRows::planeColumns() const {
  return (g.quads() * 4 - 1) * g.columnStride +
         (g.kernelColumns - 1) * g.columnDilation + 1;
}

/// Packs an image's activations for all columns of the kernel.
void WeightGradRows::packImage(const WeightGradChunk &chunk,
                               const WeightGradChunk::Image &image,
                               uint8_t *target, int64_t columnStride,
                               int64_t blockStride, std::byte *memory) const {
  PlaneCopy copy = {activationsOf(chunk, image)};
  copy.rows = g.planeRows(chunk.endRow - chunk.firstRow);
  copy.columns = planeColumns();
  copy.write(0, plane.in(memory));
  // A byte 1 for each pixel of the last step that the output has.
  const int64_t beside = g.quads() * 4 - g.outputColumns;
  const int32_t lastOnes = int32_t(uint32_t{0x01010101} >> 8 * beside);
  for (int64_t column = 0; column < g.kernelColumns; ++column) {
    kernel.pack({plane.in(memory) + column * g.columnDilation * g.inputs,
                 planeColumns() * g.inputs, g.columnStride * g.inputs,
                 chunk.endRow - chunk.firstRow, g.rowStride, g.rowDilation,
                 g.quads(), lastOnes, inputBlocks()},
                target + column * columnStride, blockStride, rowSums.in(memory),
                tapSums.in(memory) + column * tapRows * g.inputs);
  }
}

/// Adds the sums of the activations inside the images that each tap reads.
void WeightGradRows::addSums(const WeightGradChunk &chunk,
                             std::byte *memory) const {
  const int64_t rows = chunk.endRow - chunk.firstRow;
  const int32_t *from = tapSums.in(memory);
  for (int64_t column = 0; column < g.kernelColumns; ++column)
    for (int64_t tapRow = 0; tapRow < tapRows; ++tapRow, from += g.inputs) {
      const PixelRange &inside = g.insideRows[tapRow];
      const int64_t first = std::max(inside.first, chunk.firstRow);
      const int64_t end = std::min(inside.first + inside.count, chunk.endRow);
      const int64_t pixels =
          std::max<int64_t>(end - first, 0) * g.insideColumns[column].count;
      // The rest of the pixels is padding.
      const int64_t padding = int64_t(chunk.images.size()) *
                              chunk.activationZero *
                              (rows * g.outputColumns - pixels);
      int64_t *target =
          chunk.activationSums +
          (chunk.group * g.taps() + tapRow * g.kernelColumns + column) *
              g.inputs;
      for (int64_t c = 0; c < g.inputs; ++c)
        target[c] += from[c] - padding;
    }
}

void WeightGradRows::add(const WeightGradChunk &chunk,
                         std::byte *memory) const {
  const int64_t images = int64_t(chunk.images.size());
  const int64_t rows = chunk.endRow - chunk.firstRow;
  const int64_t planeRows = g.planeRows(rows);
  const int64_t imageBytes = planeRows * stepRowBytes();
  const int64_t blockStride = images * imageBytes;
  const int64_t columnStride = inputBlocks() * blockStride;
  std::fill_n(tapSums.in(memory), g.taps() * g.inputs, 0);
  for (int64_t i = 0; i < images; ++i)
    packImage(chunk, chunk.images[i], activations.in(memory) + i * imageBytes,
              columnStride, blockStride, memory);
  addSums(chunk, memory);
  packErrors(chunk, kernel.packSteps, errors.in(memory));
  for (int64_t column = 0; column < g.kernelColumns; ++column)
    for (int64_t block = 0; block < inputBlocks(); ++block)
      kernel.accumulate(
          {activations.in(memory) + column * columnStride + block * blockStride,
           planeRows, g.rowStride, g.rowDilation, images, rows, g.quads(),
           errors.in(memory), chunk.outputs / dotBlock,
           sums.in(memory) + (chunk.group * g.taps() + column) * tapSize() +
               block * dotBlock * sumStride(),
           g.kernelColumns * tapSize(), sumStride()});
}
