//===- ModelsTest.cpp - Import of whole models ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Imports the example models and the model of every backend test that ONNX
/// ships; what comes out must verify, and what cannot be imported must say why.
///
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Import.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"

#include <gtest/gtest.h>

#include <filesystem>

using namespace frac::frontend;
namespace fs = std::filesystem;

namespace {

struct Outcome {
  bool imported = false;
  std::string report;
};

Outcome import(const fs::path &path, mlir::MLIRContext &context,
               bool dynamicBatch) {
  Diagnostics diagnostics(path.filename().string());
  Outcome outcome;
  auto model = Model::load(path.string(), diagnostics);
  if (model) {
    ImportOptions options;
    options.dynamicBatch = dynamicBatch;
    auto module = importModel(*model, context, options, diagnostics);
    outcome.imported = static_cast<bool>(module);
    if (module) {
      EXPECT_TRUE(mlir::succeeded(mlir::verify(*module))) << path;
    }
  }
  llvm::raw_string_ostream os(outcome.report);
  diagnostics.print(os);
  return outcome;
}

TEST(Models, ExamplesImport) {
  mlir::MLIRContext context;
  int count = 0;
  for (const fs::directory_entry &entry :
       fs::directory_iterator(FRAC_EXAMPLE_MODELS)) {
    if (entry.path().extension() != ".onnx")
      continue;
    Outcome outcome = import(entry.path(), context, /*dynamicBatch=*/true);
    EXPECT_TRUE(outcome.imported) << outcome.report;
    ++count;
  }
  EXPECT_GT(count, 0);
}

TEST(Models, BackendTestsImportOrSayWhyNot) {
  if (!fs::exists(FRAC_ONNX_TESTDATA))
    GTEST_SKIP() << "the package libonnx-testdata is not installed";
  mlir::MLIRContext context;
  int count = 0, imported = 0;
  for (const char *suite :
       {"node", "simple", "pytorch-operator", "pytorch-converted"})
    for (const fs::directory_entry &entry :
         fs::directory_iterator(fs::path(FRAC_ONNX_TESTDATA) / suite)) {
      Outcome outcome = import(entry.path() / "model.onnx", context,
                               /*dynamicBatch=*/false);
      ++count;
      imported += outcome.imported;
      if (!outcome.imported) {
        EXPECT_NE(outcome.report.find("model.onnx: error: "), std::string::npos)
            << entry.path();
      }
      // A message of MLIR's verifier means that a rule lacks a check.
      EXPECT_EQ(outcome.report.find("' op "), std::string::npos)
          << entry.path() << ": " << outcome.report;
    }
  EXPECT_GT(count, 1000);
  EXPECT_GT(imported, 300);
}

} // namespace
