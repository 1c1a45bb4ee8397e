//===- Passes.td - Choice of memory layout --------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_LAYOUT_PASSES_TD
#define FRAC_PASSES_LAYOUT_PASSES_TD

include "mlir/Pass/PassBase.td"

def AssignLayout : Pass<"frac-assign-layout", "::mlir::func::FuncOp"> {
  let summary = "Let all images be channels-last";
  let description = [{
    Makes every operation on images (ChannelsLastOpInterface) channels-last and
    carries the order on through what lies between them: elementwise
    operations, broadcasts, reductions, concatenations, slices. Transposes
    remain only where something else meets images: function arguments and
    results, reshapes that mix channels and pixels, matrix products. A
    transpose that only moves dimensions of extent 1 becomes a reshape.

    Run `cse` afterwards: transposes of one value are made once a use.
  }];
  let dependentDialects = ["::frac::nn::NNDialect",
                           "::mlir::tensor::TensorDialect"];
}

#endif // FRAC_PASSES_LAYOUT_PASSES_TD
