//===- WinogradProduct.cpp - 3x3 convolutions with fewer products ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WinogradProduct.h"

#include "runtime/kernels/lowbit/WeightBlocks.h"
#include "runtime/kernels/lowbit/WeightDigits.h"

#include <algorithm>

using namespace frac::runtime;

/// What 16 outputs have of four channels at one tap.
static constexpr int64_t quadSize = dotStepBytes;

const WinogradKernel *WinogradProduct::choose(const LowbitConvProblem &problem,
                                              const GatherGeometry &geometry) {
  static_assert(winogradMostInput >= UINT8_MAX && winogradMostWeight >= 128 &&
                winogradMostWeight >= largestDigit);
  if (!geometry.rows.hasThreeTaps() || !geometry.columns.hasThreeTaps() ||
      problem.first.bits > 8 || problem.second.bits > 8)
    return nullptr;
  const WinogradKernel &kernel = chooseWinogradKernel();
  const bool hasDigits = PackedWeights::rescales(problem);
  if (geometry.inputs < winogradFewestChannels ||
      !(hasDigits || kernel.beatsBytes()))
    return nullptr;
  // Sums of digits have to fit 32 bits.
  if (hasDigits && 9 * geometry.inputs > INT32_MAX /
                                             largestByte(problem.first.bits) /
                                             largestDigit)
    return nullptr;
  return &kernel;
}

/// Most pairs of channels whose sums over 9 taps fit.
int64_t WinogradProduct::mostPairsOf(const LowbitConvProblem &problem) const {
  const int64_t largest =
      packed.isRescaled ? largestDigit : packed.largestByte();
  return winogradMostProducts(largestByte(problem.first.bits), largest) / 18;
}

WinogradProduct::WinogradProduct(const LowbitConvProblem &problem,
                                 const GatherGeometry &geometry,
                                 const PackedWeights &packed,
                                 const WinogradKernel &kernel,
                                 ScratchLayout &shared, ScratchLayout &own)
    : geometry(geometry), packed(packed), kernel(kernel),
      planes(packed.isRescaled ? 2 : 1), pixelBytes(4 * packed.quads()),
      pairs(2 * packed.quads()), blocks(packed.paddedOutputs() / dotBlock),
      mostPairs(mostPairsOf(problem)),
      parts((pairs + mostPairs - 1) / mostPairs),
      tileStride((pixelBytes + dotBlock - 1) / dotBlock * dotBlock),
      blockSize(winogradPositions * pairs * 2 * dotBlock) {
  const int64_t ofRow = winogradTiles(geometry.columns.mostCount());
  const int64_t pieces = (ofRow + mostTiles - 1) / mostTiles;
  tileColumns = (ofRow + pieces - 1) / pieces;
  tileRows = std::max<int64_t>(mostTiles / tileColumns, 1);
  weights = shared.add<int16_t>(geometry.groups * blocks * planes * blockSize);
  positionStride = mostTiles * tileStride + winogradPositionGap;
  inputs = own.add<int16_t>(winogradPositions * positionStride);
  products = own.add<int32_t>(mostTiles * productSize());
}

int64_t WinogradProduct::slackBytes() const {
  // Rows and pixels of the last tile, and the rest of a block of channels.
  return (winogradTile - 1) * (geometry.columns.planeExtent + 1) * pixelBytes +
         dotBlock;
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

/// G v for three numbers of each of some lanes.
template <typename Row>
static void transformRow(const Row &v0, const Row &v1, const Row &v2,
                         int16_t (&result)[6][quadSize]) {
  for (int64_t i = 0; i < quadSize; ++i) {
    const int16_t outer = int16_t(v0[i] + v2[i]);
    const int16_t sum = int16_t(v0[i] + 4 * v2[i]);
    result[0][i] = int16_t(6 * v0[i]);
    result[1][i] = int16_t(outer + v1[i]);
    result[2][i] = int16_t(outer - v1[i]);
    result[3][i] = int16_t(sum + 2 * v1[i]);
    result[4][i] = int16_t(sum - 2 * v1[i]);
    result[5][i] = int16_t(6 * v2[i]);
  }
}

/// Writes U of four channels, two pairs, at all positions, `stride` numbers
/// apart.
static void transformQuad(const int16_t (&taps)[9][quadSize], int64_t stride,
                          int16_t *target) {
  int16_t rows[3][6][quadSize];
  for (int x = 0; x < 3; ++x)
    transformRow(taps[x], taps[3 + x], taps[6 + x], rows[x]);
  for (int y = 0; y < 6; ++y) {
    int16_t all[6][quadSize];
    transformRow(rows[0][y], rows[1][y], rows[2][y], all);
    for (int x = 0; x < 6; ++x) {
      int16_t *at = target + (6 * y + x) * stride;
      for (int64_t o = 0; o < dotBlock; ++o)
        for (int64_t pair = 0; pair < 2; ++pair)
          for (int64_t i = 0; i < 2; ++i)
            at[(pair * dotBlock + o) * 2 + i] = all[x][o * 4 + pair * 2 + i];
    }
  }
}

void WinogradProduct::packBlock(std::byte *shared, int64_t group,
                                int64_t block) const {
  const int64_t planeStride = packed.blockBytes(0, 0);
  const int8_t *bytes =
      packed.data(shared, group, 0, 0) + block * packed.planes() * planeStride;
  int16_t *target =
      weights.in(shared) + (group * blocks + block) * planes * blockSize;
  for (int64_t quad = 0; quad < packed.quads(); ++quad) {
    int16_t taps[2][9][quadSize];
    for (int64_t tap = 0; tap < 9; ++tap) {
      const int8_t *step = bytes + (tap * packed.quads() + quad) * quadSize;
      if (planes == 1) {
        std::copy_n(step, quadSize, taps[0][tap]);
        continue;
      }
      for (int64_t i = 0; i < quadSize; ++i) {
        const WeightDigits digits =
            WeightDigits::of(step + i, planeStride, digitBase);
        taps[0][tap][i] = digits.high;
        taps[1][tap][i] = digits.low;
      }
    }
    for (int64_t plane = 0; plane < planes; ++plane)
      transformQuad(taps[plane], pairs * 2 * dotBlock,
                    target + plane * blockSize + quad * 4 * dotBlock);
  }
}

void WinogradProduct::pack(std::byte *shared, int32_t threads) const {
  forEachWeightBlock(
      threads, geometry.groups, blocks, blockSize * planes, 65536,
      [&](int64_t group, int64_t block) { packBlock(shared, group, block); });
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

/// Writes the products of a block of outputs, plane and part at all positions.
void WinogradProduct::multiply(int64_t tiles, int64_t block, int64_t plane,
                               int64_t part, const WinogradTargets &targets,
                               std::byte *shared, std::byte *own) const {
  constexpr int64_t weightStride = 2 * dotBlock;
  const int64_t first = part * mostPairs;
  kernel.multiply(
      {inputs.in(own) + 2 * first, tiles, tileStride, 2,
       weights.in(shared) + (block * planes + plane) * blockSize +
           first * weightStride,
       weightStride, std::min(mostPairs, pairs - first),
       products.in(own) + (plane * parts + part) * winogradPositions * dotBlock,
       productSize(), false, winogradPositions, positionStride,
       pairs * weightStride, dotBlock, targets});
}

void WinogradProduct::convert(const uint8_t *plane, int32_t zero, int64_t rows,
                              int64_t group, DotResult result, Batch &batch,
                              std::byte *shared, std::byte *own) const {
  result.planes = int32_t(planes);
  result.base = digitBase;
  result.first = nullptr;
  if (batch.group != group)
    finish(batch, shared, own);
  batch.group = group;
  const int64_t pixels = geometry.columns.mostCount();
  const int64_t rowStride = geometry.columns.planeExtent * pixelBytes;
  for (int64_t row = 0; row < rows; row += winogradTile * tileRows)
    for (int64_t pixel = 0; pixel < pixels;
         pixel += winogradTile * tileColumns) {
      const WinogradInputs source = {
          plane + row * rowStride + pixel * pixelBytes,
          rowStride,
          pixelBytes,
          std::min(tileRows, winogradTiles(rows - row)),
          std::min(tileColumns, winogradTiles(pixels - pixel)),
          pixelBytes,
          zero,
          tileStride,
          positionStride};
      if (batch.tiles + source.tiles() > mostTiles)
        finish(batch, shared, own);
      kernel.transformInputs(source, inputs.in(own) + batch.tiles * tileStride);
      batch.pieces[batch.count++] = {result,
                                     rows,
                                     pixels,
                                     row,
                                     pixel,
                                     source.tileRows,
                                     source.tileColumns};
      batch.tiles += source.tiles();
    }
  if (result.totals)
    finish(batch, shared, own);
}

void WinogradProduct::finish(Batch &batch, std::byte *shared,
                             std::byte *own) const {
  const float *targets[mostTiles];
  for (int64_t block = 0; batch.count > 0 && block < blocks; ++block) {
    const float **target = targets;
    for (int64_t i = 0; i < batch.count; ++i) {
      const Batch::Piece &piece = batch.pieces[i];
      for (int64_t y = 0; y < piece.tileRows; ++y)
        for (int64_t x = 0; x < piece.tileColumns; ++x)
          *target++ =
              piece.result.data +
              (piece.firstRow + y * winogradTile) * piece.result.rowStride +
              (piece.firstPixel + x * winogradTile) * piece.result.pixelStride +
              block * dotBlock;
    }
    const DotResult &result = batch.pieces[0].result;
    for (int64_t i = 0; i < planes * parts; ++i)
      multiply(
          batch.tiles, batch.group * blocks + block, i / parts, i % parts,
          {i == 0 ? targets : nullptr, result.rowStride, result.pixelStride},
          shared, own);
    const int32_t *ofPiece = products.in(own);
    for (int64_t i = 0; i < batch.count; ++i) {
      const Batch::Piece &piece = batch.pieces[i];
      kernel.convert({ofPiece, piece.tileRows, piece.tileColumns, parts,
                      piece.firstRow, piece.firstPixel, piece.rows,
                      piece.pixels, block * dotBlock, packed.paddedOutputs()},
                     piece.result);
      ofPiece += piece.tileRows * piece.tileColumns * productSize();
    }
  }
  batch.count = batch.tiles = 0;
}
