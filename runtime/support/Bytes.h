//===- Bytes.h - Reading and writing little-endian binary data --*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_SUPPORT_BYTES_H
#define FRAC_RUNTIME_SUPPORT_BYTES_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

namespace frac {

/// Whether a * b fits `limit`, for sizes that come from files. All are >= 0.
inline bool productFits(uint64_t a, uint64_t b, uint64_t limit) {
  return a == 0 || b <= limit / a;
}

/// A cursor over bytes that never leaves them: a read beyond the end yields
/// zeros and makes `ok()` false for good, so that a parser can check once after
/// a group of reads.
class ByteReader {
public:
  ByteReader(const unsigned char *data, size_t size) : data(data), size(size) {}

  bool ok() const { return good; }
  size_t position() const { return at; }
  size_t remaining() const { return size - at; }
  const unsigned char *here() const { return data + at; }

  /// Takes `count` bytes and returns where they begin, or null.
  const unsigned char *take(uint64_t count) {
    if (!good || count > remaining()) {
      good = false;
      return nullptr;
    }
    const unsigned char *begin = data + at;
    at += static_cast<size_t>(count);
    return begin;
  }

  /// Reads a little-endian number.
  template <typename T>
  T read() {
    static_assert(std::is_trivially_copyable<T>::value, "plain numbers only");
    T value{};
    if (const unsigned char *begin = take(sizeof(T)))
      std::memcpy(&value, begin, sizeof(T));
    return value;
  }

  /// Reads a string written by `ByteWriter::string`.
  std::string string() {
    uint64_t length = read<uint64_t>();
    const unsigned char *begin = take(length);
    return begin ? std::string(reinterpret_cast<const char *>(begin),
                               static_cast<size_t>(length))
                 : std::string();
  }

private:
  const unsigned char *data;
  size_t size;
  size_t at = 0;
  bool good = true;
};

/// Appends numbers, little-endian, to a vector of bytes.
class ByteWriter {
public:
  std::vector<unsigned char> bytes;

  template <typename T>
  void write(T value) {
    static_assert(std::is_trivially_copyable<T>::value, "plain numbers only");
    append(&value, sizeof(T));
  }

  /// A 64-bit length and the characters.
  void string(const std::string &text) {
    write<uint64_t>(text.size());
    append(text.data(), text.size());
  }

  void append(const void *data, size_t size) {
    const auto *begin = static_cast<const unsigned char *>(data);
    bytes.insert(bytes.end(), begin, begin + size);
  }
};

} // namespace frac

#endif // FRAC_RUNTIME_SUPPORT_BYTES_H
