//===- SerializedModel.h - A model as bytes --------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_SERIALIZEDMODEL_H
#define FRAC_FRONTENDS_ONNX_SERIALIZEDMODEL_H

#include "llvm/ADT/StringMap.h"

#include <cstdint>
#include <string>

namespace onnx {
class ModelProto;
} // namespace onnx

namespace frac::frontend {

/// The place of an initializer's values in a serialized model: `bytes` bytes of
/// raw data from `offset` on, little-endian, row-major.
struct RawDataPlace {
  int64_t offset = 0;
  int64_t bytes = 0;
};

/// A model in the form of its file.
struct SerializedModel {
  std::string bytes;
  /// Of the initializers that hold raw data, by name.
  llvm::StringMap<RawDataPlace> places;
};

/// Serializes `proto` into `model`. Returns false if it is larger than 2 GB,
/// the limit of ONNX.
bool serializeModel(const onnx::ModelProto &proto, SerializedModel &model);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_SERIALIZEDMODEL_H
