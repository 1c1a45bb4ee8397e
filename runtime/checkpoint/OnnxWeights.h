//===- OnnxWeights.h - Initializers of an ONNX file -------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_CHECKPOINT_ONNXWEIGHTS_H
#define FRAC_RUNTIME_CHECKPOINT_ONNXWEIGHTS_H

#include <cstdint>
#include <string>
#include <vector>

namespace frac {

/// A tensor with a name, in float.
struct NamedTensor {
  std::string name;
  std::vector<int64_t> shape;
  std::vector<float> values;
};

/// Reads the float initializers of a model: a small reader of protobuf's wire
/// format for ModelProto.graph.initializer (onnx.proto). Initializers of other
/// types are left out; one whose values lie in another file is an error.
std::vector<NamedTensor> readOnnxWeights(const std::string &path);

} // namespace frac

#endif // FRAC_RUNTIME_CHECKPOINT_ONNXWEIGHTS_H
