//===- DepthwiseRows.h - Inner loops of depthwise convolutions ------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The loops over one output row, which DepthwiseRows.inc defines once for each
/// instruction set. Rows are channels-last, (pixels, channels), and padded: an
/// output pixel `x` reads pixels `x * stride` to `x * stride + width - 1`.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_DEPTHWISE_DEPTHWISEROWS_H
#define FRAC_RUNTIME_KERNELS_DEPTHWISE_DEPTHWISEROWS_H

#include <cstdint>

namespace frac::runtime {

/// What the loops over a row work on. `rows` and `taps` hold `height` pointers
/// each, one for each row of the kernel that takes part.
struct DepthwiseRow {
  int64_t height;
  /// Padded input rows.
  const float *const *rows;
  /// Rows of weights, (width, channels).
  float *const *taps;
  int64_t outputs;
  int64_t channels;
};

/// result = the convolution's output row, (outputs, channels).
using DepthwiseConvolve = void (*)(const DepthwiseRow &row, float *result);

/// taps += the gradients by the weights that the errors of one output row,
/// (outputs, channels), bring.
using DepthwiseCorrelate = void (*)(const DepthwiseRow &row,
                                    const float *errors);

/// The loops for one kernel width and stride along the row.
struct DepthwiseLoops {
  int64_t width;
  int64_t stride;
  DepthwiseConvolve convolve;
  DepthwiseCorrelate correlate;
};

/// The map from integers to the real numbers scale (q - zero) + residual.
struct DepthwiseAffine {
  float scale, zero, residual;
};

/// The loops of one instruction set.
struct DepthwiseLoopSet {
  /// A width of 0 ends them.
  const DepthwiseLoops *loops;
  /// result[i] = what integer i stands for.
  void (*widenBytes)(const uint8_t *integers, int64_t count,
                     const DepthwiseAffine &map, float *result);
  void (*widenWords)(const uint16_t *integers, int64_t count,
                     const DepthwiseAffine &map, float *result);
};

extern const DepthwiseLoopSet depthwiseLoopsBase;
extern const DepthwiseLoopSet depthwiseLoopsAvx2;
extern const DepthwiseLoopSet depthwiseLoopsAvx512;

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_DEPTHWISE_DEPTHWISEROWS_H
