//===- Mutate.h - Damaged copies of bytes -----------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_TESTS_RUNTIME_SUPPORT_MUTATE_H
#define FRAC_TESTS_RUNTIME_SUPPORT_MUTATE_H

#include "runtime/support/Random.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace frac::test {

/// Copy number `number` of `bytes` with one to four faults: a flipped bit, an
/// extreme byte, eight extreme bytes, a cut, bytes removed or repeated. The
/// same number gives the same copy.
inline std::vector<unsigned char>
mutated(const std::vector<unsigned char> &bytes, uint32_t number) {
  std::vector<unsigned char> out = bytes;
  uint64_t draws = 0;
  auto draw = [&](uint64_t bound) {
    auto words = randomWords(12345, RandomStream::Shuffle, number, draws++);
    return static_cast<size_t>(boundedRandom(
        words[0], static_cast<uint32_t>(std::max<uint64_t>(1, bound))));
  };
  size_t faults = 1 + draw(4);
  for (size_t fault = 0; fault < faults && !out.empty(); ++fault) {
    size_t place = draw(out.size());
    // Headers are at the beginning or the end.
    if (draw(2) == 0)
      place = draw(2) ? std::min<size_t>(draw(64), out.size() - 1)
                      : out.size() - 1 - std::min(draw(128), out.size() - 1);
    auto at = out.begin() + static_cast<std::ptrdiff_t>(place);
    size_t length = std::min<size_t>(1 + draw(16), out.size() - place);
    auto end = at + static_cast<std::ptrdiff_t>(length);
    const unsigned char extremes[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    switch (draw(6)) {
    case 0:
      *at ^= static_cast<unsigned char>(1 << draw(8));
      break;
    case 1:
      *at = extremes[draw(5)];
      break;
    case 2:
      std::fill(at, std::min(at + 8, out.end()), extremes[draw(5)]);
      break;
    case 3:
      out.erase(at, out.end());
      break;
    case 4:
      out.erase(at, end);
      break;
    default:
      std::vector<unsigned char> piece(at, end);
      out.insert(at, piece.begin(), piece.end());
    }
  }
  return out;
}

} // namespace frac::test

#endif // FRAC_TESTS_RUNTIME_SUPPORT_MUTATE_H
