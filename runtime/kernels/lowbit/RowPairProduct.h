//===- RowPairProduct.h - Products by pairs of rows -------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_ROWPAIRPRODUCT_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_ROWPAIRPRODUCT_H

#include "runtime/kernels/ScratchLayout.h"
#include "runtime/kernels/lowbit/GatherBands.h"
#include "runtime/kernels/lowbit/GatherGeometry.h"
#include "runtime/kernels/lowbit/LowbitProblem.h"
#include "runtime/kernels/lowbit/PackedWeights.h"
#include "runtime/kernels/lowbit/PlaneRegion.h"
#include "runtime/kernels/lowbit/RowPairKernels.h"

#include <cstddef>
#include <cstdint>

namespace frac::runtime {

/// The sums of a gathered product by pairs of rows, in place of those of a
/// DotKernel over the same planes.
class RowPairProduct {
public:
  /// The loops that this processor allows, if the sums can be had so: the
  /// product is one of 3x3 taps with stride 1, and the numbers are small
  /// enough. Null otherwise.
  static const RowPairKernel *choose(const LowbitConvProblem &problem,
                                     const GatherGeometry &geometry);

  /// Takes places in `shared` for weights and in `own` for what a thread works
  /// on, a band. The arguments outlive this.
  RowPairProduct(const GatherGeometry &geometry, const PackedWeights &packed,
                 const RowPairKernel &kernel, const GatherBands &bands,
                 ScratchLayout &shared, ScratchLayout &own);

  /// Mixes the weights that are packed in the same memory.
  void pack(std::byte *shared, int32_t threads) const;

  /// Computes what results of inputs with one scale have in common: `scales`
  /// are those of a DotResult, of all groups, and `zero` is what stands for 0.
  /// To be called before the first band and where any of it is another.
  void prepare(int32_t zero, const float *scales, std::byte *shared,
               std::byte *own) const;

  /// Writes the sum of each pixel of a region of bytes.
  void sumPixels(const PlaneRegion &region, int32_t *sums) const;

  /// Computes the first `count` rows of the result that a region is for. What
  /// it begins with, its zeros and its scales are not read.
  void convert(const PlaneRegion &region, int64_t count, int64_t group,
               DotResult result, std::byte *shared, std::byte *own) const;

  const char *name() const { return kernel.name; }

private:
  void mixPair(const PlaneRegion &region, int64_t row, uint8_t *target,
               std::byte *own) const;
  void packBlock(std::byte *shared, int64_t group, int64_t block) const;
  int64_t sumOf(std::size_t row, std::size_t column, int64_t output,
                std::byte *shared) const;

  const GatherGeometry &geometry;
  const PackedWeights &packed;
  const RowPairKernel &kernel;
  const RowPairLayout layout;
  const int64_t blocks;
  /// Pairs of rows that are mixed before any is multiplied.
  const int64_t pairsAtOnce;
  /// Whether there is one column of padding on each side.
  const bool hasEdges;
  ScratchArray<int8_t> weights;
  /// Of products that leave out the tap of an edge, (group, edge, block, part,
  /// output): what offsets of mixed inputs add to products 1 and 2, negated,
  /// and the sums of the weights.
  static constexpr int64_t edgeParts = 3;
  ScratchArray<int32_t> ofEdges;
  /// Zeros for sums that are twice those of a result, of all groups.
  ScratchArray<int32_t> zeros;
  /// Of all groups: as in RowPairOperands, and scales for such sums.
  ScratchArray<int32_t> first;
  ScratchArray<float> scales;
  /// A row of padding, and factors of products.
  ScratchArray<uint8_t> padding, mixed;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_ROWPAIRPRODUCT_H
