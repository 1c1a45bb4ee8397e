//===- Shuffle.cpp - The order of samples in an epoch ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/Shuffle.h"

#include "runtime/support/Random.h"

#include <cstddef>
#include <numeric>
#include <utility>

namespace frac {

std::vector<int64_t> fileOrder(int64_t count) {
  std::vector<int64_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), int64_t{0});
  return order;
}

std::vector<int64_t> shuffledOrder(int64_t count, uint64_t seed,
                                   uint32_t epoch) {
  std::vector<int64_t> order = fileOrder(count);
  for (int64_t i = count - 1; i > 0; --i) {
    auto words = randomWords(seed, RandomStream::Shuffle, epoch,
                             static_cast<uint64_t>(i));
    // 64 random bits: the bias of the remainder is beyond notice.
    uint64_t word = uint64_t{words[0]} << 32 | words[1];
    std::swap(order[i], order[word % static_cast<uint64_t>(i + 1)]);
  }
  return order;
}

} // namespace frac
