//===- LowbitMatmul.cpp - Matrix products in integers ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// Rows of the first matrix take the place of pixels, columns of the second
/// that of output channels. Both are packed first; then threads take blocks of
/// rows.
///
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/LowbitMatmul.h"

#include "runtime/core/Threads.h"
#include "runtime/kernels/ScratchLayout.h"
#include "runtime/kernels/lowbit/DotKernels.h"
#include "runtime/kernels/lowbit/MatrixVectors.h"
#include "runtime/kernels/lowbit/WideSums.h"

#include <algorithm>
#include <string>

using namespace frac::runtime;

namespace {

/// Rows and columns of the result that a thread computes at a time.
constexpr int64_t tileRows = 32, tileColumns = 128;

/// Rows or columns that a thread packs at least.
constexpr int64_t packGrain = 8;

class LowbitMatmulPlan final : public LowbitPlan {
public:
  LowbitMatmulPlan(const LowbitMatmulProblem &problem, int32_t threads)
      : p(problem.matmul), threads(threads),
        rows(problem.first, p.m, p.k, !p.transposeA),
        columns(problem.second, p.n, p.k, p.transposeB != 0),
        // Two planes hold 128 less than the centered integer.
        center((1 << (columns.width() - 1)) +
               (columns.planes() == 2 ? 128 : 0)),
        leastChain(
            dotChain(largestByte(rows.width()),
                     columns.planes() == 2 ? 128 : 1 << (columns.width() - 1))),
        kernel(chooseDotKernel(leastChain)),
        isNarrow(problem.first.scaleDim < 0 && rows.planes() == 1 &&
                 columns.planes() == 1 &&
                 p.k < INT32_MAX / ((1 << rows.width()) - 1) /
                           ((1 << columns.width()) - 1)) {
    for (int64_t quad = 0; quad < quads(); ++quad)
      offsets.push_back(int32_t(quad * 4));
    rowBytes = layout.shared.add<uint8_t>(rows.planes() * p.m * quads() * 4);
    columnBytes =
        layout.shared.add<int8_t>(columns.planes() * blocks() * blockBytes());
    rowTerms = layout.shared.add<MatrixVectors::Terms>(p.m);
    columnTerms = layout.shared.add<MatrixVectors::Terms>(p.n);
    first = layout.shared.add<int32_t>(blocks() * dotBlock);
    zeros = layout.shared.add<int32_t>(blocks() * dotBlock);
    scales = layout.shared.add<float>(blocks() * dotBlock);
    residuals = layout.shared.add<float>(blocks() * dotBlock);
    border = layout.shared.add<float>(blocks() * dotBlock);
    totals = layout.shared.add<int32_t>(p.m);
    classes = layout.shared.add<int32_t>(tileRows);
    integers = layout.own.add<int32_t>(p.k);
    sums =
        WideSums(std::min(tileRows, p.m),
                 columns.planes() * std::min(tileColumns, blocks() * dotBlock),
                 layout.own);
    scratchBytes = layout.size(threads);
    implementation = std::string("lowbit ") + kernel.name;
  }

  void run(const LowbitArguments &arguments) override {
    for (int64_t matrix = 0; matrix < p.batch; ++matrix) {
      pack(arguments, matrix);
      chain = leastChain;
      if (isNarrow) {
        prepareNarrow(arguments.scratch);
        lengthenChain(arguments.scratch);
      }
      const int64_t rowTiles = (p.m + tileRows - 1) / tileRows;
      const int64_t columnTiles = (p.n + tileColumns - 1) / tileColumns;
      forEachPart(rowTiles * columnTiles, 1, arguments,
                  [&](int64_t tile, std::byte *memory) {
                    const int64_t row = tile % rowTiles * tileRows;
                    const int64_t column = tile / rowTiles * tileColumns;
                    if (isNarrow)
                      runNarrowTile(row, column, matrix, arguments);
                    else
                      runTile(row, column, matrix, arguments, memory);
                  });
    }
  }

private:
  int64_t quads() const { return (p.k + 3) / 4; }
  int64_t blocks() const { return (p.n + dotBlock - 1) / dotBlock; }
  int64_t blockBytes() const { return quads() * dotStepBytes; }

  /// As many steps a chain as the packed columns let fit.
  void lengthenChain(std::byte *scratch) {
    DotOperands all = operandsOf(0, 0, scratch);
    all.blocks = blocks();
    chain = kernel.chainFor(all, largestByte(rows.width()));
  }

  /// Calls `body(i, memory)` for all i < extent with the memory of a thread.
  template <typename Body>
  void forEachPart(int64_t extent, int64_t grain,
                   const LowbitArguments &arguments, const Body &body) const {
    parallelWork(threads, extent, grain,
                 [&](int64_t begin, int64_t end, int64_t worker) {
                   for (int64_t i = begin; i < end; ++i)
                     body(i, layout.ownOf(arguments.scratch, worker));
                 });
  }

  void pack(const LowbitArguments &arguments, int64_t matrix) const {
    std::byte *scratch = arguments.scratch;
    forEachPart(p.m + p.n, packGrain, arguments,
                [&](int64_t i, std::byte *memory) {
                  int32_t *vector = integers.in(memory);
                  if (i < p.m) {
                    rowTerms.in(scratch)[i] =
                        rows.read(arguments.first, matrix, i, vector);
                    packRow(i, vector, scratch);
                    return;
                  }
                  columnTerms.in(scratch)[i - p.m] =
                      columns.read(arguments.second, matrix, i - p.m, vector);
                  packColumn(i - p.m, vector, scratch);
                });
  }

  void packRow(int64_t row, const int32_t *vector, std::byte *scratch) const {
    for (int32_t plane = 0; plane < rows.planes(); ++plane) {
      const int32_t shift = 8 * (rows.planes() - 1 - plane);
      uint8_t *bytes = rowBytes.in(scratch) + (plane * p.m + row) * quads() * 4;
      for (int64_t i = 0; i < p.k; ++i)
        bytes[i] = uint8_t(vector[i] >> shift);
      std::fill(bytes + p.k, bytes + quads() * 4, uint8_t(0));
    }
  }

  void packColumn(int64_t column, const int32_t *vector,
                  std::byte *scratch) const {
    int8_t *bytes = columnBytes.in(scratch) +
                    column / dotBlock * columns.planes() * blockBytes() +
                    column % dotBlock * 4;
    for (int64_t i = 0; i < quads() * 4; ++i) {
      int8_t *byte = bytes + i / 4 * dotStepBytes + i % 4;
      // Where rows are 0 anything does.
      const int32_t value = i < p.k ? int32_t(vector[i] - center) : 0;
      if (columns.planes() == 1) {
        *byte = int8_t(value);
        continue;
      }
      const int8_t low = int8_t(value & 0xff);
      byte[blockBytes()] = low;
      *byte = int8_t((value - low) / 256);
    }
  }

  /// The operands of a tile, with the first plane of rows.
  DotOperands operandsOf(int64_t firstRow, int64_t firstColumn,
                         std::byte *scratch) const {
    const int64_t width = std::min(tileColumns, p.n - firstColumn);
    return {rowBytes.in(scratch) + firstRow * quads() * 4,
            0,
            quads() * 4,
            1,
            std::min(tileRows, p.m - firstRow),
            offsets.data(),
            quads(),
            columnBytes.in(scratch) +
                firstColumn / dotBlock * columns.planes() * blockBytes(),
            blockBytes(),
            (width + dotBlock - 1) / dotBlock * columns.planes(),
            chain,
            quads()};
  }

  /// Where rows have one scale and sums fit 32 bits, the inner loops make the
  /// results: the terms below by column.
  void prepareNarrow(std::byte *scratch) const {
    const MatrixVectors::Terms &row = rowTerms.in(scratch)[0];
    for (int64_t j = 0; j < blocks() * dotBlock; ++j) {
      const MatrixVectors::Terms column =
          j < p.n ? columnTerms.in(scratch)[j] : MatrixVectors::Terms();
      first.in(scratch)[j] = int32_t(-row.zero * (column.sum - p.k * center));
      zeros.in(scratch)[j] = int32_t(column.zero - center);
      scales.in(scratch)[j] = float(row.scale * column.scale);
      residuals.in(scratch)[j] = float(row.scale * column.residual);
      border.in(scratch)[j] =
          float(row.residual *
                (column.scale * double(column.sum - p.k * column.zero) +
                 column.residual * double(p.k)));
    }
    for (int64_t i = 0; i < p.m; ++i)
      totals.in(scratch)[i] =
          int32_t(rowTerms.in(scratch)[i].sum - p.k * row.zero);
    std::fill_n(classes.in(scratch), tileRows, 0);
  }

  void runNarrowTile(int64_t firstRow, int64_t firstColumn, int64_t matrix,
                     const LowbitArguments &arguments) const {
    std::byte *scratch = arguments.scratch;
    const bool hasBorder = rowTerms.in(scratch)[0].residual != 0;
    kernel.convert(
        operandsOf(firstRow, firstColumn, scratch),
        {arguments.result + (matrix * p.m + firstRow) * p.n + firstColumn, 0,
         p.n, std::min(tileColumns, p.n - firstColumn), 1,
         first.in(scratch) + firstColumn, scales.in(scratch) + firstColumn,
         totals.in(scratch) + firstRow, zeros.in(scratch) + firstColumn,
         residuals.in(scratch) + firstColumn,
         hasBorder ? border.in(scratch) + firstColumn : nullptr,
         classes.in(scratch), classes.in(scratch)});
  }

  /// With x = s (q - z) + r along a row and y = t (w - v) + u along a column,
  /// where the inner loops see w - center, the sum of x y is
  ///   s t i + s u sum of (q - z) + r (t sum of (w - v) + k u),
  ///   i = sum of q (w - center) + (center - v) sum of (q - z)
  ///       - z sum of (w - center).
  void runTile(int64_t firstRow, int64_t firstColumn, int64_t matrix,
               const LowbitArguments &arguments, std::byte *memory) const {
    std::byte *scratch = arguments.scratch;
    DotOperands operands = operandsOf(firstRow, firstColumn, scratch);
    const int64_t height = operands.pixels;
    const int64_t width = std::min(tileColumns, p.n - firstColumn);
    const int32_t planes = columns.planes();
    sums.clear(memory);
    for (int32_t plane = 0; plane < rows.planes(); ++plane) {
      operands.inputs =
          rowBytes.in(scratch) + (plane * p.m + firstRow) * quads() * 4;
      sums.add(kernel, operands, planes, plane + 1 < rows.planes() ? 256 : 1,
               memory);
    }
    for (int64_t i = 0; i < height; ++i) {
      const MatrixVectors::Terms &row = rowTerms.in(scratch)[firstRow + i];
      const double rowSum = double(row.sum - p.k * row.zero);
      float *result =
          arguments.result + (matrix * p.m + firstRow + i) * p.n + firstColumn;
      for (int64_t j = 0; j < width; ++j) {
        const MatrixVectors::Terms &column =
            columnTerms.in(scratch)[firstColumn + j];
        const double products =
            sums.value(i, j, planes, memory) +
            double(center - column.zero) * rowSum -
            double(row.zero) * double(column.sum - p.k * center);
        const double columnSum = double(column.sum - p.k * column.zero);
        result[j] = float(
            row.scale * (column.scale * products + column.residual * rowSum) +
            row.residual *
                (column.scale * columnSum + column.residual * double(p.k)));
      }
    }
  }

  const MatmulProblem p;
  const int32_t threads;
  const MatrixVectors rows, columns;
  const int64_t center;
  /// For any columns, and for those of the running product.
  const int64_t leastChain;
  int64_t chain = 0;
  const DotKernel &kernel;
  const bool isNarrow;
  std::vector<int32_t> offsets;
  WorkerScratch layout;
  ScratchArray<uint8_t> rowBytes;
  ScratchArray<int8_t> columnBytes;
  ScratchArray<MatrixVectors::Terms> rowTerms, columnTerms;
  /// See DotResult.
  ScratchArray<int32_t> first, zeros, totals, classes;
  ScratchArray<float> scales, residuals, border;
  ScratchArray<int32_t> integers;
  WideSums sums;
};

} // namespace

std::unique_ptr<LowbitPlan>
frac::runtime::makeLowbitMatmulPlan(const LowbitMatmulProblem &problem,
                                    int32_t threads) {
  return std::make_unique<LowbitMatmulPlan>(problem, threads);
}
