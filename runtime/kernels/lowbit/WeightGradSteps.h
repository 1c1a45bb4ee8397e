//===- WeightGradSteps.h - Weight gradients tap by tap --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADSTEPS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADSTEPS_H

#include "runtime/kernels/lowbit/WeightGradProducts.h"

namespace frac::runtime {

/// Products of activations, turned so that the pixels of a channel are
/// neighbours, with errors for one tap after the other.
class WeightGradSteps final : public WeightGradProducts {
public:
  /// Takes places in `own`; `geometry` and `kernel` outlive this.
  WeightGradSteps(const WeightGradGeometry &geometry,
                  const WeightGradOperands &operands,
                  const WeightGradChunks &chunks, const DotKernel &kernel,
                  ScratchLayout &own);

  std::string name() const override { return kernel.name; }
  void begin(std::byte *memory) const override;
  void add(const WeightGradChunk &chunk, std::byte *memory) const override;

private:
  /// Bytes of an image's rows of activations in a chunk, and of a chunk's.
  int64_t imageBytes() const {
    return g.planeRows(chunks.bandRows) * g.rowBytes();
  }
  int64_t activationBytes() const { return chunks.images * imageBytes(); }
  int32_t paddingByte(int32_t zero, int32_t plane) const;
  void fill(int32_t zero, std::byte *memory) const;
  void packActivations(const WeightGradChunk &chunk, std::byte *memory) const;
  void addTap(const WeightGradChunk &chunk, int32_t plane, int64_t tap,
              DotOperands products, std::byte *memory) const;

  const DotKernel &kernel;
  /// Of each step of a chunk, in bytes of activations.
  std::vector<int32_t> offsets;
  /// The zero that activations are filled with, or -1.
  ScratchArray<int32_t> filled;
  ScratchArray<uint8_t> activations;
  ScratchArray<int8_t> errors;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADSTEPS_H
