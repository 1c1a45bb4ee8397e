//===- NpzTensors.cpp - Tensors in NumPy's archives ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/NpzTensors.h"

#include "runtime/data/NpzFile.h"

#include <exception>
#include <optional>

using namespace frac;

static std::optional<HostType> toHostType(ElementType type) {
  switch (type) {
  case ElementType::F32:
    return HostType::Float32;
  case ElementType::F64:
    return HostType::Float64;
  case ElementType::I32:
    return HostType::Int32;
  case ElementType::I64:
    return HostType::Int64;
  case ElementType::U8:
    // NumPy's bool is not among the runtime's types; 0 and 1 stand for it.
    return HostType::Bool;
  }
  return std::nullopt;
}

static ElementType toElementType(HostType type) {
  switch (type) {
  case HostType::Float32:
    return ElementType::F32;
  case HostType::Float64:
    return ElementType::F64;
  case HostType::Int32:
    return ElementType::I32;
  case HostType::Int64:
    return ElementType::I64;
  case HostType::Bool:
    break;
  }
  return ElementType::U8;
}

llvm::Expected<NamedTensors> frac::readTensors(llvm::StringRef path) {
  try {
    NpzReader reader(path.str());
    NamedTensors tensors;
    for (const std::string &name : reader.names()) {
      NpyArray array = reader.read(name);
      std::optional<HostType> type = toHostType(array.type);
      if (!type)
        return llvm::createStringError(
            path + ": error: array '" + name +
            "' has elements of a type that no model takes; use float32, "
            "float64, int32, int64 or uint8");
      HostTensor tensor(*type, array.shape);
      tensor.bytes.assign(array.bytes.begin(), array.bytes.end());
      tensors.emplace(name, std::move(tensor));
    }
    return tensors;
  } catch (const std::exception &error) {
    return llvm::createStringError(error.what());
  }
}

llvm::Error frac::writeTensors(llvm::StringRef path,
                               const NamedTensors &tensors) {
  std::vector<NpzEntry> entries;
  for (const auto &[name, tensor] : tensors)
    entries.push_back(
        {name, toElementType(tensor.type), tensor.shape, tensor.bytes.data()});
  try {
    writeNpz(path.str(), entries);
  } catch (const std::exception &error) {
    return llvm::createStringError(error.what());
  }
  return llvm::Error::success();
}
