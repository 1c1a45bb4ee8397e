//===- QuantizedModelTest.cpp - Models with quantized factors -------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/QuantizedModel.h"
#include "TestModels.h"
#include "frontends/onnx/Checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

using namespace frac::frontend;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// The bytes that the tests write into a field of a graph of `w`, (2, 3).
size_t getBytes(const ModelField &field) {
  size_t ranges = field.dimension < 0 ? 1 : field.dimension == 0 ? 2 : 3;
  switch (field.kind) {
  case ModelFieldKind::Values:
    return 24;
  case ModelFieldKind::WeightIntegers:
    return 6;
  case ModelFieldKind::WeightScale:
  case ModelFieldKind::WeightLow:
    return 4 * ranges;
  case ModelFieldKind::WeightZeroPoint:
    return ranges;
  default:
    return 4;
  }
}

/// A quantized model with its fields filled in, checked as ONNX checks it.
struct Written {
  QuantizedModel model;
  onnx::GraphProto graph;
  int64_t opset = 0;
  /// Operators in their order.
  std::vector<std::string> ops;
  /// Initializers by name.
  std::map<std::string, onnx::TensorProto> tensors;
};

Written write(onnx::ModelProto proto, std::vector<QuantizedFactor> factors) {
  Written written;
  Diagnostics diagnostics("test.onnx");
  auto model = Model::create(std::move(proto), "test.onnx", diagnostics);
  EXPECT_EQ(diagnostics.getFirstError(), "");
  if (!model)
    return written;
  llvm::StringSet<> variables;
  for (const onnx::TensorProto &tensor :
       model->getProto().graph().initializer())
    variables.insert(tensor.name());
  written.model = makeQuantizedModel(*model, factors, variables);
  if (!written.model.problem.empty())
    return written;
  std::string bytes;
  size_t at = 0;
  for (const ModelField &field : written.model.fields) {
    bytes.append(written.model.bytes, at, field.place - at);
    bytes.append(getBytes(field), '\1');
    at = field.place;
  }
  bytes.append(written.model.bytes, at);
  onnx::ModelProto result;
  EXPECT_TRUE(result.ParseFromString(bytes));
  EXPECT_EQ(checkModel(result), "");
  written.graph = result.graph();
  written.opset = result.opset_import(0).version();
  for (const onnx::NodeProto &node : result.graph().node())
    written.ops.push_back(node.op_type());
  for (const onnx::TensorProto &tensor : result.graph().initializer())
    written.tensors[tensor.name()] = tensor;
  return written;
}

onnx::ModelProto makeModel(const std::string &nodes, int opset = 14) {
  onnx::ModelProto model = parseModel(
      "<ir_version: 7, opset_import: [\"\" : " + std::to_string(opset) +
      "]>\ng (float[N, 3] x) => (float[N, 2] y) {" + nodes + "}");
  addWeights(model, "w", {2, 3});
  return model;
}

QuantizedFactor activation(const std::string &node) {
  QuantizedFactor factor;
  factor.node = node;
  factor.symbolName = node + ".activation";
  return factor;
}

QuantizedFactor weights(const std::string &node, int64_t dimension) {
  QuantizedFactor factor;
  factor.node = node;
  factor.input = 1;
  factor.symbol = 1;
  factor.symbolName = node + ".weight";
  factor.isWeights = true;
  factor.weights = "w";
  factor.dimension = dimension;
  return factor;
}

TEST(QuantizedModel, WeightsAndActivationsOfAGemm) {
  Written written = write(makeModel("y = Gemm <transB = 1> (x, w)"),
                          {activation("y"), weights("y", 0)});
  EXPECT_EQ(written.model.problem, "");
  EXPECT_THAT(written.ops,
              ElementsAre("Sub", "Clip", "QuantizeLinear", "DequantizeLinear",
                          "Add", "DequantizeLinear", "Add", "Gemm"));
  EXPECT_EQ(written.tensors.count("w"), 0u);
  const onnx::TensorProto &integers = written.tensors.at("w_quantized");
  EXPECT_EQ(integers.data_type(), onnx::TensorProto::INT8);
  EXPECT_THAT(integers.dims(), ElementsAre(2, 3));
  EXPECT_EQ(integers.raw_data(), std::string(6, '\1'));
  EXPECT_THAT(written.tensors.at("w_scale").dims(), ElementsAre(2));
  EXPECT_THAT(written.tensors.at("w_zero_point").dims(), ElementsAre(2));
  EXPECT_THAT(written.tensors.at("w_low").dims(), ElementsAre(2, 1));
  EXPECT_EQ(written.tensors.at("quantized/zero_point").raw_data(),
            std::string(1, '\0'));
  const onnx::NodeProto &gemm = written.graph.node(7);
  EXPECT_THAT(gemm.input(),
              ElementsAre("y.activation/dequantized", "w_dequantized"));
  ASSERT_EQ(written.model.fields.size(), 7u);
  for (const ModelField &field : written.model.fields) {
    bool isWeights = field.variable == "w";
    EXPECT_EQ(field.symbol, isWeights ? 1 : 0);
    EXPECT_EQ(field.dimension, isWeights ? 0 : -1);
  }
}

TEST(QuantizedModel, TransposedWeightsAreQuantizedBefore) {
  Written written =
      write(makeModel("t = Transpose <perm = [1, 0]> (w)\ny = MatMul (x, t)"),
            {weights("y", 0)});
  EXPECT_EQ(written.model.problem, "");
  EXPECT_THAT(written.ops,
              ElementsAre("DequantizeLinear", "Add", "Transpose", "MatMul"));
  EXPECT_EQ(written.graph.node(3).input(1), "t_dequantized");
  EXPECT_EQ(written.tensors.count("w"), 0u);
}

TEST(QuantizedModel, SharedTensorsAreQuantizedOnce) {
  onnx::ModelProto model = makeModel("a = Gemm <transB = 1> (x, w)\n"
                                     "b = Gemm <transB = 1> (x, w)\n"
                                     "y = Add (a, b)");
  QuantizedFactor first = activation("a"), second = activation("b");
  second.symbolName = first.symbolName;
  QuantizedFactor w = weights("a", 0), sameW = weights("b", 0);
  sameW.symbolName = w.symbolName;
  Written written = write(model, {first, w, second, sameW});
  EXPECT_EQ(written.model.fields.size(), 7u);
  EXPECT_EQ(written.ops.size(), 10u);
}

TEST(QuantizedModel, WeightsThatAreReadInFloatTooStay) {
  Written written = write(makeModel("a = Gemm <transB = 1> (x, w)\n"
                                    "b = Gemm <transB = 1> (x, w)\n"
                                    "y = Add (a, b)"),
                          {weights("a", 0)});
  ASSERT_EQ(written.model.fields.size(), 5u);
  EXPECT_EQ(written.model.fields[0].kind, ModelFieldKind::Values);
  EXPECT_EQ(written.tensors.at("w").raw_data(), std::string(24, '\1'));
}

TEST(QuantizedModel, TakenNamesAreAvoided) {
  onnx::ModelProto model = makeModel("w_quantized = Relu (x)\n"
                                     "y = Gemm <transB = 1> (w_quantized, w)");
  Written written = write(model, {activation("y"), weights("y", 0)});
  EXPECT_EQ(written.tensors.count("w_quantized_1"), 1u);
}

TEST(QuantizedModel, IsInEvaluationForm) {
  onnx::ModelProto model =
      makeModel("a = Gemm <transB = 1> (x, w)\n"
                "n, mean, variance = BatchNormalization <training_mode = 1>"
                " (a, v, v, v, v)\n"
                "r = Constant <value = float {0.25}> ()\n"
                "t = Constant <value = bool {1}> ()\n"
                "y = Dropout (n, r, t)");
  addWeights(model, "v", {2});
  Diagnostics diagnostics("test.onnx");
  auto loaded = Model::create(model, "test.onnx", diagnostics);
  ASSERT_TRUE(loaded) << diagnostics.getFirstError();
  QuantizedModel made = makeQuantizedModel(*loaded, {weights("a", 0)}, {});
  EXPECT_THAT(made.problem, HasSubstr("no values of weights 'w'"));
  llvm::StringSet<> variables;
  variables.insert("w");
  made = makeQuantizedModel(*loaded, {weights("a", 0)}, variables);
  EXPECT_EQ(made.problem, "");
  EXPECT_EQ(made.bytes.find("training_mode"), std::string::npos);
  EXPECT_EQ(made.bytes.find("variance"), std::string::npos);
}

TEST(QuantizedModel, OlderModelsAreRaisedWhereAllOperatorsStayTheSame) {
  Written written = write(makeModel("d = Dropout <ratio = 0.25> (x)\n"
                                    "t = Transpose <perm = [1, 0]> (w)\n"
                                    "y = MatMul (d, t)",
                                    9),
                          {activation("y"), weights("y", 0)});
  EXPECT_EQ(written.model.problem, "");
  EXPECT_EQ(written.opset, 13);
}

TEST(QuantizedModel, SaysWhyThereIsNone) {
  EXPECT_THAT(
      write(makeModel("s = Softmax (x)\ny = Gemm <transB = 1> (s, w)", 11),
            {weights("y", 0)})
          .model.problem,
      HasSubstr("has opset 11, where tensors cannot be quantized by channels, "
                "and Softmax is another operator in later ones; export it with "
                "opset 13 or later"));
  EXPECT_THAT(
      write(makeModel("y = Gemm <transB = 1> (x, w)"), {weights("other", 0)})
          .model.problem,
      HasSubstr("has no contractions called 'other'"));
  EXPECT_THAT(write(makeModel("s = Neg (w)\ny = Gemm <transB = 1> (x, s)"),
                    {activation("y"), {"y", 1, 1, "y.weight", true, "", 0}})
                  .model.problem,
              HasSubstr("computes the weights of node 'y'"));
}

} // namespace
