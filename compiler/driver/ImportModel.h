//===- ImportModel.h - From a file to the nn dialect ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_DRIVER_IMPORTMODEL_H
#define FRAC_COMPILER_DRIVER_IMPORTMODEL_H

#include "compiler/driver/Options.h"
#include "frontends/onnx/Import.h"

#include <memory>

namespace frac {

/// A model and what was made of it, which refers to it.
struct ImportedModel {
  /// Null if the file could not be loaded.
  std::unique_ptr<frontend::Model> model;
  /// Null after errors.
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// Loads and imports a model as it is to be trained. Errors and warnings are in
/// `diagnostics`.
ImportedModel importForTraining(const ModelOptions &options,
                                mlir::MLIRContext &context,
                                frontend::Diagnostics &diagnostics);

} // namespace frac

#endif // FRAC_COMPILER_DRIVER_IMPORTMODEL_H
