//===- Model.cpp - An ONNX model in memory -------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Model.h"

#include "frontends/onnx/Checker.h"
#include "frontends/onnx/InlineFunctions.h"
#include "frontends/onnx/Operators.h"
#include "frontends/onnx/TensorData.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/logging.h>
#include <onnx/onnx_pb.h>

#include <limits>

using namespace frac::frontend;

/// Nesting of messages in a file; ONNX needs a few levels a subgraph.
static constexpr int maxNesting = 64;

Model::Model(std::unique_ptr<onnx::ModelProto> proto, llvm::StringRef path)
    : proto(std::move(proto)), path(path.str()) {}
Model::~Model() = default;

/// The operator set of the ONNX domain, after checks of the model's versions;
/// 0 after an error.
static int checkVersions(const onnx::ModelProto &proto,
                         Diagnostics &diagnostics) {
  if (!proto.has_graph()) {
    diagnostics.error("holds no graph; it is not an ONNX model");
    return 0;
  }
  if (proto.ir_version() < 1 || proto.ir_version() > maxIrVersion) {
    diagnostics.error(llvm::Twine("IR version ") +
                      llvm::Twine(proto.ir_version()) +
                      " is not supported; export the model with IR version " +
                      llvm::Twine(maxIrVersion) + " or older");
    return 0;
  }
  int64_t opset = 0;
  for (const onnx::OperatorSetIdProto &import : proto.opset_import())
    if (import.domain().empty() || import.domain() == "ai.onnx")
      opset = std::max(opset, import.version());
  if (opset < minOpset || opset > maxOpset) {
    diagnostics.error(
        llvm::Twine("opset ") + llvm::Twine(opset) +
        " is not supported; export the model with an opset from " +
        llvm::Twine(minOpset) + " to " + llvm::Twine(maxOpset));
    return 0;
  }
  return static_cast<int>(opset);
}

/// Brings all tensors of the graph into raw form.
static void normalizeTensors(onnx::GraphProto &graph, llvm::StringRef folder,
                             Diagnostics &diagnostics) {
  if (graph.sparse_initializer_size() != 0)
    diagnostics.error("sparse initializers are not supported; export the "
                      "model with dense weights");
  llvm::StringSet<> names;
  int64_t total = 0;
  for (onnx::TensorProto &tensor : *graph.mutable_initializer()) {
    std::string name = "initializer '" + tensor.name() + "' ";
    if (tensor.name().empty())
      diagnostics.error("an initializer has no name");
    else if (!names.insert(tensor.name()).second)
      diagnostics.error(name + "is defined twice");
    std::string problem = normalizeTensor(tensor, folder);
    if (!problem.empty()) {
      diagnostics.error(name + problem);
      continue;
    }
    total += tensor.raw_data().size();
    if (total > std::numeric_limits<int32_t>::max()) {
      diagnostics.error("weights take more than 2 GB");
      return;
    }
  }
  for (onnx::NodeProto &node : *graph.mutable_node()) {
    for (onnx::AttributeProto &attribute : *node.mutable_attribute()) {
      if (!attribute.has_t())
        continue;
      std::string problem = normalizeTensor(*attribute.mutable_t(), folder);
      if (!problem.empty())
        diagnostics.nodeError(node.name(), node.op_type(),
                              "attribute '" + attribute.name() + "' " +
                                  problem);
    }
  }
}

/// Whether every node's operator has a rule here; else the import will name
/// those that have none, which serves better than the checker's first finding.
static bool knowsAllOperators(const onnx::GraphProto &graph) {
  return llvm::all_of(graph.node(), [](const onnx::NodeProto &node) {
    return findOperator(node.domain(), node.op_type());
  });
}

std::unique_ptr<Model> Model::create(onnx::ModelProto proto,
                                     llvm::StringRef path,
                                     Diagnostics &diagnostics) {
  std::unique_ptr<Model> model(
      new Model(std::make_unique<onnx::ModelProto>(std::move(proto)), path));
  model->opset = checkVersions(*model->proto, diagnostics);
  if (model->opset == 0)
    return nullptr;
  inlineFunctions(*model->proto, model->opset, diagnostics);
  if (diagnostics.hasErrors())
    return nullptr;
  normalizeTensors(*model->proto->mutable_graph(),
                   llvm::sys::path::parent_path(path), diagnostics);
  if (diagnostics.hasErrors())
    return nullptr;
  // Before the checker sees them, which knows ONNX's own attributes alone.
  model->layerWidths = takeLayerWidths(*model->proto, diagnostics);
  if (diagnostics.hasErrors())
    return nullptr;
  if (model->opset <= maxCheckedOpset &&
      model->proto->ir_version() <= maxCheckedIrVersion &&
      knowsAllOperators(model->proto->graph())) {
    std::string complaint = checkModel(*model->proto);
    if (!complaint.empty()) {
      diagnostics.error("not a valid ONNX model: " + complaint);
      return nullptr;
    }
  }
  return model;
}

std::unique_ptr<Model> Model::load(llvm::StringRef path,
                                   Diagnostics &diagnostics) {
  llvm::sys::fs::file_status status;
  if (std::error_code failure = llvm::sys::fs::status(path, status)) {
    diagnostics.error("cannot read the file: " + failure.message());
    return nullptr;
  }
  if (status.type() != llvm::sys::fs::file_type::regular_file) {
    diagnostics.error("cannot read the file: it is not a regular file");
    return nullptr;
  }
  if (status.getSize() > std::numeric_limits<int32_t>::max()) {
    diagnostics.error("the file is larger than 2 GB, the limit of ONNX; keep "
                      "weights in external data files");
    return nullptr;
  }
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer) {
    diagnostics.error("cannot read the file: " + buffer.getError().message());
    return nullptr;
  }
  google::protobuf::SetLogHandler(nullptr);
  google::protobuf::io::CodedInputStream stream(
      reinterpret_cast<const uint8_t *>((*buffer)->getBufferStart()),
      static_cast<int>((*buffer)->getBufferSize()));
  stream.SetRecursionLimit(maxNesting);
  onnx::ModelProto proto;
  if (!proto.ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage()) {
    diagnostics.error("not an ONNX file, or a damaged one");
    return nullptr;
  }
  buffer->reset();
  return create(std::move(proto), path, diagnostics);
}
