//===- Random.h - Counter-based random numbers ------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_SUPPORT_RANDOM_H
#define FRAC_RUNTIME_SUPPORT_RANDOM_H

#include <array>
#include <cstdint>

namespace frac {

/// What a random number is drawn for; streams are independent of each other.
enum class RandomStream : uint32_t {
  Shuffle = 1,
  Augment = 2,
  SyntheticPattern = 3,
  SyntheticNoise = 4,
};

/// Four random words that depend on nothing but the arguments, so that the same
/// place gets the same numbers whatever thread asks, and whenever: Philox4x32
/// with 10 rounds (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy
/// as 1, 2, 3, SC 2011), key = seed, counter = (index, major, stream).
inline std::array<uint32_t, 4> randomWords(uint64_t seed, RandomStream stream,
                                           uint32_t major, uint64_t index) {
  std::array<uint32_t, 4> counter = {static_cast<uint32_t>(index),
                                     static_cast<uint32_t>(index >> 32), major,
                                     static_cast<uint32_t>(stream)};
  uint32_t key0 = static_cast<uint32_t>(seed);
  uint32_t key1 = static_cast<uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    uint64_t product0 = uint64_t{0xD2511F53u} * counter[0];
    uint64_t product1 = uint64_t{0xCD9E8D57u} * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key0,
               static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key1,
               static_cast<uint32_t>(product0)};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

/// A number in [0, bound) out of 32 random bits (multiply and shift; the bias
/// is below bound / 2^32).
inline uint32_t boundedRandom(uint32_t word, uint32_t bound) {
  return static_cast<uint32_t>((uint64_t{word} * bound) >> 32);
}

} // namespace frac

#endif // FRAC_RUNTIME_SUPPORT_RANDOM_H
