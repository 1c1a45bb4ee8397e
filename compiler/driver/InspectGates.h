//===- InspectGates.h - The blocks that would have gates --------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_DRIVER_INSPECTGATES_H
#define FRAC_COMPILER_DRIVER_INSPECTGATES_H

#include "compiler/recipe/Recipe.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace frac {

/// What `fracc inspect` says of a block.
struct BlockSummary {
  std::string name;
  bool isResidual = false;
  /// Whether candidates of 0 bits are offered to its gate.
  bool canSkip = false;
  /// Names of the nodes whose widths its gate chooses.
  std::vector<std::string> contractions;
  int64_t macs = 0, depthwiseMacs = 0;
};

/// The blocks of `@forward` that have gates with a policy that has any: those
/// of the recipe, with the first and the last contraction in float where it has
/// another policy. Empty where its `precision.keep_float` is wrong.
std::vector<BlockSummary> summarizeBlocks(mlir::ModuleOp module,
                                          const Recipe &recipe);

/// Writes them for people.
void printBlocks(llvm::ArrayRef<BlockSummary> blocks, llvm::raw_ostream &os);

/// The same for programs.
llvm::json::Array toJSON(llvm::ArrayRef<BlockSummary> blocks);

} // namespace frac

#endif // FRAC_COMPILER_DRIVER_INSPECTGATES_H
