//===- ImportTest.cpp - Rules of the import ------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace frac::frontend;
using testing::HasSubstr;
using testing::Not;

static const std::string header =
    "<ir_version: 7, opset_import: [\"\" : 14]>\n";

namespace {

TEST(Import, BatchIsTheOnlyDynamicDimension) {
  Imported result = import(parseModel(
      header + "g (float[N, 3] x) => (float[N, 3] y) { y = Relu (x) }"));
  EXPECT_EQ(result.report, "");
  EXPECT_THAT(result.module,
              HasSubstr("func.func @forward(%arg0: tensor<?x3xf32> {onnx.name "
                        "= \"x\"}) -> (tensor<?x3xf32> {onnx.name = \"y\"})"));

  result = import(parseModel(
      header + "g (float[N, S] x) => (float[N, S] y) { y = Relu (x) }"));
  EXPECT_THAT(result.report, HasSubstr("input 'x': dimension 1 is the variable "
                                       "'S', but only the first"));
}

TEST(Import, ExportedBatchBecomesAVariable) {
  onnx::ModelProto model =
      parseModel(header + "g (float[4, 2, 3] x) => (float[4, 6] y) {\n"
                          "  s = Constant <value_ints = [4, -1]> ()\n"
                          "  y = Reshape (x, s)\n}");
  Imported result = import(model);
  EXPECT_EQ(result.report, "");
  EXPECT_THAT(result.module, HasSubstr("tensor<?x2x3xf32> -> tensor<?x6xf32>"));

  ImportOptions asExported;
  asExported.dynamicBatch = false;
  EXPECT_THAT(import(model, asExported).module,
              HasSubstr("tensor<4x2x3xf32> -> tensor<4x6xf32>"));
}

TEST(Import, ExportedBatchOfOneIsNotFoldedIntoAnOpenDimension) {
  Imported result =
      import(parseModel(header + "g (float[1, 2, 3] x) => (float[1, 6] y) {\n"
                                 "  s = Constant <value_ints = [1, -1]> ()\n"
                                 "  y = Reshape (x, s)\n}"));
  EXPECT_THAT(result.module, HasSubstr("tensor<?x2x3xf32> -> tensor<?x6xf32>"));
}

TEST(Import, ExportedBatchStaysInPlaceWhereItIsNotFirst) {
  Imported result = import(
      parseModel(header + "g (float[1, 7, 32] x) => (float[7, 4, 8] y) {\n"
                          "  t = Transpose <perm = [1, 0, 2]> (x)\n"
                          "  s = Constant <value_ints = [7, 4, 8]> ()\n"
                          "  y = Reshape (t, s)\n}"));
  EXPECT_EQ(result.report, "");
  EXPECT_THAT(result.module,
              HasSubstr("tensor<7x?x32xf32> -> tensor<7x?x8xf32>"));
}

TEST(Import, ExportedBatchMergesWithTheDimensionBeforeIt) {
  Imported result = import(
      parseModel(header + "g (float[1, 7, 32] x) => (float[7, 1, 32] y) {\n"
                          "  t = Transpose <perm = [1, 0, 2]> (x)\n"
                          "  r = Constant <value_ints = [7, 32]> ()\n"
                          "  m = Reshape (t, r)\n"
                          "  s = Constant <value_ints = [7, 1, 32]> ()\n"
                          "  y = Reshape (m, s)\n}"));
  EXPECT_EQ(result.report, "");
  EXPECT_THAT(result.module,
              HasSubstr("tensor<7x?x32xf32> -> tensor<?x32xf32>"));
  EXPECT_THAT(result.module,
              HasSubstr("tensor<?x32xf32> -> tensor<7x?x32xf32>"));
}

TEST(Import, OpenDimensionTakesTheBatch) {
  Imported result = import(
      parseModel(header + "g (float[1, 784] x) => (float[1, 1, 28, 28] y) {\n"
                          "  s = Constant <value_ints = [-1, 1, 28, 28]> ()\n"
                          "  y = Reshape (x, s)\n}"));
  EXPECT_THAT(result.module,
              HasSubstr("tensor<?x784xf32> -> tensor<?x1x28x28xf32>"));
}

TEST(Import, ConstantRepeatedForTheExportedBatchJoinsTheBatch) {
  for (const char *batch : {"1", "2"}) {
    std::string b = batch;
    onnx::ModelProto model =
        parseModel(header + "g (float[" + b + ", 3, 4] x) => (float[" + b +
                   ", 4, 4] y) {\n  s = Constant <value_ints = [" + b +
                   ", 1, 4]> ()\n  c = Expand (token, s)\n"
                   "  y = Concat <axis = 1> (c, x)\n}");
    addWeights(model, "token", {1, 1, 4});
    Imported result = import(model);
    EXPECT_EQ(result.report, "");
    EXPECT_THAT(result.module,
                HasSubstr("tensor<1x1x4xf32> -> tensor<?x1x4xf32>"));
  }
}

TEST(Import, ExtentsCompareWhereEveryBatchAgrees) {
  // The target shape that PyTorch makes for x.expand(-1, 5).
  Imported result = import(parseModel(
      header + "g (float[N, 1] x) => (float[N, 5] y) {\n"
               "  s = Shape (x)\n  t = Constant <value_ints = [-1, 5]> ()\n"
               "  m = Constant <value_ints = [-1, -1]> ()\n"
               "  c = Equal (t, m)\n  e = Where (c, s, t)\n"
               "  y = Expand (x, e)\n}"));
  EXPECT_EQ(result.report, "");
  EXPECT_THAT(result.module, HasSubstr("tensor<?x1xf32> -> tensor<?x5xf32>"));

  result = import(parseModel(
      header + "g (float[N, 1] x) => (float[N, 1] y) {\n"
               "  s = Shape (x)\n  m = Constant <value_ints = [-1, -1]> ()\n"
               "  one = Constant <value_ints = [1, 1]> ()\n"
               "  c = Equal (s, m)\n  e = Where (c, one, s)\n"
               "  y = Expand (x, e)\n}"));
  EXPECT_EQ(result.report, "");
}

TEST(Import, BroadcastsAsOpset6Says) {
  onnx::ModelProto model =
      parseModel("<ir_version: 3, opset_import: [\"\" : 6]>\n"
                 "g (float[N, 2, 4] x, float[2] w) => (float[N, 2, 4] y) {\n"
                 "  y = Add <axis = 1, broadcast = 1> (x, w)\n}");
  addWeights(model, "w", {2});
  Imported result = import(model);
  EXPECT_EQ(result.report, "");
  EXPECT_THAT(result.module, HasSubstr("tensor<2x1xf32> -> tensor<?x2x4xf32>"));
}

TEST(Import, ShapeArithmeticVanishes) {
  Imported result = import(
      parseModel(header + "g (float[N, 4, 6] x) => (float[M, 3, 2] y) {\n"
                          "  s = Shape (x)\n"
                          "  zero = Constant <value_int = 0> ()\n"
                          "  two = Constant <value_ints = [2]> ()\n"
                          "  axis = Constant <value_ints = [0]> ()\n"
                          "  n = Gather (s, zero)\n"
                          "  n1 = Unsqueeze (n, axis)\n"
                          "  four = Constant <value_ints = [4]> ()\n"
                          "  m = Mul (n1, four)\n"
                          "  three = Constant <value_ints = [3]> ()\n"
                          "  t = Concat <axis = 0> (m, three, two)\n"
                          "  y = Reshape (x, t)\n}"));
  EXPECT_EQ(result.report, "");
  EXPECT_THAT(result.module,
              HasSubstr("nn.reshape %arg0 : tensor<?x4x6xf32> -> "
                        "tensor<?x3x2xf32>"));
  EXPECT_THAT(result.module, Not(HasSubstr("arith.")));
  EXPECT_THAT(result.module, Not(HasSubstr("tensor.dim")));
}

TEST(Import, ShapeAsAnOutputIsComputed) {
  Imported result = import(parseModel(
      header + "g (float[N, 4] x) => (int64[2] y) { y = Shape (x) }"));
  EXPECT_EQ(result.report, "");
  EXPECT_THAT(result.module, HasSubstr("tensor.from_elements"));
}

TEST(Import, NamesEverythingUnsupportedAtOnce) {
  Imported result = import(
      parseModel(header + "g (float[N, 3] x) => (float[N, 3] y) {\n"
                          "  a = Foo (x)\n  b = Bar (a)\n  c = Foo (b)\n"
                          "  d = Relu <slope = 1> (x)\n  y = Add (c, d)\n}"));
  EXPECT_EQ(result.module, "");
  EXPECT_THAT(result.report,
              HasSubstr("test.onnx: error: node 'a' (Foo): the operator is not "
                        "supported"));
  EXPECT_THAT(result.report, HasSubstr("(also 'c')"));
  EXPECT_THAT(result.report, HasSubstr("error: node 'b' (Bar): "));
  EXPECT_THAT(result.report, HasSubstr("error: node 'd' (Relu): attribute "
                                       "'slope' is not supported"));
  EXPECT_THAT(result.report, Not(HasSubstr("(Add)")));
}

TEST(Import, VariablesHaveRoles) {
  onnx::ModelProto model = parseModel(
      header + "g (float[N, 2, 3, 3] x) => (float[N, 2, 3, 3] y) {\n"
               "  c = Conv (x, w)\n"
               "  y = BatchNormalization (c, scale, bias, mean, var)\n}");
  addWeights(model, "w", {2, 2, 1, 1});
  for (const char *name : {"scale", "bias", "mean", "var", "unused"})
    addWeights(model, name, {2});
  ImportOptions options;
  options.frozen = "^scale$";
  Imported result = import(model, options);
  EXPECT_EQ(result.report, "");
  auto hasRole = [](const std::string &name, const std::string &role) {
    return testing::ContainsRegex("@" + name + "\\(.*\"" + role + "\"");
  };
  EXPECT_THAT(result.module, hasRole("w", "parameter"));
  EXPECT_THAT(result.module, hasRole("scale", "frozen"));
  EXPECT_THAT(result.module, hasRole("mean", "state"));
  EXPECT_THAT(result.module, hasRole("var", "state"));
  EXPECT_THAT(result.module, Not(HasSubstr("unused")));

  options.frozen = "(";
  EXPECT_THAT(import(model, options).report,
              HasSubstr("frozen: '(' is no regular expression"));
}

TEST(Import, TiedWeightsAreOneVariable) {
  onnx::ModelProto model =
      parseModel(header + "g (float[N, 3] x) => (float[N, 3] y) {\n"
                          "  a = MatMul (x, w)\n  t = Identity (w)\n"
                          "  y = MatMul (a, t)\n}");
  addWeights(model, "w", {3, 3});
  std::string text = import(model).module;
  size_t first = text.find("ml_program.global_load");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(text.find("ml_program.global_load", first + 1), std::string::npos);
}

TEST(Import, BatchedMatrixTimesMatrixIsOneProduct) {
  onnx::ModelProto model = parseModel(
      header + "g (float[N, 5, 3] x) => (float[N, 5, 2] y) { y = MatMul (x, w) "
               "}");
  addWeights(model, "w", {3, 2});
  EXPECT_THAT(import(model).module,
              HasSubstr("tensor<?x3xf32>, tensor<3x2xf32> -> tensor<?x2xf32>"));
}

TEST(Import, SaysThatTheModelEndsInSoftmax) {
  EXPECT_THAT(import(parseModel(header + "g (float[N, 3] x) => (float[N, 3] y) "
                                         "{ y = Softmax (x) }"))
                  .module,
              HasSubstr("frac.ends_in_softmax"));
}

/// A function of domain "d" with the body y = LeakyRelu(-x).
static onnx::FunctionProto &addFunction(onnx::ModelProto &model) {
  model.set_ir_version(8);
  onnx::OperatorSetIdProto &domain = *model.add_opset_import();
  domain.set_domain("d");
  domain.set_version(1);
  onnx::FunctionProto &function = *model.add_functions();
  function.set_name("F");
  function.set_domain("d");
  function.add_input("a");
  function.add_output("b");
  function.add_attribute("slope");
  function.add_opset_import()->set_version(14);
  onnx::NodeProto &neg = *function.add_node();
  neg.set_op_type("Neg");
  neg.add_input("a");
  neg.add_output("t");
  onnx::NodeProto &relu = *function.add_node();
  relu.set_op_type("LeakyRelu");
  relu.add_input("t");
  relu.add_output("b");
  onnx::AttributeProto &alpha = *relu.add_attribute();
  alpha.set_name("alpha");
  alpha.set_type(onnx::AttributeProto::FLOAT);
  alpha.set_ref_attr_name("slope");
  return function;
}

TEST(Import, InlinesFunctions) {
  onnx::ModelProto model =
      parseModel(header + "g (float[N, 3] x) => (float[N, 3] y) {\n"
                          "  u = F <slope = 0.25> (x)\n  y = F (u)\n}");
  for (onnx::NodeProto &node : *model.mutable_graph()->mutable_node())
    node.set_domain("d");
  onnx::FunctionProto &function = addFunction(model);
  Imported result = import(model);
  EXPECT_EQ(result.report, "");
  EXPECT_THAT(result.module, HasSubstr("alpha = 2.500000e-01"));
  EXPECT_THAT(result.module, HasSubstr("alpha = 0.00999999977"));

  // A function that calls itself.
  function.mutable_node(0)->set_op_type("F");
  function.mutable_node(0)->set_domain("d");
  EXPECT_THAT(import(model).report, HasSubstr("nested too deeply"));
}

TEST(Import, UnfoldsBatchNormalization) {
  onnx::ModelProto model =
      parseModel(header + "g (float[N, 2, 3, 3] x) => (float[N, 2, 3, 3] y) {\n"
                          "  c = Conv (x, weight, bias)\n"
                          "  r = Relu (c)\n  y = Conv (r, last)\n}");
  model.mutable_graph()->mutable_node(0)->set_input(1, "conv.weight");
  model.mutable_graph()->mutable_node(0)->set_input(2, "conv.bias");
  model.mutable_graph()->mutable_node(2)->set_input(1, "last.weight");
  addWeights(model, "conv.weight", {2, 2, 1, 1});
  addWeights(model, "conv.bias", {2});
  addWeights(model, "last.weight", {2, 2, 1, 1});
  Imported result = import(model, ImportOptions(), /*unfold=*/true);
  EXPECT_EQ(result.report, "");
  EXPECT_THAT(result.module, HasSubstr("@conv.bn.bias(dense<[5.000000e-01, "
                                       "1.000000e+00]>"));
  EXPECT_THAT(result.module, HasSubstr("@conv.bn.weight(dense<1.000000e+00>"));
  EXPECT_THAT(result.module, HasSubstr("@conv.bn.running_var"));
  EXPECT_THAT(result.module, HasSubstr("nn.batch_norm"));
  EXPECT_THAT(result.module, Not(HasSubstr("@conv.bias")));
  EXPECT_THAT(result.module, Not(HasSubstr("last.bn")));
}

} // namespace
