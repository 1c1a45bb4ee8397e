//===- Checksum.cpp - CRC32C ----------------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/support/Checksum.h"

#include <array>
#include <cstring>

namespace frac {

namespace {
/// Tables for eight bytes at a time ("slicing by 8", Kounavis and Berry 2005).
using Tables = std::array<std::array<uint32_t, 256>, 8>;

Tables makeTables() {
  Tables tables{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1) ^ ((crc & 1) ? 0x82f63b78u : 0);
    tables[0][i] = crc;
  }
  for (uint32_t i = 0; i < 256; ++i)
    for (int slice = 1; slice < 8; ++slice) {
      uint32_t before = tables[slice - 1][i];
      tables[slice][i] = (before >> 8) ^ tables[0][before & 0xff];
    }
  return tables;
}
} // namespace

uint32_t crc32c(const void *data, size_t size, uint32_t crc) {
  static const Tables tables = makeTables();
  const auto *bytes = static_cast<const unsigned char *>(data);
  crc = ~crc;
  for (; size >= 8; size -= 8, bytes += 8) {
    uint64_t word;
    std::memcpy(&word, bytes, 8);
    word ^= crc;
    uint32_t next = 0;
    for (int i = 0; i < 8; ++i)
      next ^= tables[7 - i][(word >> (8 * i)) & 0xff];
    crc = next;
  }
  for (; size; --size, ++bytes)
    crc = (crc >> 8) ^ tables[0][(crc ^ *bytes) & 0xff];
  return ~crc;
}

} // namespace frac
