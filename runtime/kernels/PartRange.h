//===- PartRange.h - Parts of an extent -----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_PARTRANGE_H
#define FRAC_RUNTIME_KERNELS_PARTRANGE_H

#include <algorithm>
#include <cstdint>

namespace frac::runtime {

/// The contiguous range of [0, extent) that is part `part` of `parts` of about
/// the same size.
struct PartRange {
  PartRange(int64_t extent, int64_t part, int64_t parts)
      : begin(extent / parts * part + std::min(part, extent % parts)),
        end(begin + extent / parts + (part < extent % parts)) {}
  int64_t begin, end;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_PARTRANGE_H
