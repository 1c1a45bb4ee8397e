//===- WeightsTest.cpp - Weights in and out -------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/Checkpoint.h"
#include "runtime/checkpoint/ExportModel.h"
#include "runtime/checkpoint/InitialWeights.h"
#include "runtime/checkpoint/OnnxWeights.h"
#include "tests/runtime/support/ErrorText.h"
#include "tests/runtime/support/LinearProgram.h"
#include "tests/runtime/support/Mutate.h"
#include "tests/runtime/support/TempFolder.h"

#include <cstring>
#include <gtest/gtest.h>

using namespace frac;
using namespace frac::test;

namespace {
class Weights : public testing::Test {
protected:
  /// Other values in every variable.
  void change() {
    for (const Variable &variable : program.variables)
      if (variable.role != VariableRole::Gradient)
        for (uint64_t i = 0; i < variable.bytes / 4; ++i)
          runner.values(variable)[i] =
              static_cast<float>(i) + static_cast<float>(variable.offset);
  }

  LinearProgram linear;
  Program program = loadProgram(linear.code());
  Runner runner{program, Runner::Mode::Train, 1};
  TempFolder folder;
};
} // namespace

TEST_F(Weights, ExportPatchesTheModel) {
  std::string path = folder.path("m.onnx");
  exportModel(path, runner);
  const frac_program &code = linear.code();
  EXPECT_EQ(
      folder.read("m.onnx"),
      std::vector<unsigned char>(code.model, code.model + code.model_size));
  change();
  exportModel(path, runner);
  std::vector<NamedTensor> tensors = readOnnxWeights(path);
  ASSERT_EQ(tensors.size(), 3u);
  EXPECT_EQ(tensors[0].name, "weight");
  EXPECT_EQ(tensors[0].shape, (std::vector<int64_t>{3, 16}));
  for (size_t i = 0; i < 3; ++i)
    EXPECT_EQ(std::memcmp(tensors[i].values.data(),
                          runner.values(program.variables[i]),
                          program.variables[i].bytes),
              0);
}

TEST_F(Weights, InitFromModelAndFromCheckpoint) {
  change();
  exportModel(folder.path("m.onnx"), runner);
  writeCheckpoint(folder.path("c"), program, {}, {}, 1, runner.state());
  for (const char *name : {"m.onnx", "c"}) {
    Runner fresh(program, Runner::Mode::Train, 1);
    InitialWeights found = loadInitialWeights(folder.path(name), fresh);
    EXPECT_EQ(found.loaded, 3);
    EXPECT_EQ(found.missing, 0);
    for (const Variable &variable : program.variables) {
      if (variable.role == VariableRole::Gradient)
        continue;
      // Slots are no weights: they keep their zeros.
      bool same = std::memcmp(fresh.values(variable), runner.values(variable),
                              variable.bytes) == 0;
      EXPECT_EQ(same, variable.role != VariableRole::Slot) << variable.name;
    }
  }
}

TEST_F(Weights, InitSaysWhatDoesNotFit) {
  LinearShape shape;
  shape.classes = 4;
  {
    LinearProgram other(shape);
    Program otherProgram = loadProgram(other.code());
    Runner otherRunner(otherProgram, Runner::Mode::Train, 1);
    exportModel(folder.path("other.onnx"), otherRunner);
  }
  EXPECT_TRUE(contains(
      errorText([&] { loadInitialWeights(folder.path("other.onnx"), runner); }),
      "'weight' has shape 4x16, but the program's has 3x16"));
  folder.write("empty.onnx", {7 << 3 | 2, 0});
  EXPECT_TRUE(contains(
      errorText([&] { loadInitialWeights(folder.path("empty.onnx"), runner); }),
      "holds none of the program's parameters"));
  folder.write("text.onnx", {'h', 'e', 'l', 'l', 'o'});
  EXPECT_TRUE(contains(
      errorText([&] { loadInitialWeights(folder.path("text.onnx"), runner); }),
      "is no readable ONNX model"));
}

TEST_F(Weights, ReadsFloatDataInBothForms) {
  // TensorProto {dims: 2 (packed), data_type: 1, float_data: 1, 2, name: "a"}.
  std::vector<unsigned char> packed = {0x0a, 1, 2,    0x10, 1,    0x22,
                                       8,    0, 0,    0x80, 0x3f, 0,
                                       0,    0, 0x40, 0x42, 1,    'a'};
  std::vector<unsigned char> single = {0x08, 2,    0x10, 1,    0x25, 0,
                                       0,    0x80, 0x3f, 0x25, 0,    0,
                                       0,    0x40, 0x42, 1,    'a'};
  for (const auto &tensor : {packed, single}) {
    std::vector<unsigned char> model = {
        0x3a, static_cast<unsigned char>(tensor.size() + 2), 0x2a,
        static_cast<unsigned char>(tensor.size())};
    model.insert(model.end(), tensor.begin(), tensor.end());
    std::vector<NamedTensor> read =
        readOnnxWeights(folder.write("f.onnx", model));
    ASSERT_EQ(read.size(), 1u);
    EXPECT_EQ(read[0].name, "a");
    EXPECT_EQ(read[0].shape, std::vector<int64_t>{2});
    EXPECT_EQ(read[0].values, (std::vector<float>{1, 2}));
  }
}

TEST_F(Weights, DamagedModels) {
  const frac_program &code = linear.code();
  std::vector<unsigned char> model(code.model, code.model + code.model_size);
  int refused = 0;
  for (uint32_t i = 0; i < 3000; ++i) {
    std::string path = folder.write("m.onnx", mutated(model, i));
    try {
      Runner fresh(program, Runner::Mode::Train, 1);
      loadInitialWeights(path, fresh);
    } catch (const Error &error) {
      ASSERT_TRUE(contains(error.what(), path + ": error: ")) << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000);
}
