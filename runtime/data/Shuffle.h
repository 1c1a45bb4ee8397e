//===- Shuffle.h - The order of samples in an epoch -------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_DATA_SHUFFLE_H
#define FRAC_RUNTIME_DATA_SHUFFLE_H

#include <cstdint>
#include <vector>

namespace frac {

/// A permutation of [0, count) that depends on (seed, epoch) alone: Fisher and
/// Yates's shuffle with counter-based random numbers.
std::vector<int64_t> shuffledOrder(int64_t count, uint64_t seed,
                                   uint32_t epoch);

/// 0, 1, ..., count - 1.
std::vector<int64_t> fileOrder(int64_t count);

} // namespace frac

#endif // FRAC_RUNTIME_DATA_SHUFFLE_H
