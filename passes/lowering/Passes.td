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

def LowerContractions
    : Pass<"frac-lower-contractions", "::mlir::func::FuncOp"> {
  let summary = "Lower contractions of nn to named operations of linalg";
  let description = [{
    For compilers that lower contractions themselves: matrix products become
    `linalg.matmul` or `linalg.batch_matmul`, behind a `linalg.transpose` where
    a factor is transposed, convolutions in ONNX order the named ones, behind
    `tensor.pad`. The result is what other front ends print. `frac-lower-nn`
    lowers the rest of a network.

    What has no name (channels-last convolutions, groups beyond two dimensions,
    gradients) is left as it was, with a remark; with `strict` that is an error.
  }];
  let options = [
    Option<"strict", "strict", "bool", /*default=*/"false",
           "Whether a contraction without a named operation is an error">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def Fuse : Pass<"frac-fuse", "::mlir::func::FuncOp"> {
  let summary = "Make few loops of many";
  let description = [{
    Makes one `linalg.generic` of several where that saves traffic between
    memory and the cores:

    - An elementwise nest is computed in the nests that read it, if its results
      are not needed in memory otherwise, and if what has to be read more, and
      computed more than once, costs less than writing and reading them. If
      they are needed in memory, it is still computed in nests that read
      nothing more by it.
    - An elementwise nest and one of its readers become one nest that has the
      results of both, elementwise or a reduction.
    - Two nests over the same loops that read the same tensor become one.

    So broadcasts are never made, normalization, addition and activation are
    one pass, and so are the gradient at an activation and the sums of batch
    normalization's gradient. No work moves across a contraction but
    reductions to small results.

    Expects the output of `frac-lower-nn`, after `canonicalize` and `cse`; run
    these again afterwards.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def SaveMasks : Pass<"frac-save-masks", "::mlir::func::FuncOp"> {
  let summary = "Keep a comparison instead of the numbers that it compares";
  let description = [{
    The backward pass of an activation asks which side of a constant its result
    was on. Where nothing else reads that result any more, and it cannot be
    computed again from what is there, the comparison moves to where the numbers
    are computed and is kept in their stead: a byte for each number.
  }];
  let options = [
    Option<"minDistance", "min-distance", "unsigned", /*default=*/"4",
           "Contractions that lie between the last other use and a comparison "
           "that is worth it">
  ];
  let dependentDialects = ["::frac::nn::NNDialect"];
}

def Recompute : Pass<"frac-recompute", "::mlir::func::FuncOp"> {
  let summary = "Compute again what would wait long in memory";
  let description = [{
    A large elementwise result that waits for its next use while contractions
    run is computed anew right before that use, if all that this takes is in
    memory then anyway. In a training step that is what lies between a
    convolution and the next: the normalized and activated tensor, needed again
    for the gradient of the next convolution's weights, is computed from the
    convolution's result, which the gradient of the normalization needs too.

    So are results of contractions of integers that are large for the work, if
    their factors, which take a byte for each number, are kept for a later
    product: the largest first, as long as few multiply-accumulates of all are
    done again.
    The function's attribute `frac.recomputed` lists these: name, operation,
    multiply-accumulates of a sample and the places of the widths.

    Run `frac-fuse` afterwards: what is computed again often shares its reads
    with a neighbour.
  }];
  let options = [
    Option<"minDistance", "min-distance", "unsigned", /*default=*/"3",
           "contractions between two uses from which on a tensor may go">,
    Option<"workParts", "work-parts", "unsigned", /*default=*/"11",
           "one part in so many of all multiply-accumulates may be done again">,
    Option<"maxReads", "max-reads", "unsigned", /*default=*/"1",
           "large tensors that may be read again for one">
  ];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

#endif // FRAC_PASSES_LOWERING_PASSES_TD
