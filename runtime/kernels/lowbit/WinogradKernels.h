//===- WinogradKernels.h - 3x3 convolutions with fewer products -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// Minimal filtering F(2x2, 3x3) (Winograd; Lavin and Gray, "Fast Algorithms
/// for Convolutional Neural Networks", 2015, section 4.1) in integers. A tile
/// of 2x2 results of a 3x3 convolution with stride 1 reads 4x4 inputs d and
/// takes 16 products of a pair of channels instead of 36:
///
///   4 y = A^T (U . V) A,   U = (2 G) w (2 G)^T,   V = B^T d B,
///
///   2 G = [2 0 0]    B^T = [1  0 -1  0]    A^T = [1  1  1  0]
///         [1 1 1]          [0  1  1  0]          [0  1 -1 -1]
///         [1 -1 1]         [0 -1  1  0]
///         [0 0 2]          [0  1  0 -1]
///
/// where . multiplies the numbers at each of the 16 positions and adds up
/// channels. With G doubled all of it is integers, and 4 y is divided by 4
/// without remainder: the sums are those of the direct product, bit for bit.
///
/// The gradient by the weights is F(3x3, 2x2): a tile's 2x2 errors e and its
/// 4x4 inputs give 3x3 sums, which are added up over tiles before the last
/// step,
///
///   4 dw = C^T (E . V) C,   E = (2 H) e (2 H)^T,
///
///   2 H = [2 0]    C^T = [1  1  1  0]
///         [1 1]          [0  1 -1  0]
///         [1 -1]         [0  1  1 -1]
///         [0 2]
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WINOGRADKERNELS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WINOGRADKERNELS_H

#include "runtime/kernels/lowbit/DotKernels.h"
#include "runtime/kernels/lowbit/KernelList.h"

#include <cstdint>
#include <limits>

namespace frac::runtime {

/// Positions of a tile.
constexpr int64_t winogradPositions = 16;

/// The largest magnitudes of an input, with sign, and of a weight, such that U
/// and V fit 16 bits: V adds up four inputs, U nine weights.
constexpr int64_t winogradMostInput = 255, winogradMostWeight = 3640;

/// The most products whose sum, times 4, 32 bits hold.
constexpr int64_t winogradMostProducts(int64_t input, int64_t weight) {
  return INT32_MAX / 4 / input / weight;
}

/// Whether that is so for sums over `channels`.
constexpr bool fitsWinograd(int64_t channels, int64_t input, int64_t weight) {
  return input <= winogradMostInput && weight <= winogradMostWeight &&
         9 * channels <= winogradMostProducts(input, weight);
}

/// Channels from which on transforms take less than they save: beside direct
/// products of 16 bits or of few bytes at once (`dotChain`), and beside those
/// of more, which the numbers at hand often lengthen (DotKernel::fittingChain).
/// Beside the longest they never do.
constexpr int64_t winogradFewestChannels(int64_t chain) {
  if (chain > 16)
    return std::numeric_limits<int64_t>::max();
  return chain > 1 ? 64 : 16;
}

/// The inputs of some tiles: bytes of a padded plane, (row, pixel, channel),
/// less `zero`. The tile in row i and column j begins with pixel (2 i, 2 j).
struct WinogradInputs {
  const uint8_t *plane;
  /// In bytes.
  int64_t rowStride, pixelStride;
  int64_t tileRows, tileColumns;
  int64_t channels;
  int32_t zero;
  /// Numbers from one tile to the next in V: the channels in whole blocks of
  /// 16, whose last bytes are read behind the last channel.
  int64_t tileStride;

  int64_t tiles() const { return tileRows * tileColumns; }
};

/// The factors of one position, in pairs along the sums, and where their
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
};

/// Products of some tiles for 16 outputs, and where they belong in a result.
struct WinogradTiles {
  /// (tile, plane of the weights, position, 16 outputs).
  const int32_t *products;
  int64_t tileRows, tileColumns;
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
  /// Writes or adds the products of a position.
  void (*multiply)(const WinogradProducts &products);
  /// Writes the elements of the result, whose `first` must be null and `planes`
  /// 1 or 2.
  void (*convert)(const WinogradTiles &tiles, const DotResult &result);
  /// Writes V, (position, pair of tiles, channel, tile), of tiles of 4x4.
  void (*transformActivations)(const WinogradPixels &pixels,
                               int16_t *transformed);
  /// Writes E, likewise, of tiles of 2x2, less `zero`.
  void (*transformErrors)(const WinogradPixels &pixels, int32_t zero,
                          int16_t *transformed);
  /// sums[tap tapStride + o] = the sums of 16 outputs for each tap, of products
  /// `stride` numbers from one position to the next.
  void (*sumTaps)(const int32_t *products, int64_t stride, int32_t *sums,
                  int64_t tapStride);
};

/// Those that are compiled in.
KernelList<WinogradKernel> winogradKernels();

/// The preferred kernel that this processor and FRAC_MAX_CPU_ISA allow; null on
/// those with AVX-512 VNNI, which multiplies four bytes where these multiply
/// two numbers of 16 bits. Throws as `cpuIsaCap` does.
const WinogradKernel *chooseWinogradKernel();

extern const WinogradKernel winogradKernelPortable;
extern const WinogradKernel winogradKernelAvx2;

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WINOGRADKERNELS_H
