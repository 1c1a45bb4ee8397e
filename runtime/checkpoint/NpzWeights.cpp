//===- NpzWeights.cpp - Weights from NumPy arrays -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/NpzWeights.h"

#include "runtime/data/NpzFile.h"

#include <cstring>
#include <fstream>

namespace frac {

bool isNpz(const std::string &path) {
  char start[4] = {};
  std::ifstream(path, std::ios::binary).read(start, sizeof start);
  return std::memcmp(start, "PK\3\4", sizeof start) == 0;
}

std::vector<NamedTensor> readNpzWeights(const std::string &path) {
  NpzReader archive(path);
  std::vector<NamedTensor> tensors;
  for (const std::string &name : archive.names()) {
    NpyArray array = archive.read(name);
    if (array.type != ElementType::F32)
      continue;
    NamedTensor tensor;
    tensor.name = name;
    tensor.shape = array.shape;
    tensor.values.resize(array.bytes.size() / sizeof(float));
    if (!tensor.values.empty())
      std::memcpy(tensor.values.data(), array.bytes.data(),
                  tensor.values.size() * sizeof(float));
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

} // namespace frac
