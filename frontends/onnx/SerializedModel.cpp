//===- SerializedModel.cpp - A model as bytes -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/SerializedModel.h"

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

/// Finds the raw data of initializers.
static void findRawData(SerializedModel &model) {
  CodedInputStream stream(reinterpret_cast<const uint8_t *>(model.bytes.data()),
                          static_cast<int>(model.bytes.size()));
  visitFields(stream, [&](int field, uint32_t) {
    if (field != onnx::ModelProto::kGraphFieldNumber)
      return;
    visitFields(stream, [&](int graphField, uint32_t) {
      if (graphField != onnx::GraphProto::kInitializerFieldNumber)
        return;
      std::string name;
      std::optional<RawDataPlace> place;
      visitFields(stream, [&](int tensorField, uint32_t length) {
        if (tensorField == onnx::TensorProto::kNameFieldNumber)
          stream.ReadString(&name, static_cast<int>(length));
        else if (tensorField == onnx::TensorProto::kRawDataFieldNumber)
          place = RawDataPlace{stream.CurrentPosition(), length};
      });
      if (place)
        model.places[name] = *place;
    });
  });
}

bool frac::frontend::serializeModel(const onnx::ModelProto &proto,
                                    SerializedModel &model) {
  if (proto.ByteSizeLong() > std::numeric_limits<int32_t>::max() ||
      !proto.SerializeToString(&model.bytes))
    return false;
  findRawData(model);
  return true;
}
