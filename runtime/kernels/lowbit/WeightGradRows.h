//===- WeightGradRows.h - Weight gradients by rows of taps ------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADROWS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADROWS_H

#include "runtime/kernels/lowbit/TapRowKernels.h"
#include "runtime/kernels/lowbit/WeightGradProducts.h"

namespace frac::runtime {

/// Products of activations, packed for each column of the kernel, with errors
/// for three rows of taps at once. Sums of activations come with it.
class WeightGradRows final : public WeightGradProducts {
public:
  /// The loops that this processor allows, if the products can be had so. Null
  /// otherwise.
  static const TapRowKernel *choose(const WeightGradGeometry &geometry,
                                    const WeightGradOperands &operands);

  /// Bytes that a row of the output takes.
  static int64_t rowBytes(const WeightGradGeometry &geometry,
                          int64_t splitOutputs);

  /// Takes places in `own`; `geometry` and `kernel` outlive this.
  WeightGradRows(const WeightGradGeometry &geometry,
                 const WeightGradOperands &operands,
                 const WeightGradChunks &chunks, const TapRowKernel &kernel,
                 ScratchLayout &own);

  std::string name() const override;
  bool sumsActivations() const override { return true; }
  void add(const WeightGradChunk &chunk, std::byte *memory) const override;

private:
  int64_t planeColumns() const;
  int64_t stepRowBytes() const { return g.quads() * dotStepBytes; }
  /// Blocks of input channels.
  int64_t inputBlocks() const { return g.inputs / dotBlock; }
  void packImage(const WeightGradChunk &chunk,
                 const WeightGradChunk::Image &image, uint8_t *target,
                 int64_t columnStride, int64_t blockStride,
                 std::byte *memory) const;
  void addSums(const WeightGradChunk &chunk, std::byte *memory) const;

  const TapRowKernel &kernel;
  ScratchArray<uint8_t> plane, activations;
  ScratchArray<int8_t> errors;
  /// Sums of activations: of an image for a column of the kernel, (row,
  /// channel), and of a chunk, (column of the kernel, row of it, channel).
  ScratchArray<int32_t> rowSums, tapSums;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADROWS_H
