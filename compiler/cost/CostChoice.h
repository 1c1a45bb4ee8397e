//===- CostChoice.h - The cost model that a user asks for -------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_COST_COSTCHOICE_H
#define FRAC_COMPILER_COST_COSTCHOICE_H

#include "runtime/cost/CostModel.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

namespace frac {

/// What the command line says of costs.
struct CostChoice {
  /// A file or a built-in name; empty: the default.
  std::string accelerator;
  /// A name of `costModels()`.
  std::string model = "bitfusion";
  /// NAME or NAME=VALUE, on top of what the accelerator's file turns on.
  std::vector<std::string> extensions;
};

/// Makes the model of an accelerator that is given by name or file. The error
/// has one line a problem.
llvm::Expected<std::unique_ptr<CostModel>>
makeCostModel(const CostChoice &choice);

} // namespace frac

#endif // FRAC_COMPILER_COST_COSTCHOICE_H
