//===- TestModels.cpp - Models for tests ---------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModels.h"

#include "mlir/IR/MLIRContext.h"

#include <gtest/gtest.h>
#include <onnx/defs/parser.h>

using namespace frac::frontend;

onnx::ModelProto frac::frontend::parseModel(const std::string &text) {
  onnx::ModelProto model;
  onnx::OnnxParser parser(text.c_str());
  auto status = parser.Parse(model);
  EXPECT_TRUE(status.IsOK()) << status.ErrorMessage();
  return model;
}

onnx::TensorProto &
frac::frontend::addWeights(onnx::ModelProto &model, const std::string &name,
                           const std::vector<int64_t> &shape) {
  onnx::TensorProto &tensor = *model.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  int64_t elements = 1;
  for (int64_t extent : shape) {
    tensor.add_dims(extent);
    elements *= extent;
  }
  for (int64_t i = 0; i != elements; ++i)
    tensor.add_float_data(0.5f * (i + 1));
  return tensor;
}

Imported frac::frontend::import(onnx::ModelProto proto,
                                const ImportOptions &options, bool unfold) {
  Imported imported;
  Diagnostics diagnostics("test.onnx");
  mlir::MLIRContext context;
  auto model = Model::create(std::move(proto), "test.onnx", diagnostics);
  if (model && unfold)
    unfoldBatchNorm(*model, diagnostics);
  if (model) {
    auto module = importModel(*model, context, options, diagnostics);
    if (module) {
      llvm::raw_string_ostream os(imported.module);
      module->print(os);
    }
  }
  llvm::raw_string_ostream os(imported.report);
  diagnostics.print(os);
  return imported;
}
