//===- Metadata.h - What the runtime knows of a program
//------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_PROGRAM_METADATA_H
#define FRAC_COMPILER_PROGRAM_METADATA_H

#include "compiler/program/Contractions.h"
#include "frontends/onnx/QuantizedModel.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/JSON.h"

namespace frac {

/// What the metadata says that the module does not.
struct ProgramFacts {
  /// File name of the model, without its folder.
  std::string model;
  llvm::json::Object recipe;
  int64_t batch = 0;
  std::string targetCpu;
  /// What the energies of a run go by: a model's name and an accelerator.
  std::string costModel;
  Accelerator accelerator;
  /// As `listContractions` found them.
  std::vector<Contraction> contractions;
  /// Place of a variable's values in the serialized model, by name.
  llvm::StringMap<int64_t> modelOffsets;
  /// Bytes of the serialized model.
  int64_t modelBytes = 0;
  /// What follows it in the same place, where operands are quantized.
  std::optional<frontend::QuantizedModel> quantizedModel;
};

/// The model's inputs and outputs, taken from @forward before the program is
/// built: {"inputs": [...], "outputs": [...]}.
llvm::json::Object describeSignature(mlir::ModuleOp module);

/// The metadata (docs/program-metadata.md) of a module whose variables and
/// workspace have their places. `signature` is what `describeSignature` gave.
llvm::json::Object buildMetadata(mlir::ModuleOp module,
                                 llvm::json::Object signature,
                                 ProgramFacts facts);

} // namespace frac

#endif // FRAC_COMPILER_PROGRAM_METADATA_H
