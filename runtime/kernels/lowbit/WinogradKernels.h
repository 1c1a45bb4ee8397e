//===- WinogradKernels.h - 3x3 convolutions with fewer products -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// Minimal filtering F(4x4, 3x3) (Winograd; Lavin and Gray, "Fast Algorithms
/// for Convolutional Neural Networks", 2015, section 4.2) in integers. A tile
/// of 4x4 results of a 3x3 convolution with stride 1 reads 6x6 inputs d and
/// takes 36 products of a pair of channels instead of 144:
///
///   S y S = A^T (U . V) A,   U = G w G^T,   V = B^T d B,
///
///   G = [6  0  0]  B^T = [4  0 -5  0  1  0]  A^T = [1 -4 -4  1  1  0]
///       [1  1  1]        [0 -4 -4  1  1  0]        [0 -2  2  1 -1  0]
///       [1 -1  1]        [0  4 -4 -1  1  0]        [0 -1 -1  1  1  0]
///       [1  2  4]        [0 -2 -1  2  1  0]        [0 -1  1  2 -2  1]
///       [1 -2  4]        [0  2 -1 -2  1  0]
///       [0  0  6]        [0  4  0 -5  0  1]     S = diag(24, 12, 6, 6)
///
/// where . multiplies the numbers at each of the 36 positions and adds up
/// channels. The matrices are those of the source with each row of its G times
/// 24, 6 or 1, which makes all of it integers, and its A^T divided by that.
///
/// U and V fit 16 bits. Products, their sums and what A makes of them are taken
/// modulo 2^32: an element of S y S is y times 9 and a power of 2, up to 64,
/// which leaves 26 bits of y when it is multiplied by the inverse of 9 and
/// shifted. While y fits these, it is the sum of the direct product, bit for
/// bit.
///
/// The gradient by the weights is F(3x3, 4x4): a tile's 4x4 errors e and its
/// 6x6 inputs give 3x3 sums, which are added up over tiles before the last
/// step,
///
///   T dw T = C^T (E . V) C,   E = H e H^T,
///
///   H = [6  0  0  0]  C^T = [1 -4 -4  1  1  0]
///       [1  1  1  1]        [0 -2  2  1 -1  0]
///       [1 -1  1 -1]        [0 -1 -1  1  1  1]
///       [1  2  4  8]
///       [1 -2  4 -8]     T = diag(24, 12, 6)
///       [0  0  0  6]
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WINOGRADKERNELS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WINOGRADKERNELS_H

#include "runtime/kernels/lowbit/DotKernels.h"
#include "runtime/kernels/lowbit/KernelList.h"

#include <cstdint>

namespace frac::runtime {

/// Results of a tile along either side, and numbers that they are made of.
constexpr int64_t winogradTile = 4, winogradReach = winogradTile + 2;

/// Channels from which on transforms take less than they save.
constexpr int64_t winogradFewestChannels = 16;

/// Tiles that have `extent` results along a side.
constexpr int64_t winogradTiles(int64_t extent) {
  return (extent + winogradTile - 1) / winogradTile;
}

/// Positions of a tile.
constexpr int64_t winogradPositions = winogradReach * winogradReach;

/// Numbers between those of two positions: with a power of two from one
/// position to the next, those of a tile would share few sets of a cache.
constexpr int64_t winogradPositionGap = 32;

/// The largest magnitudes of an input, with sign, of a weight and of an error,
/// such that V, U and E fit 16 bits: these add up as much as 100 inputs, 49
/// weights and 225 errors.
constexpr int64_t winogradMostInput = INT16_MAX / 100,
                  winogradMostWeight = INT16_MAX / 49,
                  winogradMostError = INT16_MAX / 225;

/// The most products whose sum fits 26 bits with sign.
constexpr int64_t winogradMostProducts(int64_t first, int64_t second) {
  return ((int64_t(1) << 25) - 1) / first / second;
}

/// The inputs of some tiles: bytes of a padded plane, (row, pixel, channel),
/// less `zero`. The tile in row i and column j begins with pixel (4 i, 4 j).
struct WinogradInputs {
  const uint8_t *plane;
  /// In bytes.
  int64_t rowStride, pixelStride;
  int64_t tileRows, tileColumns;
  int64_t channels;
  int32_t zero;
  /// Numbers from one tile to the next in V: the channels in whole blocks of
  /// 16, whose last bytes are read behind the last channel; and from one
  /// position to the next.
  int64_t tileStride, positionStride;

  int64_t tiles() const { return tileRows * tileColumns; }
};

/// Where the results of some tiles will be written: of each its first pixel, or
/// null if nothing is known. Strides are in elements.
struct WinogradTargets {
  const float *const *tiles;
  int64_t rowStride, pixelStride;
};

/// The factors of some positions, in pairs along the sums, and where their
/// products go to: element (row, output) is, or is increased by, the sum of
///
///   inputs[row rowStride + pair pairStride + i] *
///   weights[pair weightStride + 2 output + i]     over pairs and i < 2.
struct WinogradProducts {
  const int16_t *inputs;
  int64_t rows, rowStride, pairStride;
  const int16_t *weights;
  int64_t weightStride;
  int64_t pairs;
  /// 16 outputs of each row.
  int32_t *products;
  int64_t productStride;
  bool adds;
  /// And numbers from one to the next.
  int64_t positions, inputPosition, weightPosition, productPosition;
  /// Of the rows.
  WinogradTargets targets = {};
};

/// Products of some tiles for 16 outputs, and where they belong in a result.
struct WinogradTiles {
  /// (tile, plane of the weights, part of the channels, position, 16 outputs).
  const int32_t *products;
  int64_t tileRows, tileColumns;
  /// Of the channels: their sums are added.
  int64_t parts;
  /// The result's row and pixel where the first tile begins, and how many it
  /// has: the last tiles may reach beyond.
  int64_t firstRow, firstPixel;
  int64_t rows, pixels;
  /// The first output, and all of them, in whole blocks.
  int64_t output, paddedOutputs;
};

/// Bytes of a padded plane for a gradient by the weights, where tiles take the
/// place of channels: those of a row in pairs.
struct WinogradPixels {
  const uint8_t *plane;
  /// In bytes.
  int64_t rowStride, pixelStride;
  int64_t tileRows, pairColumns;
  int64_t channels;
  /// Numbers from one pair to the next, twice the channels in whole blocks of
  /// 16, and from one position to the next.
  int64_t pairStride, positionStride;
};

/// Loops for one instruction set.
struct WinogradKernel {
  const char *name;
  CpuIsa isa;
  /// Writes V, (position, tile, channel).
  void (*transformInputs)(const WinogradInputs &inputs, int16_t *transformed);
  /// Writes or adds the products. Asks for the targets' pixels on the way, one
  /// of each tile at a position: rows of tiles are written in turns, which
  /// hardware does not foresee.
  void (*multiply)(const WinogradProducts &products);
  /// Writes the elements of the result, whose `first` must be null, `adds`
  /// false and `planes` 1 or 2.
  void (*convert)(const WinogradTiles &tiles, const DotResult &result);
  /// Writes V, (position, pair of tiles, channel, tile), of tiles of 6x6.
  void (*transformActivations)(const WinogradPixels &pixels,
                               int16_t *transformed);
  /// Writes E, likewise, of tiles of 4x4, less `zero`.
  void (*transformErrors)(const WinogradPixels &pixels, int32_t zero,
                          int16_t *transformed);
  /// sums[tap tapStride + o] = the sums of 16 outputs for each tap, of products
  /// `stride` numbers from one position to the next.
  void (*sumTaps)(const int32_t *products, int64_t stride, int32_t *sums,
                  int64_t tapStride);

  /// Whether it is faster than products of single bytes by definition. AVX-512
  /// VNNI multiplies twice as many bytes as numbers of 16 bits.
  bool beatsBytes() const { return isa < CpuIsa::Avx512Vnni; }
};

/// Those that are compiled in.
KernelList<WinogradKernel> winogradKernels();

/// The preferred kernel that this processor and FRAC_MAX_CPU_ISA allow. Throws
/// as `cpuIsaCap` does.
const WinogradKernel &chooseWinogradKernel();

extern const WinogradKernel winogradKernelPortable;
extern const WinogradKernel winogradKernelAvx2;
extern const WinogradKernel winogradKernelAvx512Vnni;

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WINOGRADKERNELS_H
