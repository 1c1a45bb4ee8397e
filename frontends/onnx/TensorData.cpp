//===- TensorData.cpp - Values of ONNX tensors ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/TensorData.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <onnx/onnx_pb.h>

#include <limits>

using namespace frac::frontend;
using onnx::TensorProto;

size_t frac::frontend::getRawByteWidth(int dataType) {
  switch (dataType) {
  case TensorProto::BOOL:
  case TensorProto::INT8:
  case TensorProto::UINT8:
    return 1;
  case TensorProto::INT16:
  case TensorProto::UINT16:
  case TensorProto::FLOAT16:
  case TensorProto::BFLOAT16:
    return 2;
  case TensorProto::FLOAT:
  case TensorProto::INT32:
  case TensorProto::UINT32:
    return 4;
  case TensorProto::DOUBLE:
  case TensorProto::INT64:
  case TensorProto::UINT64:
  case TensorProto::COMPLEX64:
    return 8;
  case TensorProto::COMPLEX128:
    return 16;
  default:
    return 0;
  }
}

std::string frac::frontend::getTypeName(int dataType) {
  if (!onnx::TensorProto_DataType_IsValid(dataType))
    return "type " + std::to_string(dataType);
  return llvm::StringRef(onnx::TensorProto_DataType_Name(
                             static_cast<onnx::TensorProto_DataType>(dataType)))
      .lower();
}

std::optional<int64_t>
frac::frontend::getNumElements(const TensorProto &tensor) {
  int64_t elements = 1;
  for (int64_t extent : tensor.dims()) {
    if (extent < 0)
      return std::nullopt;
    std::optional<int64_t> product = llvm::checkedMul(elements, extent);
    if (!product)
      return std::nullopt;
    elements = *product;
  }
  // Sixteen bytes are the widest element; nothing may overflow in bytes.
  if (elements > std::numeric_limits<int64_t>::max() / 16)
    return std::nullopt;
  return elements;
}

/// Moves the values of a typed field into raw data as elements of type T.
template <typename T, typename Field>
static std::string moveField(TensorProto &tensor, Field &field,
                             int64_t elements) {
  if (field.size() != elements)
    return "has " + std::to_string(field.size()) + " values instead of " +
           std::to_string(elements);
  std::string raw(elements * sizeof(T), '\0');
  T *out = reinterpret_cast<T *>(raw.data());
  for (int64_t i = 0; i != elements; ++i)
    out[i] = static_cast<T>(field.Get(i));
  field.Clear();
  tensor.set_raw_data(std::move(raw));
  return "";
}

/// Reads `length` bytes of a file beside the model.
static std::string readExternal(TensorProto &tensor, llvm::StringRef folder,
                                uint64_t length) {
  std::string location;
  uint64_t offset = 0;
  std::optional<uint64_t> stated;
  for (const onnx::StringStringEntryProto &entry : tensor.external_data()) {
    uint64_t number = 0;
    bool isNumber = !llvm::StringRef(entry.value()).getAsInteger(10, number);
    if (entry.key() == "location") {
      location = entry.value();
    } else if (entry.key() == "offset") {
      if (!isNumber)
        return "has an external data offset that is no number";
      offset = number;
    } else if (entry.key() == "length") {
      if (!isNumber)
        return "has an external data length that is no number";
      stated = number;
    }
  }
  if (stated && *stated != length)
    return "has external data of " + std::to_string(*stated) +
           " bytes instead of " + std::to_string(length);

  namespace path = llvm::sys::path;
  std::string shown = "'" + location + "'";
  if (location.empty() || path::is_absolute(location) ||
      llvm::StringRef(location).contains('\0') ||
      llvm::is_contained(
          llvm::make_range(path::begin(location), path::end(location)), ".."))
    return "has external data in " + shown +
           ", which is not a path inside the model's folder";
  llvm::SmallString<128> joined(folder), file, root;
  path::append(joined, location);
  if (llvm::sys::fs::real_path(joined, file) ||
      llvm::sys::fs::real_path(folder.empty() ? "." : folder, root))
    return "has external data in " + shown + ", which cannot be read";
  if (!root.ends_with("/"))
    root += "/";
  if (!llvm::StringRef(file).starts_with(root))
    return "has external data in " + shown +
           ", which leads out of the model's folder";

  llvm::sys::fs::file_status status;
  if (llvm::sys::fs::status(file, status) ||
      status.type() != llvm::sys::fs::file_type::regular_file)
    return "has external data in " + shown + ", which is no regular file";
  if (offset > status.getSize() || length > status.getSize() - offset)
    return "has external data beyond the end of " + shown;
  if (length == 0) {
    tensor.set_raw_data(std::string());
  } else {
    auto buffer = llvm::MemoryBuffer::getFileSlice(file, length, offset);
    if (!buffer || (*buffer)->getBufferSize() != length)
      return "has external data in " + shown + ", which cannot be read";
    tensor.set_raw_data((*buffer)->getBufferStart(), length);
  }
  tensor.clear_external_data();
  tensor.clear_data_location();
  return "";
}

std::string frac::frontend::normalizeTensor(TensorProto &tensor,
                                            llvm::StringRef folder) {
  std::optional<int64_t> elements = getNumElements(tensor);
  if (!elements)
    return "has dimensions that are negative or too large";
  if (tensor.has_segment())
    return "is stored in segments, which ONNX no longer defines";
  size_t width = getRawByteWidth(tensor.data_type());
  if (width == 0)
    return "";
  int64_t bytes = *elements * width;
  if (bytes > std::numeric_limits<int32_t>::max())
    return "is larger than 2 GB";
  if (tensor.data_location() == TensorProto::EXTERNAL)
    return readExternal(tensor, folder, bytes);
  if (tensor.has_raw_data()) {
    if (static_cast<int64_t>(tensor.raw_data().size()) != bytes)
      return "has " + std::to_string(tensor.raw_data().size()) +
             " bytes of data instead of " + std::to_string(bytes);
    return "";
  }
  switch (tensor.data_type()) {
  case TensorProto::FLOAT:
    return moveField<float>(tensor, *tensor.mutable_float_data(), *elements);
  case TensorProto::DOUBLE:
    return moveField<double>(tensor, *tensor.mutable_double_data(), *elements);
  case TensorProto::INT64:
    return moveField<int64_t>(tensor, *tensor.mutable_int64_data(), *elements);
  case TensorProto::UINT64:
    return moveField<uint64_t>(tensor, *tensor.mutable_uint64_data(),
                               *elements);
  case TensorProto::UINT32:
    return moveField<uint32_t>(tensor, *tensor.mutable_uint64_data(),
                               *elements);
  case TensorProto::INT32:
    return moveField<int32_t>(tensor, *tensor.mutable_int32_data(), *elements);
  case TensorProto::INT16:
  case TensorProto::UINT16:
  case TensorProto::FLOAT16:
  case TensorProto::BFLOAT16:
    return moveField<uint16_t>(tensor, *tensor.mutable_int32_data(), *elements);
  case TensorProto::INT8:
  case TensorProto::UINT8:
  case TensorProto::BOOL:
    return moveField<uint8_t>(tensor, *tensor.mutable_int32_data(), *elements);
  default:
    return "";
  }
}
