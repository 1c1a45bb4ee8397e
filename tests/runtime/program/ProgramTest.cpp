//===- ProgramTest.cpp - A program's metadata -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/program/Program.h"
#include "tests/runtime/support/ErrorText.h"
#include "tests/runtime/support/LinearProgram.h"

#include <functional>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace frac;
using namespace frac::test;
using Json = nlohmann::json;

TEST(Program, Reads) {
  LinearProgram linear;
  Program program = loadProgram(linear.code());
  EXPECT_EQ(program.model, "linear.onnx");
  EXPECT_EQ(program.batch, 8);
  EXPECT_EQ(program.data.classes, 3);
  EXPECT_EQ(program.data.inputs[0].shape, (std::vector<int64_t>{1, 4, 4}));
  EXPECT_EQ(program.data.target.type, ElementType::I64);
  EXPECT_TRUE(program.data.target.shape.empty());
  ASSERT_EQ(program.variables.size(), 7u);
  EXPECT_EQ(program.variables[3].of, "weight");
  EXPECT_TRUE(program.has(VariableRole::Slot));
  EXPECT_FALSE(program.has(VariableRole::Frozen));
}

TEST(Program, ReadsSymbols) {
  LinearShape shape;
  shape.quantized = true;
  LinearProgram linear(shape);
  Program program = loadProgram(linear.code());
  ASSERT_EQ(program.symbols.size(), 4u);
  EXPECT_EQ(program.symbols[0].name, "linear.activation");
  EXPECT_EQ(program.symbols[1].role, SymbolRole::Weight);
  EXPECT_EQ(program.symbols[2].maxBits, 16);
  EXPECT_EQ(program.symbols[3].fixed, 16);
  ASSERT_EQ(program.operations.size(), 3u);
  EXPECT_EQ(program.operations[1].rhs, 2);
  EXPECT_EQ(program.operations[2].lhs, -1);
  PassCounts counts;
  for (const char *pass : {"forward", "error", "weight_gradient"})
    ++*countOf(counts, pass);
  EXPECT_EQ(counts.forward + counts.error + counts.weightGradient, 3);
  EXPECT_EQ(countOf(counts, "sideways"), nullptr);
}

TEST(Program, RefusesDamagedSymbols) {
  LinearShape shape;
  shape.quantized = true;
  LinearProgram linear(shape);
  Json good = Json::parse(linear.metadata);
  const std::function<void(Json &)> changes[] = {
      [](Json &json) { json["symbols"][0]["role"] = "bias"; },
      [](Json &json) { json["symbols"][0]["max_bits"] = 32; },
      [](Json &json) { json["symbols"][0]["max_bits"] = 1; },
      [](Json &json) { json["symbols"][0].erase("max_bits"); },
      [](Json &json) { json["symbols"][3]["fixed"] = 17; },
      [](Json &json) { json["symbols"][3]["fixed"] = -1; },
      [](Json &json) { json["operations"][0]["lhs"] = 4; },
      [](Json &json) { json["operations"][0]["rhs"] = -2; },
  };
  for (const auto &change : changes) {
    Json json = good;
    change(json);
    linear.metadata = json.dump();
    linear.refresh();
    EXPECT_TRUE(contains(errorText([&] { loadProgram(linear.code()); }),
                         "program: error: its metadata is damaged"))
        << json.dump();
  }
}

TEST(Program, RefusesWhatIsDamaged) {
  LinearProgram linear;
  std::string good = linear.metadata;
  auto text = [&](const std::function<void(Json &)> &change) {
    Json json = Json::parse(good);
    change(json);
    linear.metadata = json.dump();
    linear.refresh();
    return errorText([&] { loadProgram(linear.code()); });
  };
  EXPECT_EQ(text([](Json &) {}), "no error");
  EXPECT_EQ(text([](Json &json) { json["unknown"] = 1; }), "no error");
  const std::function<void(Json &)> changes[] = {
      [](Json &json) { json.erase("inputs"); },
      [](Json &json) { json["inputs"] = Json::array(); },
      [](Json &json) {
        json["inputs"][0]["shape"] = {1, 4, 4};
      },
      [](Json &json) {
        json["inputs"][0]["shape"] = {-1, 0};
      },
      [](Json &json) { json["inputs"][0]["dtype"] = "f16"; },
      [](Json &json) { json["batch"] = 0; },
      [](Json &json) { json["batch"] = "many"; },
      [](Json &json) { json["state_bytes"] = 64; },
      [](Json &json) { json["variables"][0]["role"] = "king"; },
      [](Json &json) { json["variables"][0]["offset"] = 4; },
      [](Json &json) { json["variables"][0]["offset"] = 1 << 20; },
      [](Json &json) { json["variables"][0]["bytes"] = 8; },
      [](Json &json) {
        json["variables"][0]["shape"] = {-3, -16};
      },
      [](Json &json) { json["variables"][0]["model_offset"] = 1 << 20; },
      [](Json &json) { json["workspace_bytes"].erase("step"); },
  };
  for (const auto &change : changes)
    EXPECT_TRUE(contains(text(change), "program: error: its metadata is "
                                       "damaged"));
  linear.metadata = "{";
  linear.refresh();
  EXPECT_TRUE(contains(errorText([&] { loadProgram(linear.code()); }),
                       "its metadata is damaged"));
  frac_program other = linear.code();
  other.abi_version = 77;
  EXPECT_TRUE(
      contains(errorText([&] { loadProgram(other); }), "interface version 77"));
}
