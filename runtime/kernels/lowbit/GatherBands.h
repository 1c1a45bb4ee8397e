//===- GatherBands.h - Rows that are computed at once ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_GATHERBANDS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_GATHERBANDS_H

#include "runtime/frac_runtime.h"
#include "runtime/kernels/lowbit/GatherGeometry.h"
#include "runtime/kernels/lowbit/PlaneRegion.h"

#include <cstdint>

namespace frac::runtime {

/// How the rows of the images of a gathered product are divided, so that the
/// copy of what a band of them reads stays in a core's second-level cache with
/// its results, and threads find work.
struct GatherBands {
  /// `rowBytes` is what the copy and the results of one row of the largest
  /// phase take.
  GatherBands(const GatherGeometry &geometry, int64_t batch, int64_t rowBytes);

  /// Rows of a band, of each phase; the last band of an image may have fewer.
  int64_t rows;
  int64_t perImage;
  /// Rows of the plane that `rows` rows of the result read.
  int64_t planeRows;

  /// What the rows from `firstRow` on of a group read of image `n`.
  PlaneRegion region(const GatherGeometry &geometry,
                     const frac_quantized &images, int64_t n, int64_t group,
                     int64_t firstRow, int32_t zero) const;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_GATHERBANDS_H
