//===- WeightGradSteps.cpp - Weight gradients tap by tap ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WeightGradSteps.h"

#include "runtime/kernels/lowbit/PixelSteps.h"

using namespace frac::runtime;

WeightGradSteps::WeightGradSteps(const WeightGradGeometry &geometry,
                                 const WeightGradOperands &operands,
                                 const WeightGradChunks &chunks,
                                 const DotKernel &kernel, ScratchLayout &own)
    : WeightGradProducts(geometry, operands, chunks, own), kernel(kernel) {
  for (int64_t image = 0; image < chunks.images; ++image)
    for (int64_t row = 0; row < chunks.bandRows; ++row)
      for (int64_t quad = 0; quad < g.quads(); ++quad)
        offsets.push_back(int32_t(image * imageBytes() +
                                  row * g.rowStride * g.rowBytes() + quad * 4));
  filled = own.add<int32_t>(1);
  activations = own.add<uint8_t>(operands.activationPlanes * activationBytes());
  errors = own.add<int8_t>(operands.errorPlanes * chunks.splitOutputs * 4 *
                           int64_t(offsets.size()));
}

void WeightGradSteps::begin(std::byte *memory) const {
  *filled.in(memory) = -1;
}

void WeightGradSteps::add(const WeightGradChunk &chunk,
                          std::byte *memory) const {
  if (*filled.in(memory) != chunk.activationZero) {
    fill(chunk.activationZero, memory);
    *filled.in(memory) = chunk.activationZero;
  }
  packActivations(chunk, memory);
  const int64_t steps = int64_t(chunk.images.size()) *
                        (chunk.endRow - chunk.firstRow) * g.quads();
  packErrors(chunk, kernel.packSteps, errors.in(memory));
  DotOperands products = {};
  products.pixelStride = g.length;
  products.rows = 1;
  products.pixels = g.inputs;
  products.offsets = offsets.data();
  products.steps = steps;
  products.weights = errors.in(memory);
  products.blockStride = steps * dotStepBytes;
  products.blocks = operands.errorPlanes * chunk.outputs / dotBlock;
  products.chain = operands.chain();
  products.run = g.quads();
  products.chain =
      kernel.chainFor(products, largestByte(operands.activationBits));
  for (int64_t tap = 0; tap < g.taps(); ++tap)
    for (int32_t plane = 0; plane < operands.activationPlanes; ++plane)
      addTap(chunk, plane, tap, products, memory);
}

/// The byte that padding has in a plane of activations.
int32_t WeightGradSteps::paddingByte(int32_t zero, int32_t plane) const {
  return zero >> 8 * (operands.activationPlanes - 1 - plane) & 0xff;
}

/// Fills everything with padding. What lies left and right of the image is
/// never written again.
void WeightGradSteps::fill(int32_t zero, std::byte *memory) const {
  for (int32_t plane = 0; plane < operands.activationPlanes; ++plane)
    std::memset(activations.in(memory) + plane * activationBytes(),
                paddingByte(zero, plane), activationBytes());
}

void WeightGradSteps::packActivations(const WeightGradChunk &chunk,
                                      std::byte *memory) const {
  const int64_t channels = g.groups * g.inputs;
  const int64_t planeRows = g.planeRows(chunk.endRow - chunk.firstRow);
  for (int32_t plane = 0; plane < operands.activationPlanes; ++plane) {
    const int32_t shift = 8 * (operands.activationPlanes - 1 - plane);
    uint8_t *target = activations.in(memory) + plane * activationBytes();
    for (const WeightGradChunk::Image &image : chunk.images) {
      for (int64_t row = 0; row < planeRows; ++row) {
        const int64_t y = chunk.firstRow * g.rowStride - g.rowPad + row;
        uint8_t *bytes = target + row * g.rowBytes();
        if (y < 0 || y >= g.rows) {
          std::memset(bytes, paddingByte(chunk.activationZero, plane),
                      g.rowBytes());
          continue;
        }
        for (std::size_t r = 0; r < g.remainders.size(); ++r) {
          const PixelRange &inside = g.insideBytes[r];
          if (inside.count <= 0)
            continue;
          const int64_t column =
              inside.first * g.columnStride + g.remainders[r] - g.columnPad;
          const int64_t at =
              (y * g.columns + column) * channels + chunk.group * g.inputs;
          transposePixels(image.activations + at * chunk.activationBytes,
                          chunk.activationBytes, g.columnStride * channels,
                          inside.count, g.inputs, shift,
                          bytes + int64_t(r) * g.inputs * g.length +
                              inside.first,
                          g.length);
        }
      }
      target += imageBytes();
    }
  }
}

void WeightGradSteps::addTap(const WeightGradChunk &chunk, int32_t plane,
                             int64_t tap, DotOperands products,
                             std::byte *memory) const {
  const int64_t column = tap % g.kernelColumns;
  products.inputs = activations.in(memory) + plane * activationBytes() +
                    tap / g.kernelColumns * g.rowDilation * g.rowBytes() +
                    g.remainderOf[column] * g.inputs * g.length +
                    g.shiftOf[column];
  int32_t *target = sums.in(memory) +
                    (chunk.group * g.taps() + tap) * tapSize() +
                    plane * g.inputs * sumStride();
  kernel.accumulate(products, {target, 0, sumStride()});
}
