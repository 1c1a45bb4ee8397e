//===- WeightGradSums.h - What turns sums into weight gradients -----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADSUMS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADSUMS_H

#include "runtime/kernels/ScratchLayout.h"
#include "runtime/kernels/lowbit/AffineInteger.h"
#include "runtime/kernels/lowbit/DotKernels.h"
#include "runtime/kernels/lowbit/LowbitPlan.h"
#include "runtime/kernels/lowbit/WeightGradGeometry.h"
#include "runtime/kernels/lowbit/WindowSums.h"

#include <cstdint>

namespace frac::runtime {

/// How the operands of a gradient by the weights become bytes.
struct WeightGradOperands {
  int32_t activationPlanes, errorPlanes;
  int32_t activationBits, errorBits;

  /// What is taken off the integers of errors; two planes hold 128 less than
  /// the centered ones.
  int32_t errorCenter() const {
    return (1 << (errorBits - 1)) + (errorPlanes == 2 ? 128 : 0);
  }

  /// See dotChain.
  int64_t chain() const {
    return dotChain(largestByte(activationBits),
                    errorPlanes == 2 ? 128 : 1 << (errorBits - 1));
  }

  bool isWide() const { return activationPlanes == 2 || errorPlanes == 2; }

  /// Pixels whose sums 32 bits hold.
  int64_t mostPixels() const {
    if (isWide())
      return INT32_MAX / (255 * 128);
    return INT32_MAX / ((1 << activationBits) - 1) / ((1 << errorBits) - 1);
  }
};

/// The sums that stand beside the products in a gradient by the weights. With
/// activations x = s (q - z) + r, padded with q = z, and errors
/// y = t (w - v) + u, the sum of x y over the pixels inside the image is
///
///   s t (sum of q w - z sum of w - v sum of (q - z))
///     + s u sum of (q - z) + r (t sum of (w - v) + n u)
///
/// where the first two sums are over all pixels of the output, and the others
/// for each tap over the n that it meets inside.
class WeightGradSums {
public:
  WeightGradSums() = default;

  /// Takes places in `layout`; `geometry` outlives this.
  WeightGradSums(const WeightGradGeometry &geometry,
                 const WeightGradOperands &operands, ScratchLayout &layout);

  void clear(std::byte *scratch) const;

  /// Some images in memory, `stride` elements from one to the next.
  struct Images {
    const uint8_t *data;
    int32_t bytes;
    int64_t count, stride;
  };

  /// Adds rows `firstRow` to `endRow` of the output of some images, which have
  /// the given scales and zeros. Activations begin with their first row, errors
  /// with `firstRow`. With `hasActivations` the sums of activations are those
  /// that `activations` has been given.
  void add(const DotKernel &kernel, const AffineInteger &activation,
           const AffineInteger &error, const Images &activations,
           const Images &errors, int64_t firstRow, int64_t endRow,
           bool hasActivations, std::byte *scratch) const;

  /// The sums of activations that each tap meets inside, (group, tap, input).
  int64_t *activations(std::byte *scratch) const {
    return activationSums.in(scratch);
  }

  /// Sums of products of a group and tap, and where their result is added to.
  struct Result {
    /// (activations' plane, input, block, errors' plane, 16 outputs), with
    /// `sumStride` numbers an input.
    const int32_t *sums;
    int64_t sumStride;
    int64_t group, tap;
    int64_t firstOutput, outputs;
    /// (input, padded output), from `firstOutput` on.
    float *target;
  };

  /// Adds what the sums stand for.
  void flush(const DotKernel &kernel, const AffineInteger &activation,
             const AffineInteger &error, const Result &result,
             std::byte *scratch) const;

private:
  void flushWide(const AffineInteger &activation, const AffineInteger &error,
                 const Result &result, std::byte *scratch) const;
  double tapTerm(const AffineInteger &activation, const AffineInteger &error,
                 int64_t group, int64_t tap, int64_t output,
                 std::byte *scratch) const;
  int64_t allErrors(int64_t group, int64_t output, std::byte *scratch) const;
  int64_t allActivations(const AffineInteger &activation, const Result &result,
                         int64_t input, std::byte *scratch) const;

  const WeightGradGeometry *geometry = nullptr;
  WeightGradOperands operands = {};
  WindowSums activationColumns, errorColumns, allColumns;
  /// Sums of integers: of activations, (group, tap, input), of errors inside,
  /// (group, tap, output), and of all errors, (group, output).
  ScratchArray<int64_t> activationSums, errorSums, errorTotals;
  /// Pixels inside of each tap, and all.
  ScratchArray<int64_t> insideCounts, pixelCount;
  ScratchArray<int32_t> rowIntegers, columnIntegers;
  ScratchArray<float> rowReals, columnReals;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTGRADSUMS_H
