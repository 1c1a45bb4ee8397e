//===- LoadTest.cpp - Loading of good, damaged and hostile files ---------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModels.h"

#include "frontends/onnx/Export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/checker.h>

#include <filesystem>
#include <fstream>

using namespace frac::frontend;
using testing::HasSubstr;
namespace fs = std::filesystem;

static const std::string linear =
    "<ir_version: 7, opset_import: [\"\" : 14]>\n"
    "g (float[N, 3] x) => (float[N, 2] y) { y = MatMul (x, w) }";

namespace {

/// A folder of its own for each test.
class Load : public testing::Test {
protected:
  void SetUp() override {
    root = fs::path(testing::TempDir()) /
           (std::string("frac_") +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(root);
    fs::create_directories(root / "model");
  }
  void TearDown() override { fs::remove_all(root); }

  std::string write(const std::string &name, const std::string &bytes) {
    std::string path = (root / name).string();
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  /// Loads a file and returns what was reported.
  std::string load(const std::string &path) {
    Diagnostics diagnostics("test.onnx");
    model = Model::load(path, diagnostics);
    std::string report;
    llvm::raw_string_ostream os(report);
    diagnostics.print(os);
    return report;
  }

  /// Loads a model whose weights lie in another file.
  std::string loadExternal(const std::string &location,
                           const std::string &offset = "0",
                           const std::string &length = "24") {
    onnx::ModelProto proto = parseModel(linear);
    onnx::TensorProto &tensor = addWeights(proto, "w", {3, 2});
    tensor.clear_float_data();
    tensor.set_data_location(onnx::TensorProto::EXTERNAL);
    auto add = [&](const char *key, const std::string &value) {
      onnx::StringStringEntryProto &entry = *tensor.add_external_data();
      entry.set_key(key);
      entry.set_value(value);
    };
    add("location", location);
    add("offset", offset);
    add("length", length);
    return load(write("model/test.onnx", proto.SerializeAsString()));
  }

  fs::path root;
  std::unique_ptr<Model> model;
};

TEST_F(Load, RejectsWhatIsNoModel) {
  EXPECT_THAT(load((root / "missing.onnx").string()),
              HasSubstr("test.onnx: error: cannot read the file"));
  EXPECT_THAT(load(root.string()), HasSubstr("not a regular file"));
  EXPECT_THAT(load(write("a", "hello")), HasSubstr("not an ONNX file"));
  EXPECT_THAT(load(write("b", "")), HasSubstr("holds no graph"));
  std::string bytes = parseModel(linear).SerializeAsString();
  EXPECT_THAT(load(write("c", bytes.substr(0, bytes.size() / 2))),
              HasSubstr("not an ONNX file, or a damaged one"));
}

TEST_F(Load, RejectsVersionsOutOfRange) {
  onnx::ModelProto proto = parseModel(linear);
  addWeights(proto, "w", {3, 2});
  proto.mutable_opset_import(0)->set_version(22);
  EXPECT_THAT(load(write("a", proto.SerializeAsString())),
              HasSubstr("opset 22 is not supported; export the model with an "
                        "opset from 6 to 21"));
  proto.mutable_opset_import(0)->set_version(14);
  proto.set_ir_version(11);
  EXPECT_THAT(load(write("b", proto.SerializeAsString())),
              HasSubstr("IR version 11 is not supported"));
}

TEST_F(Load, RejectsInitializersThatDoNotFit) {
  onnx::ModelProto proto = parseModel(linear);
  onnx::TensorProto &tensor = addWeights(proto, "w", {3, 2});
  tensor.add_float_data(1);
  EXPECT_THAT(load(write("a", proto.SerializeAsString())),
              HasSubstr("initializer 'w' has 7 values instead of 6"));
  tensor.clear_float_data();
  tensor.set_raw_data("abc");
  EXPECT_THAT(load(write("b", proto.SerializeAsString())),
              HasSubstr("initializer 'w' has 3 bytes of data instead of 24"));
  tensor.set_dims(0, int64_t(1) << 62);
  EXPECT_THAT(load(write("c", proto.SerializeAsString())),
              HasSubstr("negative or too large"));
  tensor.set_dims(0, -3);
  EXPECT_THAT(load(write("d", proto.SerializeAsString())),
              HasSubstr("negative or too large"));
}

TEST_F(Load, ReadsExternalDataInTheFolder) {
  std::string bytes(32, '\0');
  write("model/weights.bin", bytes);
  EXPECT_EQ(loadExternal("weights.bin", "8"), "");
  ASSERT_TRUE(model);
  EXPECT_EQ(model->getProto().graph().initializer(0).raw_data().size(), 24u);
}

TEST_F(Load, RejectsExternalDataElsewhere) {
  std::string outside = write("secret.bin", std::string(32, 'x'));
  fs::create_symlink("../secret.bin", root / "model" / "link.bin");
  EXPECT_THAT(loadExternal(outside), HasSubstr("not a path inside"));
  EXPECT_THAT(loadExternal("../secret.bin"), HasSubstr("not a path inside"));
  EXPECT_THAT(loadExternal("sub/../../secret.bin"),
              HasSubstr("not a path inside"));
  EXPECT_THAT(loadExternal("link.bin"),
              HasSubstr("leads out of the model's folder"));
  EXPECT_THAT(loadExternal(""), HasSubstr("not a path inside"));
  EXPECT_THAT(loadExternal("missing.bin"), HasSubstr("cannot be read"));
  write("model/weights.bin", std::string(24, '\0'));
  EXPECT_THAT(loadExternal("weights.bin", "8"), HasSubstr("beyond the end"));
  EXPECT_THAT(loadExternal("weights.bin", "18446744073709551615"),
              HasSubstr("beyond the end"));
  EXPECT_THAT(loadExternal("weights.bin", "-1"), HasSubstr("is no number"));
  EXPECT_THAT(loadExternal("weights.bin", "0", "25"),
              HasSubstr("25 bytes instead of 24"));
}

TEST_F(Load, SurvivesDamage) {
  onnx::ModelProto proto = parseModel(linear);
  addWeights(proto, "w", {3, 2});
  std::string bytes = proto.SerializeAsString();
  for (size_t i = 0; i != bytes.size(); ++i)
    for (int bit : {0, 3, 7}) {
      std::string damaged = bytes;
      damaged[i] ^= 1 << bit;
      onnx::ModelProto parsed;
      if (parsed.ParseFromString(damaged)) {
        Imported result = import(std::move(parsed));
        EXPECT_NE(result.module.empty(), result.report.empty());
      }
    }
}

TEST_F(Load, ExportedModelIsValidAndSpliceable) {
  onnx::ModelProto proto =
      parseModel("<ir_version: 7, opset_import: [\"\" : 14]>\n"
                 "g (float[N, 2, 3, 3] x) => (float[N, 2, 3, 3] y) {\n"
                 "  c = Conv (x, weight, bias)\n  y = Relu (c)\n}");
  addWeights(proto, "weight", {2, 2, 1, 1});
  addWeights(proto, "bias", {2});
  for (bool unfold : {false, true}) {
    Diagnostics diagnostics("test.onnx");
    auto made = Model::create(proto, "test.onnx", diagnostics);
    ASSERT_TRUE(made);
    if (unfold)
      unfoldBatchNorm(*made, diagnostics);
    std::string bytes;
    llvm::raw_string_ostream os(bytes);
    llvm::StringMap<int64_t> offsets;
    ASSERT_TRUE(writeModel(*made, os, offsets, diagnostics));
    os.flush();
    EXPECT_FALSE(diagnostics.hasErrors());

    std::string place = unfold ? "c.bn.bias" : "bias";
    ASSERT_TRUE(offsets.count(place));
    EXPECT_EQ(offsets.size(), unfold ? 5u : 2u);
    float trained[2] = {-7, 8};
    std::copy_n(reinterpret_cast<const char *>(trained), sizeof(trained),
                bytes.begin() + offsets[place]);
    onnx::ModelProto written;
    ASSERT_TRUE(written.ParseFromString(bytes));
    EXPECT_NO_THROW(onnx::checker::check_model(written));
    for (const onnx::TensorProto &tensor : written.graph().initializer())
      if (tensor.name() == place) {
        EXPECT_EQ(tensor.raw_data(),
                  std::string(reinterpret_cast<const char *>(trained),
                              sizeof(trained)));
      }
  }
}

} // namespace
