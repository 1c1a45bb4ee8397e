//===- Passes.td - From tensors to places in memory ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_MEMORY_PASSES_TD
#define FRAC_PASSES_MEMORY_PASSES_TD

include "mlir/Pass/PassBase.td"

def PlanState : Pass<"frac-plan-state", "::mlir::ModuleOp"> {
  let summary = "Gives every variable its place in the state";
  let description = [{
    Sets `frac.offset` on each `ml_program.global`, in bytes and a multiple of
    64, and on the module `frac.state_bytes` (all but gradients) and
    `frac.grad_state_bytes` (all). Parameters come first, then frozen values,
    running statistics, slots of the optimizer, and gradients last: what has
    initial values is one range at the start, and a program that only trains
    needs no memory for gradients.
  }];
}

def Bufferize : Pass<"frac-bufferize", "::mlir::ModuleOp"> {
  let summary = "Replaces tensors by buffers, updating variables in place";
  let description = [{
    Every public function becomes an entry that takes the batch, the state, the
    workspace, one buffer an input and one an output (`frac.inputs` tells how
    many are inputs) and returns nothing. Inside, `linalg.generic` and the
    operations of `rt` work on dense buffers.

    A function is one block without control flow between operations on tensors,
    which makes liveness a matter of positions and this pass much simpler than
    upstream's analysis. A result goes, in this order of preference,
    - straight to the variable or output it is meant for, if nothing reads the
      variable's old value later;
    - into an operand that dies here, if the operation reads and writes each
      element in the same iteration;
    - into a new `memref.alloc`.

    Loads of variables see the values at the function's start and stores take
    effect at its end, whatever their order in between.
  }];
  let dependentDialects = ["::frac::rt::RtDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::memref::MemRefDialect"];
}

def PlanMemory : Pass<"frac-plan-memory", "::mlir::ModuleOp"> {
  let summary = "Gives every buffer a place in the workspace";
  let description = [{
    Replaces each `memref.alloc` of an entry by a view of the workspace, so that
    buffers that live at the same time do not overlap. Places are constants that
    hold for the planned batch and so for every smaller one: the largest buffers
    are placed first, each in the smallest gap that holds it. Sets
    `frac.workspace_bytes` on the function.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
  let options = [
    Option<"batch", "batch", "int64_t", /*default=*/"128",
           "the largest batch the program is planned for">
  ];
}

#endif // FRAC_PASSES_MEMORY_PASSES_TD
