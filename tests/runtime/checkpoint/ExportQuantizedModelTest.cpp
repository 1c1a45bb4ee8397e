//===- ExportQuantizedModelTest.cpp - The trained model, quantized --------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/ExportQuantizedModel.h"
#include "runtime/checkpoint/ExportModel.h"
#include "tests/runtime/support/ErrorText.h"
#include "tests/runtime/support/LinearProgram.h"
#include "tests/runtime/support/TempFolder.h"

#include <cstring>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace frac;
using namespace frac::test;
using Json = nlohmann::json;

namespace {
LinearShape quantized() {
  LinearShape shape;
  shape.quantized = true;
  return shape;
}

Json field(const char *write, uint64_t place, int symbol) {
  return {{"write", write}, {"place", place}, {"symbol", symbol}};
}

Json weightField(const char *write, uint64_t place) {
  Json json = field(write, place, 1);
  json["variable"] = "weight";
  json["dimension"] = 0;
  return json;
}

/// A program whose last 12 bytes of model stand for the quantized one.
class QuantizedExport : public testing::Test {
protected:
  QuantizedExport() {
    Json json = Json::parse(linear.metadata);
    // Ranges lie in the memory of the slots, which nothing here uses.
    uint64_t place = json["variables"][3]["offset"];
    for (const char *end : {"range_low", "range_extent"}) {
      json["variables"].push_back(
          {{"name", std::string("linear.activation/") + end},
           {"role", "state"},
           {"shape", Json::array()},
           {"offset", place},
           {"bytes", 4}});
      place += FRAC_ALIGNMENT;
    }
    size = linear.code().model_size;
    json["model_bytes"] = size - 12;
    json["variables"][2]["model_offset"] = -1;
    json["quantized_model"] = {
        {"offset", size - 12},
        {"bytes", 12},
        {"fields",
         {weightField("weight_integers", 1),
          weightField("weight_scale", 2),
          weightField("weight_zero_point", 2),
          weightField("weight_low", 4),
          field("activation_scale", 5, 0),
          field("activation_low", 6, 0),
          field("activation_extent", 7, 0),
          {{"write", "values"}, {"place", 12}, {"variable", "bias"}}}}};
    good = json;
    use(json);
  }

  void use(const Json &json) {
    linear.metadata = json.dump();
    linear.refresh();
    program = loadProgram(linear.code());
  }

  /// A program with a range of activations from -1 to 2.
  std::unique_ptr<Runner> makeRunner() {
    auto runner = std::make_unique<Runner>(program, Runner::Mode::Train, 1);
    *runner->values(program.variables[7]) = -1;
    *runner->values(program.variables[8]) = 3;
    return runner;
  }

  LinearProgram linear{quantized()};
  Program program;
  Json good;
  uint64_t size = 0;
  RoleWidths widths{2, 4, 8};
  TempFolder folder;
};

/// Reads values one after the other.
class Cursor {
public:
  explicit Cursor(const std::vector<unsigned char> &bytes) : bytes(bytes) {}

  template <typename T>
  T next() {
    T value{};
    if (at + sizeof value <= bytes.size())
      std::memcpy(&value, bytes.data() + at, sizeof value);
    at += sizeof value;
    return value;
  }
  void skip(size_t count) { at += count; }
  size_t position() const { return at; }

private:
  const std::vector<unsigned char> &bytes;
  size_t at = 0;
};
} // namespace

TEST_F(QuantizedExport, WritesEveryField) {
  auto runner = makeRunner();
  exportQuantizedModel(folder.path("q.onnx"), *runner, widths);
  std::vector<unsigned char> bytes = folder.read("q.onnx");
  ASSERT_EQ(bytes.size(), 12u + 48 + 12 + 3 + 12 + 3 * 4 + 12);
  const unsigned char *rest = linear.code().model + size - 12;
  Cursor in(bytes);
  EXPECT_EQ(in.next<unsigned char>(), rest[0]);
  // The weights are -0.03 to 0.03 in steps of 0.01: 15 levels in 0.06.
  EXPECT_EQ(in.next<int8_t>(), -8);
  EXPECT_EQ(in.next<int8_t>(), -6) << "2.5 to even";
  in.skip(46);
  EXPECT_EQ(in.next<unsigned char>(), rest[1]);
  for (int i = 0; i < 3; ++i)
    EXPECT_NEAR(in.next<float>(), 0.06f / 15, 1e-9);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(in.next<int8_t>(), -8);
  in.skip(2);
  for (int i = 0; i < 3; ++i)
    EXPECT_NEAR(in.next<float>(), -0.03f, 1e-9);
  in.skip(1);
  EXPECT_EQ(in.next<float>(), 1);
  in.skip(1);
  EXPECT_EQ(in.next<float>(), -1);
  in.skip(1);
  EXPECT_EQ(in.next<float>(), 3);
  EXPECT_EQ(std::memcmp(bytes.data() + in.position(), rest + 7, 5), 0);
  in.skip(5);
  EXPECT_EQ(in.next<float>(), 0.125f);
}

TEST_F(QuantizedExport, IsNoPartOfTheOtherExport) {
  auto runner = makeRunner();
  exportModel(folder.path("m.onnx"), *runner);
  EXPECT_EQ(folder.read("m.onnx").size(), size - 12);
}

TEST_F(QuantizedExport, SaysWhatIsMissing) {
  auto runner = makeRunner();
  std::string path = folder.path("q.onnx");
  auto complaint = [&] {
    return errorText([&] { exportQuantizedModel(path, *runner, widths); });
  };
  *runner->values(program.variables[8]) = 0;
  EXPECT_TRUE(contains(complaint(), "seen no ranges")) << complaint();
  *runner->values(program.variables[8]) = INFINITY;
  EXPECT_TRUE(contains(complaint(), "is not finite")) << complaint();
  *runner->values(program.variables[8]) = 3;
  widths.weight = 9;
  EXPECT_TRUE(contains(complaint(), "'linear.weight' is evaluated at 9 bits"))
      << complaint();
  EXPECT_TRUE(folder.read("q.onnx").empty());
  EXPECT_TRUE(contains(errorText([&] {
                         exportQuantizedModel(folder.path("no/q.onnx"),
                                              *makeRunner(), {2, 4, 8});
                       }),
                       "no/q.onnx: error: "));

  Json json = good;
  json["quantized_model"] = {{"problem", "has a flaw; mend it"}};
  use(json);
  EXPECT_TRUE(contains(complaint(), "linear.onnx: error: cannot be exported "
                                    "with quantized operands: it has a flaw; "
                                    "mend it, and compile it again"))
      << complaint();
  json.erase("quantized_model");
  use(json);
  EXPECT_TRUE(contains(complaint(), "holds no such model")) << complaint();
}

TEST_F(QuantizedExport, DamagedMetadataIsRefused) {
  auto refuses = [&](const char *pointer, const Json &value) {
    Json json = good;
    json[Json::json_pointer(pointer)] = value;
    std::string text = errorText([&] { use(json); });
    EXPECT_TRUE(contains(text, "metadata is damaged")) << pointer << text;
  };
  refuses("/model_bytes", size + 1);
  refuses("/quantized_model/offset", size - 11);
  refuses("/quantized_model/bytes", 13);
  refuses("/quantized_model/fields/0/place", 3);
  refuses("/quantized_model/fields/7/place", 13);
  refuses("/quantized_model/fields/0/symbol", 4);
  refuses("/quantized_model/fields/0/variable", "none");
  refuses("/quantized_model/fields/0/variable", "weight/gradient");
  refuses("/quantized_model/fields/0/dimension", 2);
  refuses("/quantized_model/fields/0/write", "poem");
  refuses("/quantized_model/fields/4/symbol", 2);
  refuses("/variables/7/shape", Json::array({2}));
  refuses("/quantized_model", 3);
}

TEST(QuantizedExportOfFloat, IsAUsageError) {
  LinearProgram linear;
  Program program = loadProgram(linear.code());
  EXPECT_THROW(checkQuantizedExport(program, {}), UsageError);
}
