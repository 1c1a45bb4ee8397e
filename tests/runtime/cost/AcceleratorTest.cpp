//===- AcceleratorTest.cpp - Descriptions of accelerators -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/CostModel.h"
#include "runtime/toml/AcceleratorFile.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace frac;

namespace {
/// A TOML file that is gone afterwards.
class TemporaryToml {
public:
  explicit TemporaryToml(const std::string &text)
      : path(testing::TempDir() + "accelerator-" + std::to_string(getpid()) +
             ".toml") {
    std::ofstream(path) << text;
  }
  ~TemporaryToml() { std::remove(path.c_str()); }

  const std::string path;
};

std::string readText(const std::string &path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string exampleOf(const std::string &name) {
  return std::string(FRAC_ACCELERATORS) + "/bitfusion-" + name + ".toml";
}

/// What is said of the default's file with one text in place of another,
/// without the file's name.
std::string problemWith(const std::string &old,
                        const std::string &replacement) {
  std::string text = readText(exampleOf("e"));
  size_t place = text.find(old);
  EXPECT_NE(place, std::string::npos) << old;
  TemporaryToml file(text.replace(place, old.size(), replacement));
  AcceleratorResult result = loadAccelerator(file.path);
  EXPECT_EQ(result.accelerator.has_value(), result.problems.empty());
  if (result.problems.empty())
    return "";
  std::string problem = result.problems.front();
  EXPECT_EQ(problem.rfind(file.path, 0), 0u) << problem;
  return problem.substr(file.path.size());
}
} // namespace

TEST(Accelerator, TheExamplesAreTheBuiltins) {
  for (const Accelerator &builtin : builtinAccelerators()) {
    AcceleratorResult file = loadAccelerator(exampleOf(builtin.name));
    ASSERT_TRUE(file.accelerator) << file.problems.front();
    EXPECT_EQ(acceleratorJson(*file.accelerator), acceleratorJson(builtin));
    AcceleratorResult named = loadAccelerator(builtin.name);
    ASSERT_TRUE(named.accelerator);
    EXPECT_EQ(acceleratorJson(*named.accelerator), acceleratorJson(builtin));
    AcceleratorResult again = parseAccelerator(acceleratorJson(builtin));
    ASSERT_TRUE(again.accelerator);
    EXPECT_EQ(acceleratorJson(*again.accelerator), acceleratorJson(builtin));
  }
  EXPECT_EQ(loadAccelerator("").accelerator->name, "e");
}

TEST(Accelerator, SumsOfTheDefault) {
  const Accelerator &e = builtinAccelerators().front();
  EXPECT_NEAR(*e.leakageMilliwatts(), 242.862816, 1e-9);
  EXPECT_NEAR(*e.areaSquareMillimetres(), 2.14098641856, 1e-12);
  EXPECT_FALSE(findBuiltinAccelerator("conf16")->areaSquareMillimetres());
}

TEST(Accelerator, Extensions) {
  std::string all = "\n[extensions]\nleakage = true\nobjective = \"edp\"\n"
                    "output_bits = 16\ngroups = false\n";
  TemporaryToml file(readText(exampleOf("e")) + all);
  AcceleratorResult result = loadAccelerator(file.path);
  ASSERT_TRUE(result.accelerator) << result.problems.front();
  EXPECT_EQ(switchedOn(result.accelerator->extensions).text(","),
            "leakage,output_bits,objective");
  AcceleratorResult again =
      parseAccelerator(acceleratorJson(*result.accelerator));
  ASSERT_TRUE(again.accelerator);
  EXPECT_EQ(switchedOn(again.accelerator->extensions).text(","),
            "leakage,output_bits,objective");
  for (const char *wrong :
       {"leakage = 1", "objective = \"time\"", "output_bits = 33",
        "float_bits = 1", "speed = true"}) {
    TemporaryToml broken(readText(exampleOf("e")) + "\n[extensions]\n" + wrong);
    EXPECT_FALSE(loadAccelerator(broken.path).accelerator) << wrong;
  }
}

TEST(Accelerator, NamesTheLimit) {
  EXPECT_EQ(problemWith("bytes = 32768", "bytes = 32767"),
            ": error: input_buffer.bytes = 32767 is not 16 equal banks with "
            "words of 32 bits; give a multiple of 64 bytes, such as 32768");
  EXPECT_EQ(problemWith("bytes = 65536", "bytes = 65536.0"),
            ": error: key 'weight_buffer.bytes' cannot be 65536.0; it takes an "
            "integer from 1 to 1073741824");
  EXPECT_EQ(problemWith("inputs = 16 ", "inputs = 0 "),
            ": error: key 'array.inputs' cannot be 0; it takes an integer from "
            "1 to 65536");
  EXPECT_EQ(problemWith("min_bits = 2", "min_bits = 16"),
            ": error: array.min_bits = 16 is above array.max_bits = 8");
  EXPECT_EQ(problemWith("bits_per_cycle = 192", "bits_per_cycle = \"wide\""),
            ": error: key 'dram.bits_per_cycle' cannot be \"wide\"; it takes "
            "an integer from 1 to 1048576");
  EXPECT_EQ(problemWith("pj_per_cycle = 235.104", "pj_per_cycle = nan"),
            ": error: key 'array.pj_per_cycle' cannot be \"nan\"; it takes a "
            "number from 0 to 1000000000");
  EXPECT_EQ(problemWith("bytes = 16384\n", ""),
            ": error: key 'output_buffer.bytes' is missing; it takes an "
            "integer from 1 to 1073741824");
  EXPECT_EQ(problemWith("name = \"e\"", "").rfind(": error: key 'name' is", 0),
            0u);
  EXPECT_EQ(
      problemWith("[dram]", "[memory]\nsize = 1\n\n[dram]")
          .rfind(": error: unknown key 'memory.size'; known are name,", 0),
      0u);
  EXPECT_EQ(problemWith("leakage_mw = 51.67952", "provenance = \"twice\"")
                .rfind(":", 0),
            0u);
  EXPECT_EQ(problemWith("leakage_mw = 51.67952", ""), "");
  TemporaryToml leaks(
      readText(exampleOf("e"))
          .replace(readText(exampleOf("e")).find("leakage_mw = 51.67952"), 21,
                   "") +
      "\n[extensions]\nleakage = true\n");
  AcceleratorResult result = loadAccelerator(leaks.path);
  ASSERT_EQ(result.problems.size(), 1u);
  EXPECT_NE(result.problems[0].find("extensions.leakage needs leakage_mw"),
            std::string::npos);
}

TEST(Accelerator, SurvivesWhatIsNoDescription) {
  EXPECT_NE(loadAccelerator("no-such").problems[0].find(
                "is neither a file nor one of the built-in accelerators e, "
                "e16h, conf16"),
            std::string::npos);
  EXPECT_FALSE(loadAccelerator(testing::TempDir()).accelerator);
  for (const std::string &text :
       {std::string("[array"), std::string("= 1"), std::string(100000, '['),
        std::string("a" + std::string(1000, '.') + "b = 1"),
        std::string("\0\xff", 2), std::string("array = 1"),
        std::string("[[array]]\n[array.inputs]\nx = 1"), std::string()}) {
    TemporaryToml file(text);
    AcceleratorResult result = loadAccelerator(file.path);
    EXPECT_FALSE(result.accelerator);
    ASSERT_FALSE(result.problems.empty());
    for (const std::string &problem : result.problems)
      EXPECT_EQ(problem.find('\n'), std::string::npos);
  }
  EXPECT_FALSE(parseAccelerator("{").accelerator);
  EXPECT_FALSE(parseAccelerator("[1]").accelerator);
}

TEST(CostModels, HaveDistinctNames) {
  ASSERT_GE(costModels().size(), 2u);
  EXPECT_STREQ(costModels().front()->name, "bitfusion");
  for (const CostModelKind *kind : costModels()) {
    EXPECT_EQ(findCostModel(kind->name), kind);
    EXPECT_STREQ(kind->make(builtinAccelerators().front())->name(), kind->name);
  }
  EXPECT_EQ(findCostModel("none"), nullptr);
}
