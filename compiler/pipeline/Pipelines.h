//===- Pipelines.h - The order of the passes -----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_PIPELINE_PIPELINES_H
#define FRAC_COMPILER_PIPELINE_PIPELINES_H

#include "compiler/recipe/Recipe.h"
#include "mlir/Pass/PassManager.h"

namespace frac {

/// @forward becomes @step, @eval and @grad, as the recipe says.
void buildProgramPipeline(mlir::OpPassManager &passes, const Recipe &recipe);

/// The factors of contractions become integers, as the recipe says. Needs a
/// policy other than "none".
void buildPrecisionPipeline(mlir::OpPassManager &passes, const Recipe &recipe);

/// From operations on tensors to fused loops on tensors, contractions as they
/// are; the first part of the lowering pipeline.
void buildLoopPipeline(mlir::OpPassManager &passes);

struct LoweringOptions {
  /// Largest batch that the workspace is planned for.
  int64_t batch = 128;
};

/// From tensors to kernels, calls of the runtime and a planned workspace.
void buildLoweringPipeline(mlir::OpPassManager &passes,
                           const LoweringOptions &options);

/// From there to the LLVM dialect.
void buildLLVMPipeline(mlir::OpPassManager &passes);

} // namespace frac

#endif // FRAC_COMPILER_PIPELINE_PIPELINES_H
