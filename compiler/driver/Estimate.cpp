//===- Estimate.cpp - fracc estimate --------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/cost/ShapesTable.h"
#include "compiler/driver/Context.h"
#include "compiler/driver/Driver.h"
#include "compiler/driver/OutputFile.h"

#include "llvm/Support/raw_ostream.h"

using namespace frac;

/// A table of shapes in place of a model.
static llvm::Error estimateTable(const EstimateOptions &options) {
  OutputFile output(options.csvPath);
  if (llvm::Error error = estimateShapes(options.shapesPath, options.cost,
                                         output.getStream(), llvm::errs()))
    return error;
  return output.commit();
}

int frac::estimateModel(const EstimateOptions &options) {
  if (llvm::Error error = estimateTable(options)) {
    printErrors(std::move(error));
    return 1;
  }
  return 0;
}
