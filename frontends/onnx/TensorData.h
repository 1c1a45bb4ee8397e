//===- TensorData.h - Values of ONNX tensors -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Brings the many forms in which a TensorProto can hold its values to one.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_TENSORDATA_H
#define FRAC_FRONTENDS_ONNX_TENSORDATA_H

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>

namespace onnx {
class TensorProto;
} // namespace onnx

namespace frac::frontend {

/// Bytes that one element of the TensorProto type `dataType` takes in raw
/// data; 0 for types that have no raw data or are not known.
size_t getRawByteWidth(int dataType);

/// Name of the TensorProto type, as in messages: `float16`.
std::string getTypeName(int dataType);

/// Number of elements; empty where a dimension is negative or the tensor would
/// not fit into memory.
std::optional<int64_t> getNumElements(const onnx::TensorProto &tensor);

/// Moves the values of `tensor` into raw data of the right size, and reads
/// external data, which must lie in `folder` or below. Tensors of types without
/// raw data are left alone. Returns what is wrong; empty if nothing is.
std::string normalizeTensor(onnx::TensorProto &tensor, llvm::StringRef folder);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_TENSORDATA_H
