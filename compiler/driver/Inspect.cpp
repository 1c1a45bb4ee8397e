//===- Inspect.cpp - fracc inspect ---------------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Inspect.h"
#include "compiler/driver/Context.h"
#include "compiler/driver/Driver.h"
#include "compiler/driver/ImportModel.h"
#include "compiler/driver/InspectGates.h"
#include "compiler/driver/OutputFile.h"
#include "compiler/recipe/Recipe.h"

using namespace frac;

int frac::inspectModel(const InspectOptions &options) {
  llvm::Expected<Recipe> recipe =
      Recipe::load(options.recipePath, options.overrides);
  if (!recipe) {
    printErrors(recipe.takeError());
    return 1;
  }
  std::unique_ptr<mlir::MLIRContext> context = createCompilerContext();
  ModelDiagnosticHandler handler(*context, options.modelPath);
  frontend::Diagnostics diagnostics(options.modelPath);
  ImportedModel imported = importForTraining(options, *context, diagnostics);
  if (imported.model) {
    // What can be said of a model is said, supported or not.
    frontend::ModelSummary summary = frontend::inspectModel(
        *imported.model, imported.module ? *imported.module : nullptr);
    frontend::printSummary(summary, llvm::outs());
    std::vector<BlockSummary> blocks;
    if (imported.module)
      blocks = summarizeBlocks(*imported.module, *recipe);
    printBlocks(blocks, llvm::outs());
    if (!options.jsonPath.empty()) {
      OutputFile output(options.jsonPath);
      llvm::json::Value json = toJSON(summary);
      if (imported.module)
        (*json.getAsObject())["blocks"] = toJSON(blocks);
      output.getStream() << llvm::formatv("{0:2}\n", json);
      if (llvm::Error error = output.commit()) {
        printErrors(std::move(error));
        return 1;
      }
    }
  }
  diagnostics.print(llvm::errs());
  return imported.module ? 0 : 1;
}
