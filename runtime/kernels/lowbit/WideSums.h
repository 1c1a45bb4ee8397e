//===- WideSums.h - Integer sums beyond 32 bits ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WIDESUMS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WIDESUMS_H

#include "runtime/kernels/ScratchLayout.h"
#include "runtime/kernels/lowbit/DotKernels.h"

#include <cstdint>

namespace frac::runtime {

/// As DotResult, for sums in double, which hold integers up to 2^53 exactly.
/// With planes of weights `first` counts outputs by block and plane.
struct WideResult {
  float *data;
  int64_t rowStride, pixelStride;
  int64_t outputs;
  const int64_t *first;
  const double *scales;
  const int64_t *totals;
  const int32_t *zeros;
  const double *residuals;
  const double *border;
  const int32_t *rowClass;
  const int32_t *columnClass;
};

/// Sums of products where operands take two bytes each or sums are so long that
/// 32 bits do not hold them: inner loops in 32 bits over as many steps as fit,
/// added up in double.
class WideSums {
public:
  WideSums() = default;

  /// Takes places in `layout` for sums of up to `pixels` pixels and `outputs`
  /// outputs, those of several planes counted as often.
  WideSums(int64_t pixels, int64_t outputs, ScratchLayout &layout);

  /// Sets all sums to zero.
  void clear(std::byte *scratch) const;

  /// Adds `weight` times the sums of the operands. The blocks of `planes`
  /// planes of weights, high bytes first, alternate.
  void add(const DotKernel &kernel, const DotOperands &operands, int32_t planes,
           double weight, std::byte *scratch) const;

  /// Writes the result.
  void convert(const DotOperands &operands, int32_t planes,
               const WideResult &result, std::byte *scratch) const;

  /// The sum of pixel `pixel` and output `output` of a group of `planes`
  /// planes.
  double value(int64_t pixel, int64_t output, int32_t planes,
               std::byte *scratch) const {
    const double *at = sums.in(scratch) + pixel * outputs +
                       output / dotBlock * planes * dotBlock +
                       output % dotBlock;
    double sum = 0;
    for (int32_t plane = 0; plane < planes; ++plane)
      sum += at[plane * dotBlock];
    return sum;
  }

private:
  int64_t pixels = 0, outputs = 0;
  ScratchArray<int32_t> part;
  ScratchArray<double> sums;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WIDESUMS_H
