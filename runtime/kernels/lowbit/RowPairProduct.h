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

  /// Fills what stands for padding. To be called before the first band and
  /// where it is another number.
  void pad(int32_t zero, std::byte *own) const;

  /// Writes the sum of each pixel of a region of bytes.
  void sumPixels(const PlaneRegion &region, int32_t *sums) const;

  /// Computes the first `count` rows of the result that a region is for.
  void convert(const PlaneRegion &region, int64_t count, int64_t group,
               DotResult result, std::byte *shared, std::byte *own) const;

  const char *name() const { return kernel.name; }

private:
  void mixPair(const PlaneRegion &region, int64_t row, uint8_t *target,
               std::byte *own) const;
  void packBlock(std::byte *shared, int64_t group, int64_t block) const;
  int64_t sumOfRow(std::size_t row, int64_t output, std::byte *shared) const;

  const GatherGeometry &geometry;
  const PackedWeights &packed;
  const RowPairKernel &kernel;
  const RowPairLayout layout;
  const int64_t blocks;
  /// Pairs of rows that are mixed before any is multiplied.
  const int64_t pairsAtOnce;
  ScratchArray<int8_t> weights;
  /// What offsets of mixed inputs add to a block's products 1 and 2, negated;
  /// and what these begin with: (block, product, output).
  ScratchArray<int32_t> offsets, first;
  /// Of a result: zeros for twice the sums, and scales.
  ScratchArray<int32_t> zeros;
  ScratchArray<float> scales;
  /// A row of padding, and factors of products.
  ScratchArray<uint8_t> padding, mixed;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_ROWPAIRPRODUCT_H
