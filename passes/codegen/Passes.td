//===- Passes.td - From loops on buffers to LLVM -------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_CODEGEN_PASSES_TD
#define FRAC_PASSES_CODEGEN_PASSES_TD

include "mlir/Pass/PassBase.td"

def OutlineKernels : Pass<"frac-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "Makes every linalg.generic a call of a kernel function";
  let description = [{
    Each `linalg.generic` of an entry becomes an `rt.launch` of a private
    function (attribute `frac.kernel`) that runs a part of its outermost loop.
    Equal kernels are one function.

    Loops are reordered so that memory is walked in its order and merged where
    all operands allow it: an elementwise operation is one loop, one with an
    operand a channel two. If the outermost loop is a reduction, it is cut into
    FRAC_REDUCTION_PARTS parts with an accumulator each, which a second kernel
    combines in their order: sums are rounded alike whatever the number of
    threads. A fill with a constant becomes the initial value of the reduction
    behind it.
  }];
  let dependentDialects = ["::frac::rt::RtDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::LLVM::LLVMDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

def ApproximateMath : Pass<"frac-approximate-math"> {
  let summary = "Replaces functions of f32 by polynomials that vectorize";
  let description = [{
    A call of the C library would keep a loop from being vectorized. Functions
    for which there is no polynomial stay calls.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

def UnswitchReductions : Pass<"frac-unswitch-reductions"> {
  let summary = "Makes two loops of one whose sums may stay as they are";
  let description = [{
    Where an `scf.for` carries sums that an `arith.select` keeps or goes on with,
    and the outermost loops around do not change its condition, there is an
    `scf.if` with one copy of these loops that adds always and one that never
    does. Neither has a select left, which would keep sums from being vectorized,
    and what only the sums need is gone from the second. Code that loops do not
    change is moved out of them first.

    So the gates' gradients (`frac.mix_grad`) take no time for samples that do
    not train them.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect"];
}

def ConvertToLLVM : Pass<"frac-convert-to-llvm", "::mlir::ModuleOp"> {
  let summary = "Lowers entries, kernels and calls of the runtime to LLVM";
  let description = [{
    Buffers are bare pointers. Entries get the signature of frac_entry_fn and
    kernels, through a wrapper, that of frac_range_fn: see
    runtime/frac_runtime.h.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // FRAC_PASSES_CODEGEN_PASSES_TD
