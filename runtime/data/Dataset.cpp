//===- Dataset.cpp - Samples in memory ------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/Dataset.h"

#include "runtime/support/Checksum.h"

namespace frac {

int64_t sizeOf(ElementType type) {
  switch (type) {
  case ElementType::U8:
    return 1;
  case ElementType::I32:
  case ElementType::F32:
    return 4;
  case ElementType::I64:
  case ElementType::F64:
    return 8;
  }
  return 8;
}

int64_t elementCount(const std::vector<int64_t> &shape) {
  int64_t count = 1;
  for (int64_t dim : shape)
    count *= dim;
  return count;
}

std::string shapeText(const std::vector<int64_t> &shape) {
  // A damaged file may claim any rank.
  constexpr size_t limit = 16;
  std::string out;
  for (size_t i = 0; i < shape.size() && i < limit; ++i)
    out += (i ? "x" : "") + std::to_string(shape[i]);
  if (shape.size() > limit)
    out += "x...";
  return out.empty() ? "scalar" : out;
}

static uint32_t addField(const Field &field, uint32_t crc) {
  auto type = static_cast<int32_t>(field.type);
  crc = crc32c(&type, sizeof type, crc);
  crc = crc32c(field.shape.data(), field.shape.size() * sizeof(int64_t), crc);
  return crc32c(field.bytes.data(), field.bytes.size(), crc);
}

uint32_t fingerprint(const Dataset &dataset) {
  uint32_t crc = 0;
  for (const Split *split : {&dataset.train, &dataset.test}) {
    crc = crc32c(&split->count, sizeof split->count, crc);
    for (const Field &field : split->inputs)
      crc = addField(field, crc);
    crc = addField(split->target, crc);
  }
  return crc;
}

} // namespace frac
