//===- ImportModel.cpp - From a file to the nn dialect -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/ImportModel.h"

using namespace frac;

ImportedModel frac::importForTraining(const ModelOptions &options,
                                      mlir::MLIRContext &context,
                                      frontend::Diagnostics &diagnostics) {
  ImportedModel imported;
  imported.model = frontend::Model::load(options.modelPath, diagnostics);
  if (!imported.model)
    return imported;
  if (options.batchNorm == BatchNormMode::Unfold)
    frontend::unfoldBatchNorm(*imported.model, diagnostics);
  frontend::ImportOptions importOptions;
  importOptions.trainable = options.trainable;
  importOptions.frozen = options.frozen;
  imported.module =
      importModel(*imported.model, context, importOptions, diagnostics);
  if (diagnostics.hasErrors())
    imported.module = nullptr;
  return imported;
}
