//===- Checksum.h - CRC32C --------------------------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_SUPPORT_CHECKSUM_H
#define FRAC_RUNTIME_SUPPORT_CHECKSUM_H

#include <cstddef>
#include <cstdint>

namespace frac {

/// CRC-32C (Castagnoli polynomial 0x1EDC6F41, reflected, RFC 3720) of `size`
/// bytes; `crc` is the value of the bytes before them, 0 at the start.
uint32_t crc32c(const void *data, size_t size, uint32_t crc = 0);

/// The "masked" form that TFRecord files store, in which a checksum of data
/// that holds checksums stays meaningful.
inline uint32_t maskedCrc32c(const void *data, size_t size) {
  uint32_t crc = crc32c(data, size);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

} // namespace frac

#endif // FRAC_RUNTIME_SUPPORT_CHECKSUM_H
