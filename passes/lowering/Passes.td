//===- Passes.td - From networks to loops ---------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_LOWERING_PASSES_TD
#define FRAC_PASSES_LOWERING_PASSES_TD

include "mlir/Pass/PassBase.td"

def LowerNN : Pass<"frac-lower-nn", "::mlir::func::FuncOp"> {
  let summary = "Lower all but contractions to loops over tensors";
  let description = [{
    Turns every operation on tensors of `arith`, `math` and `nn` into
    `linalg.generic`, but for matrix products and convolutions, which the
    runtime computes. Convolutions end channels-last, between transposes where
    `frac-assign-layout` has not made them so.

    A body works on numbers; windows, slices and gathers read a tensor with
    `tensor.extract`. Sums carry `fastmath<reassoc>`. Extents of tensors are
    followed to the function's arguments.

    Fails on an operation of the nn dialect that has no lowering.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

#endif // FRAC_PASSES_LOWERING_PASSES_TD
