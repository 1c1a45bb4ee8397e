//===- Contractions.h - The multiply-accumulate work of a program
//--------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_PROGRAM_CONTRACTIONS_H
#define FRAC_COMPILER_PROGRAM_CONTRACTIONS_H

#include "mlir/IR/BuiltinOps.h"
#include "passes/cost/CostedProducts.h"

#include <string>
#include <vector>

namespace frac {

/// One contraction of a training step.
struct Contraction {
  /// Name of the ONNX node it comes from, if known.
  std::string name;
  /// Name of the operation, such as "nn.conv".
  std::string op;
  Product product;
  int64_t macsPerSample;
  /// Places along its dynamic dimension that a sample has.
  int64_t rows = 1;
  /// Places of the widths of both factors in the table of widths; -1 of a
  /// factor in float.
  int64_t leftWidth = -1, rightWidth = -1;
  /// Its shape for models of costs, or why it has none; neither for work that
  /// is done a second time to save memory, as an accelerator would not.
  std::optional<ProductPattern> pattern = {};
  std::string problem = {};
};

/// The contractions of @step in order, in a module as
/// `frac-build-training-program` or, with widths, `frac-insert-quantize` leaves
/// it.
std::vector<Contraction> listContractions(mlir::ModuleOp module);

/// Adds the forward products that @step does a second time, as `frac-recompute`
/// has listed them, with "(again)" behind their names: work that is done is
/// counted.
void addRecomputed(mlir::ModuleOp module,
                   std::vector<Contraction> &contractions);

} // namespace frac

#endif // FRAC_COMPILER_PROGRAM_CONTRACTIONS_H
