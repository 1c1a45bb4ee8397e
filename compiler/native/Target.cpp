//===- Target.cpp - LLVM's optimizer and code generator
//------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/native/Target.h"

#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"

using namespace llvm;

/// Initializes the native target once a process.
static void initializeNativeTarget() {
  static const bool done = [] {
    InitializeNativeTarget();
    InitializeNativeTargetAsmPrinter();
    InitializeNativeTargetAsmParser();
    return true;
  }();
  (void)done;
}

Expected<std::unique_ptr<TargetMachine>>
frac::createTargetMachine(StringRef cpu) {
  initializeNativeTarget();
  Triple triple(sys::getProcessTriple());
  std::string message;
  const Target *target = TargetRegistry::lookupTarget(triple, message);
  if (!target)
    return createStringError(message);

  bool isNative = cpu == "native";
  std::string name = isNative ? sys::getHostCPUName().str() : cpu.str();
  SubtargetFeatures features;
  if (isNative)
    for (const auto &[feature, isEnabled] : sys::getHostCPUFeatures())
      features.AddFeature(feature, isEnabled);

  std::unique_ptr<MCSubtargetInfo> info(
      target->createMCSubtargetInfo(triple, "", ""));
  if (info && !info->isCPUStringValid(name)) {
    std::string known;
    for (const SubtargetSubTypeKV &entry : info->getAllProcessorDescriptions())
      known += (known.empty() ? "" : ", ") + std::string(entry.Key);
    return createStringError("unknown target CPU '" + name +
                             "'; use native or one of " + known);
  }

  std::unique_ptr<TargetMachine> machine(target->createTargetMachine(
      triple, name, features.getString(), TargetOptions(), Reloc::PIC_,
      std::nullopt, CodeGenOptLevel::Default));
  if (!machine)
    return createStringError("LLVM cannot generate code for " + triple.str());
  return machine;
}

void frac::prepareForTarget(Module &module, TargetMachine &machine) {
  module.setTargetTriple(machine.getTargetTriple());
  module.setDataLayout(machine.createDataLayout());
  for (Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", machine.getTargetCPU());
    function.addFnAttr("target-features", machine.getTargetFeatureString());
    // LLVM avoids 512-bit vectors by default on CPUs that lower their clock
    // for them; our loops are long and stream through memory.
    function.addFnAttr("prefer-vector-width", "512");
  }
}

namespace {

/// Keeps LLVM from telling users that a loop was not vectorized. Kernels ask
/// for it on every loop that may gain, and there is nothing a user can do where
/// it is not possible.
class MissedTransformationFilter : public DiagnosticHandler {
public:
  bool handleDiagnostics(const DiagnosticInfo &info) override {
    return isa<DiagnosticInfoOptimizationFailure>(info);
  }
};

} // namespace

void frac::optimizeModule(Module &module, TargetMachine &machine) {
  module.getContext().setDiagnosticHandler(
      std::make_unique<MissedTransformationFilter>());
  LoopAnalysisManager loopAnalyses;
  FunctionAnalysisManager functionAnalyses;
  CGSCCAnalysisManager cgsccAnalyses;
  ModuleAnalysisManager moduleAnalyses;
  PipelineTuningOptions tuning;
  tuning.LoopVectorization = true;
  // Entries are one block of thousands of calls without anything to gain from
  // it, and it takes quadratic time there.
  tuning.SLPVectorization = false;
  tuning.LoopInterleaving = true;
  PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(moduleAnalyses);
  builder.registerCGSCCAnalyses(cgsccAnalyses);
  builder.registerFunctionAnalyses(functionAnalyses);
  builder.registerLoopAnalyses(loopAnalyses);
  builder.crossRegisterProxies(loopAnalyses, functionAnalyses, cgsccAnalyses,
                               moduleAnalyses);
  builder.buildPerModuleDefaultPipeline(OptimizationLevel::O3)
      .run(module, moduleAnalyses);
}

Error frac::emitObject(Module &module, TargetMachine &machine,
                       raw_pwrite_stream &stream) {
  legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, stream, nullptr,
                                  CodeGenFileType::ObjectFile))
    return createStringError("LLVM cannot write object files for " +
                             machine.getTargetTriple().str());
  passes.run(module);
  return Error::success();
}
