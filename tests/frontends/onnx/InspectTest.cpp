//===- InspectTest.cpp - What inspect tells ------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Inspect.h"

#include "TestModels.h"
#include "mlir/IR/MLIRContext.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace frac::frontend;
using testing::HasSubstr;

namespace {

TEST(Inspect, CountsParametersAndWork) {
  onnx::ModelProto proto =
      parseModel("<ir_version: 7, opset_import: [\"\" : 14]>\n"
                 "g (float[N, 2, 3, 3] x) => (float[N, 2, 3, 3] y) {\n"
                 "  c = Conv (x, w, b)\n  y = Relu (c)\n}");
  addWeights(proto, "w", {2, 2, 1, 1});
  addWeights(proto, "b", {2});
  Diagnostics diagnostics("test.onnx");
  mlir::MLIRContext context;
  auto model = Model::create(proto, "test.onnx", diagnostics);
  ASSERT_TRUE(model);
  auto module = importModel(*model, context, ImportOptions(), diagnostics);
  ASSERT_TRUE(module);
  ModelSummary summary = inspectModel(*model, *module);
  EXPECT_EQ(summary.parameters, 6);
  EXPECT_EQ(summary.getMacs(), 2 * 2 * 9);
  EXPECT_EQ(summary.batchNorm, BatchNormCase::Folded);
  std::string text;
  llvm::raw_string_ostream os(text);
  printSummary(summary, os);
  EXPECT_THAT(text, HasSubstr("6 trained, 0 frozen"));
  EXPECT_THAT(text, HasSubstr("input       x: float32 [N, 2, 3, 3]"));
  EXPECT_THAT(text, HasSubstr("--batchnorm=unfold"));
  llvm::json::Value json = toJSON(summary);
  EXPECT_EQ(json.getAsObject()->getInteger("macs"), 36);
}

} // namespace
