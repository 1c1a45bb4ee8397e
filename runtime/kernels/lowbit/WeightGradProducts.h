//===- WeightGradProducts.h - Sums over pixels of a chunk -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADPRODUCTS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADPRODUCTS_H

#include "runtime/kernels/ScratchLayout.h"
#include "runtime/kernels/lowbit/DotKernels.h"
#include "runtime/kernels/lowbit/PlaneRegion.h"
#include "runtime/kernels/lowbit/WeightGradGeometry.h"
#include "runtime/kernels/lowbit/WeightGradSums.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace frac::runtime {

/// How the images of a gradient by the weights are cut: some rows of the output
/// of some images, and some of the output's channels.
struct WeightGradChunks {
  int64_t images, bandRows;
  /// In whole blocks of 16.
  int64_t splitOutputs;

  int64_t rows() const { return images * bandRows; }
};

/// A chunk for a group. All its activations have one zero, and all its errors.
struct WeightGradChunk {
  struct Image {
    /// The whole image, and the errors from the chunk's first row on.
    const uint8_t *activations, *errors;
  };

  std::vector<Image> images;
  /// Of an element.
  int32_t activationBytes, errorBytes;
  int64_t firstRow, endRow;
  int32_t activationZero;
  /// See WeightGradProducts::sumsActivations.
  int64_t *activationSums;
  int64_t group;
  /// Of the group's, in whole blocks.
  int64_t firstOutput, outputs;
};

/// The integer sums of products in a gradient by the weights: of activations'
/// bytes and errors less their center (WeightGradOperands), over the pixels of
/// chunks.
class WeightGradProducts {
public:
  virtual ~WeightGradProducts() = default;

  /// What the inner loops are called.
  virtual std::string name() const = 0;

  /// Whether `add` also adds up the activations inside the image that each tap
  /// reads, (group, tap, input), to `activationSums` of the chunk.
  virtual bool sumsActivations() const { return false; }

  /// Before the first of some chunks in the memory of a thread.
  virtual void begin(std::byte *memory) const {}

  /// Sets all sums to 0.
  virtual void clear(std::byte *memory) const {
    std::memset(sums.in(memory), 0,
                g.groups * g.taps() * tapSize() * sizeof(int32_t));
  }

  /// Adds the products of a chunk.
  virtual void add(const WeightGradChunk &chunk, std::byte *memory) const = 0;

  /// After the last chunk: the sums can be read from here on.
  virtual void finish(std::byte *memory) const {}

  /// The sums of a group and tap, (activations' plane, input, block, errors'
  /// plane, output in the block), with `sumStride` numbers an input.
  const int32_t *sumsOf(int64_t group, int64_t tap, std::byte *memory) const {
    return sums.in(memory) + (group * g.taps() + tap) * tapSize();
  }
  int64_t sumStride() const {
    return operands.errorPlanes * chunks.splitOutputs;
  }

protected:
  /// Takes places in `own`; `geometry` outlives this.
  WeightGradProducts(const WeightGradGeometry &geometry,
                     const WeightGradOperands &operands,
                     const WeightGradChunks &chunks, ScratchLayout &own)
      : g(geometry), operands(operands), chunks(chunks),
        sums(own.add<int32_t>(g.groups * g.taps() * tapSize())) {}

  int64_t tapSize() const {
    return operands.activationPlanes * g.inputs * sumStride();
  }

  /// What a chunk's rows read of an image of activations, but for the number of
  /// rows and columns.
  PlaneRegion activationsOf(const WeightGradChunk &chunk,
                            const WeightGradChunk::Image &image) const;

  /// Packs the errors of a chunk as inner loops read weights: (block, plane,
  /// image, row, step).
  void packErrors(const WeightGradChunk &chunk,
                  decltype(DotKernel::packSteps) packSteps,
                  int8_t *target) const;

  const WeightGradGeometry &g;
  const WeightGradOperands operands;
  const WeightGradChunks chunks;
  const ScratchArray<int32_t> sums;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADPRODUCTS_H
