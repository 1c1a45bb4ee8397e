//===- Pipelines.cpp - The order of the passes ---------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/pipeline/Pipelines.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Transforms/Passes.h"
#include "passes/codegen/Passes.h"
#include "passes/gate/Passes.h"
#include "passes/layout/Passes.h"
#include "passes/lowering/Passes.h"
#include "passes/memory/Passes.h"
#include "passes/precision/Passes.h"
#include "passes/train/Passes.h"

using namespace mlir;
using namespace frac;

/// The enumerator that a recipe's word names. The recipe has only known words.
static LossKind getLossKind(const Recipe &recipe) {
  std::string kind = recipe.getString("loss.kind");
  if (kind == "nll")
    return LossKind::NLL;
  if (kind == "mse")
    return LossKind::MSE;
  if (kind == "bce-with-logits")
    return LossKind::BCEWithLogits;
  return LossKind::SoftmaxCrossEntropy;
}

static OptimizerKind getOptimizerKind(const Recipe &recipe) {
  std::string kind = recipe.getString("optimizer.kind");
  if (kind == "adam")
    return OptimizerKind::Adam;
  if (kind == "adamw")
    return OptimizerKind::AdamW;
  return OptimizerKind::SGD;
}

/// The gates of the policies that have them.
static void addGates(OpPassManager &passes, const Recipe &recipe) {
  InsertGatesOptions options;
  llvm::append_range(options.forward,
                     recipe.getIntegers("precision.gate.forward"));
  llvm::append_range(options.backward,
                     recipe.getIntegers("precision.gate.backward"));
  llvm::append_range(options.keepFloat,
                     recipe.getStrings("precision.keep_float"));
  llvm::append_range(options.features,
                     recipe.getIntegers("precision.gate.features"));
  options.hidden = recipe.getIntegers("precision.gate.hidden").front();
  if (recipe.getString("precision.gate.granularity") == "layer")
    options.granularity = GateGranularity::Layer;
  passes.addPass(createInsertGates(options));
}

void frac::buildProgramPipeline(OpPassManager &passes, const Recipe &recipe) {
  bool isGated = recipe.getPrecision().isGated();
  if (isGated)
    addGates(passes, recipe);
  BuildTrainingProgramOptions options;
  options.loss = getLossKind(recipe);
  options.optimizer = getOptimizerKind(recipe);
  options.momentum = recipe.getNumber("optimizer.momentum") > 0;
  options.nesterov = recipe.getBoolean("optimizer.nesterov");
  options.clipNorm = recipe.getNumber("optimizer.clip_norm") > 0;
  if (isGated)
    options.penaltyCap = recipe.getNumber("precision.gate.cap");
  passes.addPass(createBuildTrainingProgram(options));
  // Rules of differentiation build what they need anew each time.
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
}

/// Bits that integers of up to `width` bits are stored in.
static int64_t getStorage(int width) { return width > 8 ? 16 : 8; }

void frac::buildPrecisionPipeline(OpPassManager &passes, const Recipe &recipe) {
  // What is quantized is what the contractions read, in the order they read it.
  OpPassManager &functions = passes.nest<func::FuncOp>();
  functions.addPass(createAssignLayout());
  functions.addPass(createCSEPass());
  RoleWidths widest = recipe.getPrecision().widest();
  InsertQuantizeOptions options;
  for (std::string &word : recipe.getStrings("precision.keep_float"))
    options.keepFloat.push_back(std::move(word));
  options.stochastic =
      recipe.getString("precision.rounding_backward") == "stochastic";
  options.momentum = recipe.getNumber("precision.momentum");
  options.oneScaleForErrors =
      recipe.getString("precision.error_weights") == "tensor";
  options.activationStorage = getStorage(widest.activation);
  options.weightStorage = getStorage(widest.weight);
  options.errorStorage = getStorage(widest.error);
  passes.addPass(createInsertQuantize(options));
  passes.addPass(createValidatePrecision());
}

void frac::buildLoopPipeline(OpPassManager &passes) {
  OpPassManager &functions = passes.nest<func::FuncOp>();
  // Before lowering: the layout is an attribute of nn operations.
  functions.addPass(createAssignLayout());
  // Transposes of one value are made once a use.
  functions.addPass(createCSEPass());
  functions.addPass(createSaveMasks());
  functions.addPass(createLowerQuantize());
  functions.addPass(createLowerNN());
  // From here on there is one kind of loop, also for fills.
  functions.addPass(createLinalgGeneralizeNamedOpsPass());
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
  functions.addPass(createFuse());
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
  // On fused loops, which show what has to be read again; what is computed
  // again then often shares its reads with a neighbour.
  functions.addPass(createRecompute());
  functions.addPass(createFuse());
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
}

void frac::buildLoweringPipeline(OpPassManager &passes,
                                 const LoweringOptions &options) {
  buildLoopPipeline(passes);
  // Bufferization asks for the places of variables.
  passes.addPass(createPlanState());
  passes.addPass(createBufferize());
  // Before the workspace is planned: cut reductions need memory for parts.
  passes.addPass(createOutlineKernels());
  PlanMemoryOptions memory;
  memory.batch = options.batch;
  passes.addPass(createPlanMemory(memory));
}

void frac::buildLLVMPipeline(OpPassManager &passes) {
  passes.addPass(createApproximateMath());
  passes.addPass(createUnswitchReductions());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  // Entries and kernels first: they need to see structured loops' buffers.
  passes.addPass(createConvertToLLVM());
  passes.addPass(createSCFToControlFlowPass());
  passes.addPass(createConvertMathToLLVMPass());
  passes.addPass(createConvertMathToLibmPass());
  passes.addPass(createArithToLLVMConversionPass());
  passes.addPass(createConvertControlFlowToLLVMPass());
  passes.addPass(createConvertVectorToLLVMPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
}
