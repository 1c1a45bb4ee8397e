//===- Export.cpp - The trained model as ONNX ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Export.h"

#include "frontends/onnx/SerializedModel.h"

#include <onnx/onnx_pb.h>

using namespace frac::frontend;

bool frac::frontend::writeModel(const Model &model, llvm::raw_ostream &os,
                                llvm::StringMap<int64_t> &offsets,
                                Diagnostics &diagnostics) {
  SerializedModel serialized;
  if (!serializeModel(model.getProto(), serialized)) {
    diagnostics.error("the trained model would be larger than 2 GB, the limit "
                      "of ONNX");
    return false;
  }
  for (const onnx::TensorProto &tensor : model.getProto().graph().initializer())
    if (tensor.data_type() == onnx::TensorProto::FLOAT)
      if (auto place = serialized.places.find(tensor.name());
          place != serialized.places.end())
        offsets[tensor.name()] = place->second.offset;
  os << serialized.bytes;
  return true;
}
