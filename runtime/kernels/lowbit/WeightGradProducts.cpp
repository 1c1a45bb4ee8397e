//===- WeightGradProducts.cpp - Products in weight gradients --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WeightGradProducts.h"

#include "runtime/kernels/lowbit/PixelSteps.h"

using namespace frac::runtime;

PlaneRegion
WeightGradProducts::activationsOf(const WeightGradChunk &chunk,
                                  const WeightGradChunk::Image &image) const {
  return {image.activations,
          chunk.activationBytes,
          g.rows,
          g.columns,
          g.groups * g.inputs,
          chunk.group * g.inputs,
          g.inputs,
          chunk.firstRow * g.rowStride - g.rowPad,
          -g.columnPad,
          0,
          0,
          chunk.activationZero};
}

void WeightGradProducts::packErrors(const WeightGradChunk &chunk,
                                    decltype(DotKernel::packSteps) packSteps,
                                    int8_t *target) const {
  const int64_t channels = g.groups * g.outputs;
  const int64_t rows = chunk.endRow - chunk.firstRow;
  const int64_t stride =
      int64_t(chunk.images.size()) * rows * g.quads() * dotStepBytes;
  // Rows of whole steps are one.
  const int64_t rowsAtOnce = g.outputColumns % 4 == 0 ? rows : 1;
  for (const WeightGradChunk::Image &image : chunk.images)
    for (int64_t y = 0; y < rows; y += rowsAtOnce) {
      const ErrorRow row = {image.errors + (y * g.outputColumns * channels +
                                            chunk.group * g.outputs) *
                                               chunk.errorBytes,
                            chunk.errorBytes,
                            channels,
                            rowsAtOnce * g.outputColumns,
                            g.outputs,
                            operands.errorCenter(),
                            operands.errorPlanes};
      for (int64_t block = 0; block < chunk.outputs / dotBlock; ++block)
        row.write(packSteps, chunk.firstOutput / dotBlock + block,
                  target + block * operands.errorPlanes * stride, stride);
      target += rowsAtOnce * g.quads() * dotStepBytes;
    }
}
