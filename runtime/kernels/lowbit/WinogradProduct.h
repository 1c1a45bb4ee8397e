//===- WinogradProduct.h - 3x3 convolutions with fewer products -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WINOGRADPRODUCT_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WINOGRADPRODUCT_H

#include "runtime/kernels/ScratchLayout.h"
#include "runtime/kernels/lowbit/GatherGeometry.h"
#include "runtime/kernels/lowbit/LowbitProblem.h"
#include "runtime/kernels/lowbit/PackedWeights.h"
#include "runtime/kernels/lowbit/WinogradKernels.h"

#include <cstdint>

namespace frac::runtime {

/// The sums of a gathered product by minimal filtering, in place of those of a
/// DotKernel over the same planes. Rescaled weights are taken as two digits
/// (see WeightDigits).
class WinogradProduct {
  /// Most tiles that are taken at once, so that their products stay in a core's
  /// caches.
  static constexpr int64_t mostTiles = 16;

  /// The largest magnitude of a digit: sums over 32 channels of bytes fit.
  static constexpr int32_t largestDigit = 456, digitBase = 2 * largestDigit + 1;

public:
  /// The largest weight of two digits, for PackedWeights.
  static constexpr int32_t largestRescaled =
      largestDigit * digitBase + largestDigit;

  /// The loops that this processor allows, if the sums can be had so and it is
  /// worth the while: the product is one of 3x3 taps with stride 1 and enough
  /// channels, and the numbers are small enough. Null otherwise.
  static const WinogradKernel *choose(const LowbitConvProblem &problem,
                                      const GatherGeometry &geometry);

  /// Takes places in `shared` for weights and in `own` for what a thread works
  /// on. The arguments outlive this.
  WinogradProduct(const LowbitConvProblem &problem,
                  const GatherGeometry &geometry, const PackedWeights &packed,
                  const WinogradKernel &kernel, ScratchLayout &shared,
                  ScratchLayout &own);

  /// Transforms the weights that are packed in the same memory.
  void pack(std::byte *shared, int32_t threads) const;

  /// Bytes that are read behind the end of a padded plane.
  int64_t slackBytes() const;

  /// Tiles whose inputs are transformed, and whose products wait for more: a
  /// small image has too few to make up for reading all weights.
  class Batch {
    friend class WinogradProduct;
    /// Neighbouring tiles of one result.
    struct Piece {
      DotResult result;
      int64_t rows, pixels;
      int64_t firstRow, firstPixel;
      int64_t tileRows, tileColumns;
    };
    Piece pieces[mostTiles];
    int64_t count = 0, tiles = 0, group = 0;
  };

  /// Computes `rows` rows of a result, whose first row reads `plane` from its
  /// first row on, or leaves some to the next call or to `finish`, unless there
  /// are totals. What `result` points to has to stay until then; its `first`,
  /// `planes` and `base` are not read.
  void convert(const uint8_t *plane, int32_t zero, int64_t rows, int64_t group,
               DotResult result, Batch &batch, std::byte *shared,
               std::byte *own) const;

  /// Computes what is left.
  void finish(Batch &batch, std::byte *shared, std::byte *own) const;

  const char *name() const { return kernel.name; }

private:
  int64_t mostPairsOf(const LowbitConvProblem &problem) const;
  void packBlock(std::byte *shared, int64_t group, int64_t block) const;
  void multiply(int64_t tiles, int64_t block, int64_t plane, int64_t part,
                const WinogradTargets &targets, std::byte *shared,
                std::byte *own) const;
  int64_t productSize() const {
    return planes * parts * winogradPositions * dotBlock;
  }

  const GatherGeometry &geometry;
  const PackedWeights &packed;
  const WinogradKernel &kernel;
  const int64_t planes, pixelBytes, pairs, blocks;
  /// The pairs are cut into parts whose sums fit.
  const int64_t mostPairs, parts;
  /// Numbers of V of a tile, and of U of a block and plane.
  const int64_t tileStride, blockSize;
  /// Of a piece: all tiles in some rows, or part of one.
  int64_t tileRows, tileColumns;
  /// Numbers of V from one position to the next.
  int64_t positionStride;
  ScratchArray<int16_t> weights, inputs;
  ScratchArray<int32_t> products;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WINOGRADPRODUCT_H
