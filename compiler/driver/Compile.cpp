//===- Compile.cpp - fracc compile ---------------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Driver.h"

#include "compiler/driver/Context.h"
#include "compiler/driver/ImportModel.h"
#include "compiler/driver/OutputFile.h"
#include "compiler/driver/PhaseTimer.h"
#include "compiler/driver/TemporaryFolder.h"
#include "compiler/native/Linker.h"
#include "compiler/native/ProgramObject.h"
#include "compiler/native/Target.h"
#include "compiler/pipeline/Pipelines.h"
#include "compiler/program/Contractions.h"
#include "compiler/program/InitialState.h"
#include "compiler/program/Metadata.h"
#include "compiler/program/QuantizedFactors.h"
#include "compiler/recipe/Recipe.h"
#include "frontends/onnx/Export.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace frac;

namespace {

/// One run of `fracc compile`, phase by phase. Each phase returns failure after
/// it has printed what is wrong.
class Compilation {
public:
  Compilation(const CompileOptions &options, const char *argv0)
      : options(options), argv0(argv0), diagnostics(options.modelPath),
        context(createCompilerContext()), handler(*context, options.modelPath),
        timer(options.verbose) {}

  LogicalResult run();

private:
  LogicalResult readRecipe();
  LogicalResult import();
  LogicalResult buildProgram();
  LogicalResult quantize();
  LogicalResult lower();
  LogicalResult generate();
  LogicalResult describe(ProgramObject &object, TemporaryFolder &folder);
  LogicalResult writeModels(llvm::StringRef path, ProgramFacts &facts);
  LogicalResult printModule();
  LogicalResult report(llvm::Error error);
  LogicalResult runPipeline(llvm::function_ref<void(OpPassManager &)> build);

  const CompileOptions &options;
  const char *argv0;
  std::optional<Recipe> recipe;
  std::unique_ptr<CostModel> costModel;
  frontend::Diagnostics diagnostics;
  std::unique_ptr<MLIRContext> context;
  ModelDiagnosticHandler handler;
  ImportedModel imported;
  llvm::json::Object signature;
  std::vector<Contraction> contractions;
  std::vector<frontend::QuantizedFactor> factors;
  PhaseTimer timer;
};

} // namespace

/// Prints an error that is not about the model, unless it is none.
LogicalResult Compilation::report(llvm::Error error) {
  if (!error)
    return success();
  printErrors(std::move(error));
  return failure();
}

LogicalResult Compilation::readRecipe() {
  llvm::Expected<Recipe> loaded =
      Recipe::load(options.recipePath, options.overrides);
  if (!loaded)
    return report(loaded.takeError());
  recipe = std::move(*loaded);
  auto made = makeCostModel(options.cost);
  if (!made)
    return report(made.takeError());
  costModel = std::move(*made);
  return success();
}

LogicalResult Compilation::import() {
  timer.start("import");
  imported = importForTraining(options, *context, diagnostics);
  diagnostics.print(llvm::errs());
  return success(static_cast<bool>(imported.module));
}

LogicalResult
Compilation::runPipeline(llvm::function_ref<void(OpPassManager &)> build) {
  PassManager passes(context.get(), ModuleOp::getOperationName());
  // Verifying after every pass takes a quarter of the whole time, so that only
  // those who look at the phases get it.
  passes.enableVerifier(options.verbose);
  build(passes);
  return passes.run(*imported.module);
}

LogicalResult Compilation::buildProgram() {
  timer.start("backward");
  signature = describeSignature(*imported.module);
  if (failed(runPipeline([&](OpPassManager &passes) {
        buildProgramPipeline(passes, *recipe);
      })))
    return failure();
  return success();
}

LogicalResult Compilation::quantize() {
  timer.start("quantization");
  if (recipe->getString("precision.policy") != "none" &&
      failed(runPipeline([&](OpPassManager &passes) {
        buildPrecisionPipeline(passes, *recipe);
      })))
    return failure();
  contractions = listContractions(*imported.module);
  factors = listQuantizedFactors(*imported.module);
  return success();
}

LogicalResult Compilation::lower() {
  timer.start("lowering");
  LoweringOptions lowering;
  lowering.batch = options.batch;
  return runPipeline(
      [&](OpPassManager &passes) { buildLoweringPipeline(passes, lowering); });
}

/// Prints the module, with large constants left out.
LogicalResult Compilation::printModule() {
  OutputFile output(options.outputPath);
  imported.module->print(
      output.getStream(),
      OpPrintingFlags().elideLargeElementsAttrs(16).elideLargeResourceString(
          64));
  output.getStream() << '\n';
  return report(output.commit());
}

/// Writes the model that gets trained values and, where operands are quantized,
/// the one that gets quantized ones behind it.
LogicalResult Compilation::writeModels(llvm::StringRef path,
                                       ProgramFacts &facts) {
  OutputFile file(path);
  if (!frontend::writeModel(*imported.model, file.getStream(),
                            facts.modelOffsets, diagnostics)) {
    diagnostics.print(llvm::errs());
    return failure();
  }
  facts.modelBytes = static_cast<int64_t>(file.getStream().tell());
  if (!factors.empty()) {
    llvm::StringSet<> variables;
    for (auto global : imported.module->getOps<ml_program::GlobalOp>())
      variables.insert(global.getSymName());
    facts.quantizedModel =
        frontend::makeQuantizedModel(*imported.model, factors, variables);
    file.getStream() << facts.quantizedModel->bytes;
  }
  return report(file.commit());
}

/// Fills in what the object says of the program. Must come before the
/// variables are lowered away.
LogicalResult Compilation::describe(ProgramObject &object,
                                    TemporaryFolder &folder) {
  object.initialStatePath = folder.getPath("state");
  object.modelPath = folder.getPath("model");
  {
    OutputFile state(object.initialStatePath);
    if (failed(writeInitialState(*imported.module, state.getStream())) ||
        failed(report(state.commit())))
      return failure();
  }
  addRecomputed(*imported.module, contractions);
  ProgramFacts facts;
  if (failed(writeModels(object.modelPath, facts)))
    return failure();
  facts.model = llvm::sys::path::filename(options.modelPath).str();
  facts.recipe = recipe->toJSON();
  facts.batch = options.batch;
  facts.targetCpu = options.targetCpu;
  facts.costModel = costModel->name();
  facts.accelerator = costModel->accelerator();
  facts.contractions = std::move(contractions);
  llvm::raw_string_ostream(object.metadata) << llvm::json::Value(
      buildMetadata(*imported.module, std::move(signature), std::move(facts)));
  return success();
}

LogicalResult Compilation::generate() {
  timer.start("code generation");
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> machine =
      createTargetMachine(options.targetCpu);
  if (!machine)
    return report(machine.takeError());
  llvm::Expected<TemporaryFolder> folder = TemporaryFolder::create();
  if (!folder)
    return report(folder.takeError());

  ProgramObject object;
  if (failed(describe(object, *folder)) ||
      failed(runPipeline(buildLLVMPipeline)))
    return failure();
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> code =
      translateModuleToLLVMIR(*imported.module, llvmContext, options.modelPath);
  if (!code)
    return failure();
  prepareForTarget(*code, **machine);
  if (failed(report(addProgramObject(*code, object))))
    return failure();
  optimizeModule(*code, **machine);
  if (options.stage == Stage::LLVM) {
    OutputFile output(options.outputPath);
    code->print(output.getStream(), nullptr);
    return report(output.commit());
  }

  bool isObject = options.stage == Stage::Object;
  std::string objectPath =
      isObject ? options.outputPath : folder->getPath("program.o");
  OutputFile output(objectPath);
  if (failed(report(emitObject(*code, **machine, output.getStream()))) ||
      failed(report(output.commit())))
    return failure();
  if (isObject)
    return success();

  timer.start("linking");
  llvm::Expected<std::string> library = findRuntimeLibraryDir(argv0);
  if (!library)
    return report(library.takeError());
  return report(linkExecutable(objectPath, options.outputPath, *library));
}

LogicalResult Compilation::run() {
  if (failed(readRecipe()) || failed(import()))
    return failure();
  if (options.stage == Stage::OnnxImport)
    return printModule();
  if (failed(buildProgram()))
    return failure();
  if (options.stage == Stage::Backward)
    return printModule();
  if (failed(quantize()))
    return failure();
  if (options.stage == Stage::Quantized)
    return printModule();
  if (failed(lower()))
    return failure();
  if (options.stage == Stage::Lowered)
    return printModule();
  return generate();
}

int frac::compileModel(const CompileOptions &options, const char *argv0) {
  return succeeded(Compilation(options, argv0).run()) ? 0 : 1;
}
