//===- OnnxWeights.cpp - Initializers of an ONNX file ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/OnnxWeights.h"

#include "runtime/support/Bytes.h"
#include "runtime/support/Error.h"
#include "runtime/support/Files.h"

#include <cstring>

namespace frac {

namespace {
/// A run of bytes inside the file.
struct Span {
  const unsigned char *data = nullptr;
  uint64_t size = 0;
};

/// One field of a message: its number and its value in one of the forms.
struct Field {
  uint64_t number = 0;
  unsigned wireType = 0;
  uint64_t integer = 0; // Wire types 0, 1 and 5.
  Span bytes;           // Wire type 2.
};

constexpr unsigned wireVarint = 0, wire64 = 1, wireBytes = 2, wire32 = 5;

/// Walks over the fields of a message (protobuf.dev, "Encoding").
class MessageReader {
public:
  MessageReader(const std::string &path, Span message)
      : path(path), reader(message.data, message.size) {}

  /// Reads the next field; false at the end.
  bool next(Field &field) {
    if (reader.remaining() == 0)
      return false;
    uint64_t tag = varint();
    field = Field();
    field.number = tag >> 3;
    field.wireType = tag & 7;
    switch (field.wireType) {
    case wireVarint:
      field.integer = varint();
      break;
    case wire64:
      field.integer = reader.read<uint64_t>();
      break;
    case wireBytes:
      field.bytes.size = varint();
      field.bytes.data = reader.take(field.bytes.size);
      break;
    case wire32:
      field.integer = reader.read<uint32_t>();
      break;
    default:
      malformed();
    }
    if (!reader.ok() || field.number == 0)
      malformed();
    return true;
  }

  bool atEnd() const { return reader.remaining() == 0; }

  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      auto byte = reader.read<uint8_t>();
      value |= uint64_t{byte & 0x7fu} << shift;
      if (!(byte & 0x80))
        return value;
    }
    malformed();
  }

  [[noreturn]] void malformed() const {
    fail(path, "is no readable ONNX model; it is damaged or of another format");
  }

private:
  const std::string &path;
  ByteReader reader;
};

// Numbers of fields in onnx.proto.
constexpr uint64_t modelGraph = 7, graphInitializer = 5;
constexpr uint64_t tensorDims = 1, tensorType = 2, tensorFloats = 4,
                   tensorName = 8, tensorRaw = 9, tensorLocation = 14;
constexpr uint64_t typeFloat = 1;

/// A tensor before its sizes have been checked.
struct RawTensor {
  NamedTensor tensor;
  uint64_t type = 0;
  bool external = false;
  bool hasRaw = false;
  Span raw;
};
} // namespace

static void addDims(const std::string &path, const Field &field,
                    std::vector<int64_t> &shape) {
  if (field.wireType == wireVarint) {
    shape.push_back(static_cast<int64_t>(field.integer));
  } else if (field.wireType == wireBytes) {
    MessageReader packed(path, field.bytes);
    while (!packed.atEnd())
      shape.push_back(static_cast<int64_t>(packed.varint()));
  }
}

static void addFloats(const Field &field, std::vector<float> &values) {
  if (field.wireType == wire32) {
    auto word = static_cast<uint32_t>(field.integer);
    float value;
    std::memcpy(&value, &word, sizeof value);
    values.push_back(value);
  } else if (field.wireType == wireBytes) {
    size_t count = field.bytes.size / sizeof(float);
    size_t before = values.size();
    values.resize(before + count);
    if (count)
      std::memcpy(values.data() + before, field.bytes.data,
                  count * sizeof(float));
  }
}

static RawTensor readTensor(const std::string &path, Span message) {
  RawTensor out;
  MessageReader reader(path, message);
  Field field;
  while (reader.next(field)) {
    bool isBytes = field.wireType == wireBytes;
    if (field.number == tensorDims) {
      addDims(path, field, out.tensor.shape);
    } else if (field.number == tensorType) {
      out.type = field.integer;
    } else if (field.number == tensorFloats) {
      addFloats(field, out.tensor.values);
    } else if (field.number == tensorName && isBytes) {
      out.tensor.name.assign(reinterpret_cast<const char *>(field.bytes.data),
                             field.bytes.size);
    } else if (field.number == tensorRaw && isBytes) {
      out.raw = field.bytes;
      out.hasRaw = true;
    } else if (field.number == tensorLocation) {
      out.external = field.integer == 1;
    }
  }
  return out;
}

/// Checks the sizes of a float tensor and brings its values together.
static NamedTensor finish(const std::string &path, RawTensor raw) {
  std::string name = "initializer '" + printable(raw.tensor.name) + "'";
  if (raw.external)
    fail(path, name + " keeps its values in another file; save the model with "
                      "all values inside");
  NamedTensor tensor = std::move(raw.tensor);
  uint64_t count = 1;
  for (int64_t dim : tensor.shape) {
    if (dim < 0 ||
        !productFits(count, static_cast<uint64_t>(dim), uint64_t{1} << 40))
      fail(path, name + " has an impossible shape; the file is damaged");
    count *= static_cast<uint64_t>(dim);
  }
  if (raw.hasRaw) {
    if (raw.raw.size != count * sizeof(float))
      fail(path, name + " has " + std::to_string(raw.raw.size) + " bytes for " +
                     std::to_string(count) + " floats; the file is damaged");
    tensor.values.resize(count);
    if (count)
      std::memcpy(tensor.values.data(), raw.raw.data, raw.raw.size);
  }
  if (tensor.values.size() != count)
    fail(path, name + " has " + std::to_string(tensor.values.size()) +
                   " values for " + std::to_string(count) +
                   " places; the file is damaged");
  return tensor;
}

std::vector<NamedTensor> readOnnxWeights(const std::string &path) {
  std::vector<unsigned char> bytes = readFile(path);
  std::vector<NamedTensor> tensors;
  bool sawGraph = false;
  MessageReader model(path, {bytes.data(), bytes.size()});
  Field field;
  while (model.next(field)) {
    if (field.number != modelGraph || field.wireType != wireBytes)
      continue;
    sawGraph = true;
    MessageReader graph(path, field.bytes);
    Field inner;
    while (graph.next(inner)) {
      if (inner.number != graphInitializer || inner.wireType != wireBytes)
        continue;
      RawTensor raw = readTensor(path, inner.bytes);
      if (raw.type == typeFloat)
        tensors.push_back(finish(path, std::move(raw)));
    }
  }
  if (!sawGraph)
    model.malformed();
  return tensors;
}

} // namespace frac
