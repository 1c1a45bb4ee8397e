//===- Export.cpp - The trained model as ONNX ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Export.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <onnx/onnx_pb.h>

#include <limits>

using namespace frac::frontend;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

/// Calls `visit(field, length)` for every length-delimited field of the message
/// that fills the stream up to its limit; `visit` need not read all of it.
template <typename Visitor>
static void visitFields(CodedInputStream &stream, Visitor visit) {
  while (uint32_t tag = stream.ReadTag()) {
    if (WireFormatLite::GetTagWireType(tag) !=
        WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      WireFormatLite::SkipField(&stream, tag);
      continue;
    }
    uint32_t length = 0;
    stream.ReadVarint32(&length);
    CodedInputStream::Limit limit = stream.PushLimit(length);
    visit(WireFormatLite::GetTagFieldNumber(tag), length);
    stream.Skip(stream.BytesUntilLimit());
    stream.PopLimit(limit);
  }
}

/// Finds the raw data of initializers in a serialized model.
static llvm::StringMap<int64_t> findRawData(const std::string &bytes) {
  llvm::StringMap<int64_t> offsets;
  CodedInputStream stream(reinterpret_cast<const uint8_t *>(bytes.data()),
                          bytes.size());
  visitFields(stream, [&](int field, uint32_t) {
    if (field != onnx::ModelProto::kGraphFieldNumber)
      return;
    visitFields(stream, [&](int graphField, uint32_t) {
      if (graphField != onnx::GraphProto::kInitializerFieldNumber)
        return;
      std::string name;
      int64_t place = -1;
      visitFields(stream, [&](int tensorField, uint32_t length) {
        if (tensorField == onnx::TensorProto::kNameFieldNumber)
          stream.ReadString(&name, length);
        else if (tensorField == onnx::TensorProto::kRawDataFieldNumber)
          place = stream.CurrentPosition();
      });
      if (place >= 0)
        offsets[name] = place;
    });
  });
  return offsets;
}

bool frac::frontend::writeModel(const Model &model, llvm::raw_ostream &os,
                                llvm::StringMap<int64_t> &offsets,
                                Diagnostics &diagnostics) {
  std::string bytes;
  if (model.getProto().ByteSizeLong() > std::numeric_limits<int32_t>::max() ||
      !model.getProto().SerializeToString(&bytes)) {
    diagnostics.error("the trained model would be larger than 2 GB, the limit "
                      "of ONNX");
    return false;
  }
  llvm::StringMap<int64_t> places = findRawData(bytes);
  for (const onnx::TensorProto &tensor : model.getProto().graph().initializer())
    if (tensor.data_type() == onnx::TensorProto::FLOAT)
      if (auto place = places.find(tensor.name()); place != places.end())
        offsets[tensor.name()] = place->second;
  os << bytes;
  return true;
}
