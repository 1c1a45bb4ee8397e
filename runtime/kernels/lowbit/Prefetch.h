//===- Prefetch.h - Reading ahead -----------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_PREFETCH_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_PREFETCH_H

#include "runtime/frac_runtime.h"

#include <algorithm>
#include <cstdint>

namespace frac::runtime {

/// Asks for `count` elements of a tensor, from element `first` on, to be
/// brought into the second-level cache. Reads no more than fits there.
inline void prefetch(const frac_quantized &tensor, int64_t first,
                     int64_t count) {
  constexpr int64_t line = 64, mostBytes = 1 << 17;
  const char *data =
      static_cast<const char *>(tensor.data) + first * tensor.bytes;
  const int64_t bytes = std::min(count * tensor.bytes, mostBytes);
  for (int64_t i = 0; i < bytes; i += line)
    __builtin_prefetch(data + i, /*rw=*/0, /*locality=*/2);
}

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_PREFETCH_H
