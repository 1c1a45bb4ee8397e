//===- WeightGradSums.cpp - What turns sums into weight gradients ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WeightGradSums.h"

#include <algorithm>
#include <cstring>

using namespace frac::runtime;

/// The pixels of activations that tap `k` reads for those of the output in
/// `inside`.
static PixelRange sourceRange(const PixelRange &inside, int64_t k,
                              int64_t stride, int64_t dilation, int64_t pad) {
  // A range that is empty may begin anywhere.
  if (inside.count <= 0)
    return {0, 0, stride};
  return {inside.first * stride + k * dilation - pad, inside.count, stride};
}

static WindowSums activationWindows(const WeightGradGeometry &g) {
  std::vector<PixelRange> columns;
  for (int64_t k = 0; k < g.kernelColumns; ++k)
    columns.push_back(sourceRange(g.insideColumns[k], k, g.columnStride,
                                  g.columnDilation, g.columnPad));
  return WindowSums(std::move(columns));
}

WeightGradSums::WeightGradSums(const WeightGradGeometry &g,
                               const WeightGradOperands &operands,
                               ScratchLayout &layout)
    : geometry(&g), operands(operands), activationColumns(activationWindows(g)),
      errorColumns(g.insideColumns),
      allColumns({PixelRange{0, g.outputColumns, 1}}),
      activationSums(layout.add<int64_t>(g.groups * g.taps() * g.inputs)),
      errorSums(layout.add<int64_t>(g.groups * g.taps() * g.outputs)),
      errorTotals(layout.add<int64_t>(g.groups * g.outputs)),
      insideCounts(layout.add<int64_t>(g.taps())),
      pixelCount(layout.add<int64_t>(1)),
      rowIntegers(layout.add<int32_t>(g.inputs)),
      columnIntegers(layout.add<int32_t>(g.paddedOutputs())),
      rowReals(layout.add<float>(g.inputs)),
      columnReals(layout.add<float>(g.paddedOutputs())) {}

void WeightGradSums::clear(std::byte *scratch) const {
  const WeightGradGeometry &g = *geometry;
  std::fill_n(activationSums.in(scratch), g.groups * g.taps() * g.inputs, 0);
  std::fill_n(errorSums.in(scratch), g.groups * g.taps() * g.outputs, 0);
  std::fill_n(errorTotals.in(scratch), g.groups * g.outputs, 0);
  std::fill_n(insideCounts.in(scratch), g.taps(), 0);
  *pixelCount.in(scratch) = 0;
}

void WeightGradSums::add(const DotKernel &kernel,
                         const AffineInteger &activation,
                         const AffineInteger &error, const Images &activations,
                         const Images &errors, int64_t firstRow, int64_t endRow,
                         bool hasActivations, std::byte *scratch) const {
  const WeightGradGeometry &g = *geometry;
  const int64_t images = activations.count;
  // The rows of the output and of activations for each row of the kernel.
  std::vector<PixelRange> outputRows, sourceRows;
  outputRows.reserve(g.kernelRows);
  sourceRows.reserve(g.kernelRows);
  int64_t firstSource = g.rows, endSource = 0;
  for (int64_t k = 0; k < g.kernelRows; ++k) {
    const PixelRange &inside = g.insideRows[k];
    const int64_t first = std::max(inside.first, firstRow);
    const int64_t end = std::min(inside.first + inside.count, endRow);
    outputRows.push_back({first, std::max<int64_t>(end - first, 0), 1});
    sourceRows.push_back(sourceRange(outputRows.back(), k, g.rowStride,
                                     g.rowDilation, g.rowPad));
    // Errors are counted from the first row that is there.
    outputRows.back().first -= firstRow;
    const PixelRange &rows = sourceRows.back();
    if (rows.count) {
      firstSource = std::min(firstSource, rows.first);
      endSource =
          std::max(endSource, rows.first + (rows.count - 1) * rows.step + 1);
    }
    for (int64_t l = 0; l < g.kernelColumns; ++l)
      insideCounts.in(scratch)[k * g.kernelColumns + l] +=
          images * outputRows.back().count * g.insideColumns[l].count;
  }
  *pixelCount.in(scratch) += images * (endRow - firstRow) * g.outputColumns;

  auto addGroups = [&](const WindowSums &windows, const Images &tensor,
                       int64_t columns, int64_t channels, int64_t first,
                       int64_t end, const std::vector<PixelRange> &rows,
                       int64_t *sums, int64_t groupSize) {
    const int64_t stride = g.groups * channels;
    for (int64_t group = 0; group < g.groups; ++group)
      windows.add(kernel,
                  {tensor.data + group * channels * tensor.bytes, tensor.bytes,
                   images, tensor.stride, columns, stride, channels},
                  first, end, rows, sums + group * groupSize);
  };
  if (!hasActivations &&
      (error.zero != operands.errorCenter() || error.residual != 0))
    addGroups(activationColumns, activations, g.columns, g.inputs, firstSource,
              endSource, sourceRows, activationSums.in(scratch),
              g.taps() * g.inputs);
  if (activation.residual != 0)
    addGroups(errorColumns, errors, g.outputColumns, g.outputs, 0,
              endRow - firstRow, outputRows, errorSums.in(scratch),
              g.taps() * g.outputs);
  if (activation.zero != 0)
    addGroups(allColumns, errors, g.outputColumns, g.outputs, 0,
              endRow - firstRow, {PixelRange{0, endRow - firstRow, 1}},
              errorTotals.in(scratch), g.outputs);
}

/// The sum of all errors as they are packed.
int64_t WeightGradSums::allErrors(int64_t group, int64_t output,
                                  std::byte *scratch) const {
  return errorTotals.in(scratch)[group * geometry->outputs + output] -
         *pixelCount.in(scratch)*operands.errorCenter();
}

/// r (t sum of (w - v) + n u).
double WeightGradSums::tapTerm(const AffineInteger &activation,
                               const AffineInteger &error, int64_t group,
                               int64_t tap, int64_t output,
                               std::byte *scratch) const {
  const WeightGradGeometry &g = *geometry;
  const int64_t count = insideCounts.in(scratch)[tap];
  const int64_t sum =
      errorSums.in(scratch)[(group * g.taps() + tap) * g.outputs + output] -
      count * error.zero;
  return activation.residual *
         (error.scale * double(sum) + error.residual * double(count));
}

/// The sum of (q - z) over the pixels inside.
int64_t WeightGradSums::allActivations(const AffineInteger &activation,
                                       const Result &result, int64_t input,
                                       std::byte *scratch) const {
  const int64_t tap = result.group * geometry->taps() + result.tap;
  return activationSums.in(scratch)[tap * geometry->inputs + input] -
         insideCounts.in(scratch)[result.tap] * activation.zero;
}

void WeightGradSums::flush(const DotKernel &kernel,
                           const AffineInteger &activation,
                           const AffineInteger &error, const Result &result,
                           std::byte *scratch) const {
  if (operands.isWide()) {
    flushWide(activation, error, result, scratch);
    return;
  }
  const WeightGradGeometry &g = *geometry;
  const int64_t valid =
      std::min(result.outputs, g.outputs - result.firstOutput);
  const int32_t errorZero = error.zero - operands.errorCenter();
  int32_t *columnInteger = columnIntegers.in(scratch);
  float *columnReal = columnReals.in(scratch);
  std::fill_n(columnInteger, result.outputs, 0);
  std::fill_n(columnReal, result.outputs, 0.0f);
  if (activation.zero != 0)
    for (int64_t o = 0; o < valid; ++o)
      columnInteger[o] =
          int32_t(-activation.zero *
                  allErrors(result.group, result.firstOutput + o, scratch));
  if (activation.residual != 0)
    for (int64_t o = 0; o < valid; ++o)
      columnReal[o] = float(tapTerm(activation, error, result.group, result.tap,
                                    result.firstOutput + o, scratch));
  for (int64_t i = 0; i < g.inputs; ++i) {
    const int64_t sum = allActivations(activation, result, i, scratch);
    rowIntegers.in(scratch)[i] = int32_t(-errorZero * sum);
    rowReals.in(scratch)[i] =
        float(activation.scale * error.residual * double(sum));
  }
  kernel.addReals({result.sums, result.sumStride, g.inputs, result.outputs,
                   float(activation.scale * error.scale),
                   rowIntegers.in(scratch), rowReals.in(scratch), columnInteger,
                   columnReal},
                  result.target, g.paddedOutputs());
}

void WeightGradSums::flushWide(const AffineInteger &activation,
                               const AffineInteger &error, const Result &result,
                               std::byte *scratch) const {
  const WeightGradGeometry &g = *geometry;
  const int64_t valid =
      std::min(result.outputs, g.outputs - result.firstOutput);
  const int32_t errorZero = error.zero - operands.errorCenter();
  const int64_t planeSize = g.inputs * result.sumStride;
  for (int64_t i = 0; i < g.inputs; ++i) {
    const double sum = double(allActivations(activation, result, i, scratch));
    for (int64_t o = 0; o < valid; ++o) {
      const int64_t output = result.firstOutput + o;
      const int32_t *at = result.sums + i * result.sumStride +
                          o / dotBlock * operands.errorPlanes * dotBlock +
                          o % dotBlock;
      double products = -double(errorZero) * sum;
      for (int32_t p = 0; p < operands.activationPlanes; ++p, at += planeSize)
        for (int32_t q = 0; q < operands.errorPlanes; ++q)
          products += (p + 1 < operands.activationPlanes ? 256 : 1) *
                      (q + 1 < operands.errorPlanes ? 256 : 1) *
                      double(at[q * dotBlock]);
      if (activation.zero != 0)
        products -= double(activation.zero) *
                    double(allErrors(result.group, output, scratch));
      double value = activation.scale * error.scale * products +
                     activation.scale * error.residual * sum;
      if (activation.residual != 0)
        value += tapTerm(activation, error, result.group, result.tap, output,
                         scratch);
      result.target[i * g.paddedOutputs() + o] += float(value);
    }
  }
}
