//===- Npy.cpp - NumPy arrays ---------------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/Npy.h"

#include "runtime/support/Bytes.h"
#include "runtime/support/Error.h"

#include <cstring>

namespace frac {

namespace {
struct TypeName {
  const char *name;
  ElementType type;
};

constexpr TypeName typeNames[] = {
    {"|u1", ElementType::U8},  {"<i4", ElementType::I32},
    {"<i8", ElementType::I64}, {"<f4", ElementType::F32},
    {"<f8", ElementType::F64},
};

/// Parses the Python dictionary of a header:
/// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class HeaderParser {
public:
  HeaderParser(const std::string &subject, const std::string &text)
      : subject(subject), text(text) {}

  NpyHeader parse() {
    NpyHeader header;
    bool sawType = false, sawOrder = false, sawShape = false;
    bool fortran = false;
    expect('{');
    while (!accept('}')) {
      std::string key = quoted();
      expect(':');
      if (key == "descr") {
        header.type = elementType(quoted());
        sawType = true;
      } else if (key == "fortran_order") {
        fortran = boolean();
        sawOrder = true;
      } else if (key == "shape") {
        header.shape = tuple();
        sawShape = true;
      } else {
        malformed();
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (!sawType || !sawOrder || !sawShape)
      malformed();
    if (fortran && header.shape.size() > 1)
      fail(subject, "is stored in Fortran order; store it with "
                    "numpy.ascontiguousarray");
    return header;
  }

private:
  [[noreturn]] void malformed() {
    fail(subject, "has a malformed NumPy header; save the array with "
                  "numpy.save or numpy.savez");
  }

  void skipSpace() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n'))
      ++at;
  }

  bool accept(char c) {
    skipSpace();
    if (at >= text.size() || text[at] != c)
      return false;
    ++at;
    return true;
  }

  void expect(char c) {
    if (!accept(c))
      malformed();
  }

  std::string quoted() {
    skipSpace();
    if (at >= text.size() || (text[at] != '\'' && text[at] != '"'))
      malformed();
    size_t end = text.find(text[at], at + 1);
    if (end == std::string::npos)
      malformed();
    std::string out = text.substr(at + 1, end - at - 1);
    at = end + 1;
    return out;
  }

  bool boolean() {
    skipSpace();
    for (bool value : {true, false}) {
      const char *name = value ? "True" : "False";
      size_t length = std::strlen(name);
      if (text.compare(at, length, name) == 0) {
        at += length;
        return value;
      }
    }
    malformed();
  }

  std::vector<int64_t> tuple() {
    std::vector<int64_t> shape;
    expect('(');
    while (!accept(')')) {
      skipSpace();
      size_t begin = at;
      int64_t value = 0;
      while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
        if (at - begin >= 15)
          fail(subject, "has an impossible shape; the file is damaged");
        value = value * 10 + (text[at++] - '0');
      }
      if (at == begin || shape.size() == 16)
        malformed();
      accept('L'); // Python 2 wrote long integers so.
      shape.push_back(value);
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return shape;
  }

  ElementType elementType(const std::string &name) {
    for (const TypeName &entry : typeNames)
      if (name == entry.name)
        return entry.type;
    if (name == "<u1" || name == "u1")
      return ElementType::U8;
    fail(subject, "has element type '" + printable(name) +
                      "'; store it as uint8, int32, int64, float32 or float64, "
                      "little-endian");
  }

  const std::string &subject;
  const std::string &text;
  size_t at = 0;
};
} // namespace

NpyHeader parseNpyHeader(const std::string &subject,
                         const std::vector<unsigned char> &bytes) {
  ByteReader reader(bytes.data(), bytes.size());
  const unsigned char *magic = reader.take(6);
  if (!magic || std::memcmp(magic, "\x93NUMPY", 6) != 0)
    fail(subject, "is no NumPy array; save it with numpy.save or numpy.savez");
  auto version = reader.read<uint8_t>();
  reader.read<uint8_t>();
  if (version < 1 || version > 3)
    fail(subject, "has NumPy format version " + std::to_string(version) +
                      "; 1 to 3 are supported");
  uint64_t length = version == 1 ? reader.read<uint16_t>()
                                 : uint64_t{reader.read<uint32_t>()};
  if (length > maxNpyHeaderBytes)
    fail(subject, "has a NumPy header of " + std::to_string(length) +
                      " bytes; the file is damaged");
  const unsigned char *begin = reader.take(length);
  if (!begin)
    fail(subject, "ends inside its NumPy header; the file is truncated");

  std::string text(reinterpret_cast<const char *>(begin),
                   static_cast<size_t>(length));
  NpyHeader header = HeaderParser(subject, text).parse();
  header.dataOffset = reader.position();
  // 16 TiB: no array is larger, and products stay far from overflow.
  constexpr uint64_t limit = uint64_t{1} << 44;
  uint64_t total = static_cast<uint64_t>(sizeOf(header.type));
  for (int64_t dim : header.shape) {
    if (!productFits(total, static_cast<uint64_t>(dim), limit))
      fail(subject, "has an impossible shape; the file is damaged");
    total *= static_cast<uint64_t>(dim);
  }
  header.dataBytes = total;
  return header;
}

std::vector<unsigned char> makeNpyHeader(ElementType type,
                                         const std::vector<int64_t> &shape) {
  const char *name = "";
  for (const TypeName &entry : typeNames)
    if (entry.type == type)
      name = entry.name;
  std::string dims;
  for (int64_t dim : shape)
    dims += std::to_string(dim) + (shape.size() == 1 ? "," : ", ");
  if (shape.size() > 1)
    dims.resize(dims.size() - 2);
  std::string text = std::string("{'descr': '") + name +
                     "', 'fortran_order': False, 'shape': (" + dims + "), }";
  // Magic, version and length take 10 bytes; the whole is a multiple of 64.
  text.append(63 - (text.size() + 10) % 64, ' ');
  text += '\n';

  ByteWriter writer;
  writer.append("\x93NUMPY\x01\x00", 8);
  writer.write(static_cast<uint16_t>(text.size()));
  writer.append(text.data(), text.size());
  return std::move(writer.bytes);
}

} // namespace frac
