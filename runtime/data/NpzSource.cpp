//===- NpzSource.cpp - Datasets in NumPy archives -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/NpzFile.h"
#include "runtime/data/Sources.h"
#include "runtime/support/Error.h"

#include <cstring>

namespace frac {

template <typename To>
static To elementAs(const NpyArray &array, int64_t index) {
  const unsigned char *at = array.bytes.data() + index * sizeOf(array.type);
  auto load = [&](auto value) {
    std::memcpy(&value, at, sizeof value);
    return static_cast<To>(value);
  };
  switch (array.type) {
  case ElementType::U8:
    return load(uint8_t{});
  case ElementType::I32:
    return load(int32_t{});
  case ElementType::I64:
    return load(int64_t{});
  case ElementType::F32:
    return load(float{});
  case ElementType::F64:
    return load(double{});
  }
  return To{};
}

template <typename To>
static std::vector<unsigned char> convert(const NpyArray &array) {
  int64_t count = elementCount(array.shape);
  std::vector<unsigned char> out(static_cast<size_t>(count) * sizeof(To));
  auto *values = reinterpret_cast<To *>(out.data());
  for (int64_t i = 0; i < count; ++i)
    values[i] = elementAs<To>(array, i);
  return out;
}

static bool isFloat(ElementType type) {
  return type == ElementType::F32 || type == ElementType::F64;
}

/// Bytes stay bytes where the model computes with floats: they are scaled when
/// a batch is made.
static Field toField(const std::string &subject, NpyArray array,
                     ElementType wanted, bool keepBytes) {
  Field field;
  field.shape.assign(array.shape.begin() + 1, array.shape.end());
  field.type = wanted == ElementType::F32 ? ElementType::F32 : ElementType::I64;
  if (field.type == ElementType::I64 && isFloat(array.type))
    fail(subject, "holds floating-point values, but the model takes integers; "
                  "store it as int64");
  if (keepBytes && array.type == ElementType::U8)
    field.type = ElementType::U8;
  if (field.type == array.type)
    field.bytes = std::move(array.bytes);
  else if (field.type == ElementType::I64)
    field.bytes = convert<int64_t>(array);
  else
    field.bytes = convert<float>(array);
  return field;
}

static Split loadSplit(const std::string &path, const DataSpec &wanted) {
  NpzReader archive(path);
  Split split;
  auto load = [&](const std::string &name) {
    NpyArray array = archive.read(name);
    std::string subject = path + " [" + printable(name) + "]";
    if (array.shape.empty() || elementCount(array.shape) == 0)
      fail(subject, "holds no samples; its first dimension counts them");
    if (split.count == 0)
      split.count = array.shape[0];
    if (split.count != array.shape[0])
      fail(subject, "holds " + std::to_string(array.shape[0]) +
                        " samples, other arrays " +
                        std::to_string(split.count));
    return array;
  };
  for (const InputSpec &input : wanted.inputs) {
    std::string name = wanted.inputs.size() == 1 ? "x" : input.name;
    NpyArray array = load(name);
    split.inputs.push_back(toField(path + " [" + printable(name) + "]",
                                   std::move(array), input.type,
                                   input.type == ElementType::F32));
  }
  // Integers are class numbers and floats are values; whether the loss takes
  // them is checked for every source alike.
  NpyArray target = load("y");
  ElementType type = isFloat(target.type) ? ElementType::F32 : ElementType::I64;
  split.target = toField(path + " [y]", std::move(target), type, false);
  return split;
}

Dataset loadNpz(const std::string &trainPath, const std::string &testPath,
                const DataSpec &wanted) {
  Dataset dataset;
  dataset.train = loadSplit(trainPath, wanted);
  if (!testPath.empty())
    dataset.test = loadSplit(testPath, wanted);
  return dataset;
}

} // namespace frac
