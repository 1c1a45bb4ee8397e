//===- GatherBands.cpp - Rows that are computed at once -------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/GatherBands.h"

#include <algorithm>

using namespace frac::runtime;

/// Bytes that a band takes.
static constexpr int64_t bandBytes = 1 << 17;

/// Bands of a batch that is smaller.
static constexpr int64_t leastBands = 16;

GatherBands::GatherBands(const GatherGeometry &geometry, int64_t batch,
                         int64_t rowBytes) {
  const int64_t most = geometry.rows.mostCount();
  const int64_t bands = std::max((most * rowBytes + bandBytes - 1) / bandBytes,
                                 (leastBands + batch - 1) / batch);
  // Neighbouring bands copy the same rows. Tiles may have two.
  const int64_t even = (most + 2 * bands - 1) / (2 * bands) * 2;
  rows = std::min(std::max<int64_t>(even, 4), most);
  perImage = (most + rows - 1) / rows;
  int64_t reach = 0;
  for (const GatherAxis &axis : geometry.rows.phases)
    for (const GatherAxis::Tap &tap : axis.taps)
      reach = std::max(reach, tap.offset);
  planeRows = std::min((rows - 1) * geometry.rows.step + reach + 1,
                       geometry.rows.planeExtent);
}

PlaneRegion GatherBands::region(const GatherGeometry &geometry,
                                const frac_quantized &images, int64_t n,
                                int64_t group, int64_t firstRow,
                                int32_t zero) const {
  const int64_t planeRow = firstRow * geometry.rows.step;
  const int64_t image = geometry.rows.extent * geometry.columns.extent *
                        geometry.groups * geometry.inputs;
  return {static_cast<const uint8_t *>(images.data) + n * image * images.bytes,
          images.bytes,
          geometry.rows.extent,
          geometry.columns.extent,
          geometry.groups * geometry.inputs,
          group * geometry.inputs,
          geometry.inputs,
          planeRow - geometry.rows.padBegin,
          -geometry.columns.padBegin,
          std::min(planeRows, geometry.rows.planeExtent - planeRow),
          geometry.columns.planeExtent,
          zero};
}
