//===- LayerWidths.cpp - Widths of layers in a model's file ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/LayerWidths.h"

#include "frontends/onnx/Model.h"
#include "frontends/onnx/NodeContext.h"
#include "frontends/onnx/SerializedModel.h"

#include "llvm/ADT/StringMap.h"

#include <onnx/onnx_pb.h>

using namespace frac::frontend;

/// Widths beyond these are no widths.
static constexpr int64_t mostBits = 64;

/// Operators that ZigZag reads the attributes of, or that multiply like them.
static bool canHaveWidths(const onnx::NodeProto &node) {
  return llvm::is_contained({"Conv", "ConvTranspose", "Gemm", "MatMul"},
                            llvm::StringRef(node.op_type()));
}

/// The field that an attribute belongs to, or null.
static int *getField(LayerWidths &widths, llvm::StringRef attribute) {
  if (attribute == "act_size")
    return &widths.activation;
  if (attribute == "weight_size")
    return &widths.weight;
  if (attribute == "output_size")
    return &widths.output;
  return nullptr;
}

std::vector<LayerWidths>
frac::frontend::takeLayerWidths(onnx::ModelProto &model,
                                Diagnostics &diagnostics) {
  std::vector<LayerWidths> list;
  for (onnx::NodeProto &node : *model.mutable_graph()->mutable_node()) {
    if (!canHaveWidths(node))
      continue;
    LayerWidths widths;
    bool isFound = false;
    auto &attributes = *node.mutable_attribute();
    for (int i = attributes.size(); i-- != 0;) {
      const onnx::AttributeProto &attribute = attributes.Get(i);
      int *field = getField(widths, attribute.name());
      if (!field)
        continue;
      if (!attribute.has_i() || attribute.i() < 1 || attribute.i() > mostBits)
        diagnostics.nodeError(getNodeName(node), node.op_type(),
                              "attribute '" + attribute.name() +
                                  "' is no number of bits from 1 to " +
                                  std::to_string(mostBits));
      else
        *field = static_cast<int>(attribute.i());
      isFound = true;
      attributes.DeleteSubrange(i, 1);
    }
    if (!isFound)
      continue;
    widths.node = getNodeName(node).str();
    list.push_back(std::move(widths));
  }
  return list;
}

/// Adds the attribute unless the width is not said.
static void addWidth(onnx::NodeProto &node, const char *name, int bits) {
  if (bits == 0)
    return;
  onnx::AttributeProto &attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(bits);
}

bool frac::frontend::writeWithLayerWidths(const Model &model,
                                          llvm::ArrayRef<LayerWidths> widths,
                                          llvm::raw_ostream &os,
                                          Diagnostics &diagnostics) {
  llvm::StringMap<const LayerWidths *> byNode;
  for (const LayerWidths &layer : widths)
    byNode[layer.node] = &layer;
  onnx::ModelProto copy = model.getProto();
  for (onnx::NodeProto &node : *copy.mutable_graph()->mutable_node()) {
    auto layer = byNode.find(getNodeName(node));
    if (layer == byNode.end() || !canHaveWidths(node))
      continue;
    addWidth(node, "act_size", layer->second->activation);
    addWidth(node, "weight_size", layer->second->weight);
    addWidth(node, "output_size", layer->second->output);
  }
  SerializedModel serialized;
  if (!serializeModel(copy, serialized)) {
    diagnostics.error("the model with widths would be larger than 2 GB, the "
                      "limit of ONNX");
    return false;
  }
  os << serialized.bytes;
  return true;
}
