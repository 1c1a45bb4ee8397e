//===- WinogradGradient.h - 3x3 gradients with fewer products -------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WINOGRADGRADIENT_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WINOGRADGRADIENT_H

#include "runtime/kernels/lowbit/WeightGradProducts.h"
#include "runtime/kernels/lowbit/WinogradKernels.h"

namespace frac::runtime {

/// The sums of a gradient by the weights by minimal filtering.
class WinogradGradient final : public WeightGradProducts {
public:
  /// Whether they can be had so and it is worth the while: the kernel has 3x3
  /// taps with stride 1 and enough channels, which are not too many for the
  /// cache.
  static bool fits(const WeightGradGeometry &geometry,
                   const WeightGradOperands &operands, int64_t splitOutputs,
                   const WinogradKernel &kernel);

  /// Pixels whose sums 32 bits hold.
  static int64_t mostPixels(const WeightGradOperands &operands);

  /// Bytes that a row of the output takes.
  static int64_t rowBytes(const WeightGradGeometry &geometry,
                          int64_t splitOutputs);

  /// Takes places in `own`; `geometry` and `kernel` outlive this.
  WinogradGradient(const WeightGradGeometry &geometry,
                   const WeightGradOperands &operands,
                   const WeightGradChunks &chunks, const WinogradKernel &kernel,
                   ScratchLayout &own);

  std::string name() const override;
  void clear(std::byte *memory) const override;
  void add(const WeightGradChunk &chunk, std::byte *memory) const override;
  void finish(std::byte *memory) const override;

private:
  /// Of a band's errors: rows of tiles, and pairs of two tiles in a row.
  int64_t tileRows() const { return winogradTiles(chunks.bandRows); }
  int64_t pairColumns() const {
    return (winogradTiles(g.outputColumns) + 1) / 2;
  }
  int64_t mostPairs() const {
    return chunks.images * tileRows() * pairColumns();
  }
  int64_t inputStride() const { return 2 * ((g.inputs + 15) / 16 * 16); }
  int64_t outputStride() const { return 2 * chunks.splitOutputs; }
  /// Numbers from one position of V or E to the next, of pairs `stride` numbers
  /// apart.
  static int64_t positionStride(int64_t pairs, int64_t stride) {
    return pairs * stride + winogradPositionGap;
  }
  /// Numbers of a position's products.
  int64_t positionSize() const { return g.inputs * chunks.splitOutputs; }
  void transform(const WeightGradChunk &chunk, int64_t pairs,
                 std::byte *memory) const;

  const WinogradKernel &kernel;
  ScratchArray<uint8_t> plane;
  /// V and E, (position, pair, channel, 2), with gaps.
  ScratchArray<int16_t> activations, errors;
  /// (group, position, input, output).
  ScratchArray<int32_t> products;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WINOGRADGRADIENT_H
