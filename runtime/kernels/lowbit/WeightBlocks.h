//===- WeightBlocks.h - Work on blocks of packed weights ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTBLOCKS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTBLOCKS_H

#include "runtime/core/Threads.h"

#include <algorithm>
#include <cstdint>

namespace frac::runtime {

/// Calls `body(group, block)` for all blocks of 16 outputs of all groups. Each
/// thread gets blocks of about `least` weights or more, of which a block has
/// `ofBlock`: waking it takes as long as packing some thousand.
template <typename Body>
void forEachWeightBlock(int32_t threads, int64_t groups, int64_t blocks,
                        int64_t ofBlock, int64_t least, const Body &body) {
  const int64_t grain = least / std::max<int64_t>(ofBlock, 1);
  parallelRanges(threads, groups * blocks, std::max<int64_t>(grain, 1),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t i = begin; i < end; ++i)
                     body(i / blocks, i % blocks);
                 });
}

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_WEIGHTBLOCKS_H
