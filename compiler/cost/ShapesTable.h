//===- ShapesTable.h - Costs of shapes in a table ---------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_COST_SHAPESTABLE_H
#define FRAC_COMPILER_COST_SHAPESTABLE_H

#include "compiler/cost/CostChoice.h"

#include "llvm/Support/raw_ostream.h"

namespace frac {

/// Evaluates a table of products. `path` is a CSV file with the columns K, O,
/// S, IC, OC, B, im2col, iprec and wprec, and, if they are there, config (a
/// built-in accelerator or a file, looked for beside the table too), id, net,
/// layer, pass and count, which are copied. Writes the columns of BitFusion's
/// reference output, energies as the shortest numbers that read back the same;
/// with extensions on, a last column names those that had a part. Why a row is
/// refused goes to `notes`, one line each.
///
/// Rows without a config have the choice's accelerator. Nothing is written
/// after an error.
llvm::Error estimateShapes(llvm::StringRef path, const CostChoice &choice,
                           llvm::raw_ostream &out, llvm::raw_ostream &notes);

} // namespace frac

#endif // FRAC_COMPILER_COST_SHAPESTABLE_H
