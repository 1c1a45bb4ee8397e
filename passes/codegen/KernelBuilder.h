//===- KernelBuilder.h - Kernel functions ---------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// Builds the function that runs a part of the outermost loop of a
/// linalg.generic on dense buffers.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_CODEGEN_KERNELBUILDER_H
#define FRAC_PASSES_CODEGEN_KERNELBUILDER_H

#include "passes/codegen/IterationSpace.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/MapVector.h"

namespace frac {

/// The operation that combines the elements of output `output` of `op`, such
/// as the addition of a sum; null if the body is not of that form.
mlir::Operation *matchCombiner(mlir::linalg::GenericOp op, unsigned output);

/// How the outermost loop is shared out.
enum class KernelForm {
  /// The range is a part of the outermost loop.
  Range,
  /// The range is [0, 1): all loops run in one call.
  Whole,
  /// The range is of parts of the outermost loop, which is a reduction. Each
  /// part has accumulators of its own.
  Parts
};

/// What a kernel is made of.
struct KernelPlan {
  mlir::linalg::GenericOp op;
  IterationSpace space;
  KernelForm form = KernelForm::Range;
  /// By number of output: the value that the output has before, if it is a
  /// constant or a scalar known at the launch; else null: the output's buffer
  /// holds it.
  llvm::SmallVector<mlir::Value> initialValues;
  /// By number of output, with `Parts`: the buffer of the accumulators, null
  /// for outputs that each iteration writes.
  llvm::SmallVector<mlir::Value> partials;

  unsigned getNumOutputs() { return op.getNumDpsInits(); }
  /// Whether output `output` combines several iterations.
  bool isReduction(unsigned output);
  Access &getOutputAccess(unsigned output) {
    return space.accesses[op.getNumDpsInputs() + output];
  }
};

/// A kernel and what it is called with.
struct Kernel {
  /// Not in a module yet; private, named "kernel".
  mlir::func::FuncOp func;
  /// The arguments behind the range: buffers and scalars of the entry.
  llvm::SmallVector<mlir::Value> arguments;
};

Kernel buildKernel(KernelPlan &plan);

/// The kernel behind one of form `Parts`: for each element of output `output`
/// it combines the initial value and the parts' accumulators in their order.
/// `size` is the number of elements of the output.
Kernel buildCombineKernel(KernelPlan &plan, unsigned output, Extent size);

} // namespace frac

#endif // FRAC_PASSES_CODEGEN_KERNELBUILDER_H
