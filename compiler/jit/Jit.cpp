//===- Jit.cpp - Running models in this process ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/jit/Jit.h"

#include "compiler/native/Target.h"
#include "compiler/pipeline/Pipelines.h"
#include "compiler/program/InitialState.h"
#include "runtime/frac_runtime.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"

using namespace mlir;
using namespace frac;

struct Jit::Implementation {
  std::unique_ptr<llvm::TargetMachine> machine;
  std::unique_ptr<llvm::orc::LLJIT> linker;
  int threads = 0;
  /// Number of the next run, for the names of its symbols' table.
  unsigned runs = 0;
};

Jit::Jit(std::unique_ptr<Implementation> implementation)
    : implementation(std::move(implementation)) {}

Jit::~Jit() = default;

llvm::Expected<std::unique_ptr<Jit>> Jit::create(StringRef cpu, int threads) {
  auto implementation = std::make_unique<Implementation>();
  auto machine = createTargetMachine(cpu);
  if (!machine)
    return machine.takeError();
  implementation->machine = std::move(*machine);
  auto linker = llvm::orc::LLJITBuilder().create();
  if (!linker)
    return linker.takeError();
  implementation->linker = std::move(*linker);
  implementation->threads = threads;
  return std::unique_ptr<Jit>(new Jit(std::move(implementation)));
}

namespace {

/// Memory aligned as the compiled code expects it.
class AlignedBuffer {
public:
  explicit AlignedBuffer(size_t size)
      : data(static_cast<unsigned char *>(std::aligned_alloc(
            FRAC_ALIGNMENT, llvm::alignTo(size + 1, FRAC_ALIGNMENT)))) {
    if (data)
      std::memset(data, 0, size);
  }
  ~AlignedBuffer() { std::free(data); }
  AlignedBuffer(const AlignedBuffer &) = delete;
  AlignedBuffer &operator=(const AlignedBuffer &) = delete;

  unsigned char *data;
};

} // namespace

static std::optional<HostType> getHostType(Type type) {
  if (type.isF32())
    return HostType::Float32;
  if (type.isF64())
    return HostType::Float64;
  if (type.isInteger(1))
    return HostType::Bool;
  if (type.isInteger(32))
    return HostType::Int32;
  if (type.isInteger(64))
    return HostType::Int64;
  return std::nullopt;
}

/// A tensor of zeros of type `type`.
static llvm::Expected<HostTensor> makeTensor(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  std::optional<HostType> element;
  if (tensor)
    element = getHostType(tensor.getElementType());
  if (!element || !tensor.hasStaticShape()) {
    std::string text;
    llvm::raw_string_ostream(text) << type;
    return llvm::createStringError("cannot run a model with values of type " +
                                   text);
  }
  return HostTensor(*element, tensor.getShape().vec());
}

/// Checks the inputs against the arguments of `forward` and makes the outputs.
static llvm::Expected<std::vector<HostTensor>>
makeOutputs(func::FuncOp forward, ArrayRef<HostTensor> inputs) {
  if (forward.getNumArguments() != inputs.size())
    return llvm::createStringError(
        "the model takes " + Twine(forward.getNumArguments()) +
        " inputs, but " + Twine(inputs.size()) + " are given");
  for (auto [index, type, input] :
       llvm::enumerate(forward.getArgumentTypes(), inputs)) {
    llvm::Expected<HostTensor> expected = makeTensor(type);
    if (!expected)
      return expected.takeError();
    if (expected->type != input.type || expected->shape != input.shape ||
        expected->bytes.size() != input.bytes.size()) {
      std::string text;
      llvm::raw_string_ostream(text) << type;
      return llvm::createStringError("input " + Twine(index) +
                                     " needs to be a " + text);
    }
  }
  std::vector<HostTensor> outputs;
  for (Type type : forward.getResultTypes()) {
    llvm::Expected<HostTensor> output = makeTensor(type);
    if (!output)
      return output.takeError();
    outputs.push_back(std::move(*output));
  }
  return outputs;
}

/// Runs passes over `module`; their diagnostics become the error.
static llvm::Error
runPasses(ModuleOp module,
          llvm::function_ref<void(OpPassManager &)> buildPipeline) {
  std::string messages;
  ScopedDiagnosticHandler handler(
      module.getContext(), [&](Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
          messages += (messages.empty() ? "" : "; ") + diagnostic.str();
        return success();
      });
  PassManager passes(module.getContext(), ModuleOp::getOperationName());
  buildPipeline(passes);
  if (succeeded(passes.run(module)))
    return llvm::Error::success();
  return llvm::createStringError(messages.empty() ? "a pass failed" : messages);
}

/// Machine code of a module in the LLVM dialect, as an object file.
static llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
generateObject(ModuleOp module, llvm::TargetMachine &machine) {
  // The module's context is the caller's, who need not know of LLVM.
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> code =
      translateModuleToLLVMIR(module, context, "model");
  if (!code)
    return llvm::createStringError("cannot translate the model to LLVM");
  prepareForTarget(*code, machine);
  optimizeModule(*code, machine);
  llvm::SmallVector<char, 0> object;
  llvm::raw_svector_ostream stream(object);
  if (llvm::Error error = emitObject(*code, machine, stream))
    return error;
  return std::make_unique<llvm::SmallVectorMemoryBuffer>(
      std::move(object), /*RequiresNullTerminator=*/false);
}

/// The functions of the runtime that compiled code calls, by name.
static llvm::Error defineRuntime(llvm::orc::LLJIT &linker,
                                 llvm::orc::JITDylib &library) {
  llvm::orc::SymbolMap symbols;
  auto define = [&](StringRef name, auto *function) {
    symbols[linker.mangleAndIntern(name)] = llvm::orc::ExecutorSymbolDef(
        llvm::orc::ExecutorAddr::fromPtr(function),
        llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable);
  };
  define("frac_parallel_for", frac_parallel_for);
  define("frac_conv_forward", frac_conv_forward);
  define("frac_conv_input_grad", frac_conv_input_grad);
  define("frac_conv_weight_grad", frac_conv_weight_grad);
  define("frac_matmul", frac_matmul);
  if (llvm::Error error =
          library.define(llvm::orc::absoluteSymbols(std::move(symbols))))
    return error;
  // The C library: memcpy, functions of math without a polynomial.
  auto process = llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      linker.getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  library.addGenerator(std::move(*process));
  return llvm::Error::success();
}

llvm::Expected<std::vector<HostTensor>> Jit::run(ModuleOp module,
                                                 ArrayRef<HostTensor> inputs) {
  auto forward = module.lookupSymbol<func::FuncOp>("forward");
  if (!forward)
    return llvm::createStringError("the module has no @forward");
  llvm::Expected<std::vector<HostTensor>> outputs =
      makeOutputs(forward, inputs);
  if (!outputs)
    return outputs.takeError();

  LoweringOptions lowering;
  lowering.batch = 1;
  if (llvm::Error error = runPasses(module, [&](OpPassManager &passes) {
        buildLoweringPipeline(passes, lowering);
      }))
    return error;
  auto getBytes = [](Operation *op, StringRef name) {
    return static_cast<size_t>(op->getAttrOfType<IntegerAttr>(name).getInt());
  };
  AlignedBuffer state(getBytes(module, "frac.grad_state_bytes"));
  AlignedBuffer workspace(
      getBytes(module.lookupSymbol("forward"), "frac.workspace_bytes"));
  // A runtime keeps the first error for good, so that each run has its own.
  std::unique_ptr<frac_runtime, void (*)(frac_runtime *)> runtime(
      frac_runtime_create(implementation->threads), frac_runtime_destroy);
  if (!state.data || !workspace.data || !runtime)
    return llvm::createStringError("out of memory");
  {
    llvm::SmallVector<char, 0> values;
    llvm::raw_svector_ostream stream(values);
    if (failed(writeInitialState(module, stream)))
      return llvm::createStringError("the model's weights cannot be read");
    std::memcpy(state.data, values.data(), values.size());
  }
  if (llvm::Error error = runPasses(module, buildLLVMPipeline))
    return error;
  auto object = generateObject(module, *implementation->machine);
  if (!object)
    return object.takeError();

  llvm::orc::LLJIT &linker = *implementation->linker;
  llvm::Expected<llvm::orc::JITDylib &> library =
      linker.createJITDylib("run" + std::to_string(implementation->runs++));
  if (!library)
    return library.takeError();
  llvm::Error error = defineRuntime(linker, *library);
  if (!error)
    error = linker.addObjectFile(*library, std::move(*object));
  if (!error) {
    auto entry = linker.lookup(*library, "forward");
    if (entry) {
      std::vector<const void *> inputData;
      std::vector<void *> outputData;
      for (const HostTensor &input : inputs)
        inputData.push_back(input.bytes.data());
      for (HostTensor &output : *outputs)
        outputData.push_back(output.bytes.data());
      frac_invocation call{runtime.get(),    1,
                           state.data,       workspace.data,
                           inputData.data(), outputData.data()};
      entry->toPtr<frac_entry_fn>()(&call);
    } else {
      error = entry.takeError();
    }
  }
  error = llvm::joinErrors(
      std::move(error), linker.getExecutionSession().removeJITDylib(*library));
  if (!error)
    if (const char *message = frac_runtime_error(runtime.get()))
      error = llvm::createStringError(message);
  if (error)
    return error;
  return outputs;
}
