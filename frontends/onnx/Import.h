//===- Import.h - ONNX model to MLIR -------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_IMPORT_H
#define FRAC_FRONTENDS_ONNX_IMPORT_H

#include "compiler/HostTensor.h"
#include "frontends/onnx/Model.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <map>
#include <string>
#include <vector>

namespace frac::frontend {

struct ImportOptions {
  /// Makes the first dimension of the inputs a variable, the batch, even where
  /// the model was exported with a number there.
  bool dynamicBatch = true;
  /// Extents of graph inputs by name. Where one is given it replaces what the
  /// model says, and the dimension is no variable.
  std::map<std::string, std::vector<int64_t>> inputShapes;
  /// Values of graph inputs by name that rules may take as constants, such as
  /// the target shape of a Reshape. The inputs stay arguments.
  std::map<std::string, HostTensor> inputValues;
  /// Makes initializers constants; else they are globals.
  bool initializersAsConstants = false;
  /// POSIX extended regular expressions over names of initializers: those that
  /// are trained (default: all) and among them those that are not.
  std::string trainable;
  std::string frozen;
};

/// Puts BatchNormalization back where an exporter has folded it away: behind
/// every Conv that feeds an activation or an addition and no normalization. It
/// starts as the identity, with the bias of the convolution as its own. The new
/// initializers are called `<conv>.bn.weight`, `.bn.bias`, `.bn.running_mean`
/// and `.bn.running_var`. Warns if there was nothing to do.
void unfoldBatchNorm(Model &model, Diagnostics &diagnostics);

/// Imports the graph as `func.func @forward` in a module of the dialects func,
/// nn, arith, math, tensor and ml_program. Arguments and results have the
/// ONNX name as `onnx.name`; the name of a node is the location of its
/// operations. Float initializers are `ml_program.global`s with the attribute
/// `frac.role`: "parameter", "frozen", or "state" for the running statistics of
/// BatchNormalization. `frac.ends_in_softmax` on the function tells that the
/// first result comes out of a Softmax.
///
/// The module refers to the model's weights: `model` must outlive it. Returns
/// null after errors; all that were found are in `diagnostics`.
mlir::OwningOpRef<mlir::ModuleOp> importModel(const Model &model,
                                              mlir::MLIRContext &context,
                                              const ImportOptions &options,
                                              Diagnostics &diagnostics);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_IMPORT_H
