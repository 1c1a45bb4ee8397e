//===- Run.cpp - fracc run and fracc test-onnx ---------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Context.h"
#include "compiler/driver/Driver.h"
#include "compiler/driver/NpzTensors.h"
#include "compiler/jit/Jit.h"
#include "frontends/onnx/BackendTest.h"
#include "frontends/onnx/Import.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace frac;

/// The ONNX name of an argument or result.
static std::string getName(Attribute attribute) {
  auto name = dyn_cast_if_present<StringAttr>(attribute);
  return name ? name.getValue().str() : "";
}

/// Whether `tensor` is what an argument of type `type` takes.
static bool fits(const HostTensor &tensor, RankedTensorType type) {
  if (ArrayRef<int64_t>(tensor.shape) != type.getShape())
    return false;
  Type element = type.getElementType();
  switch (tensor.type) {
  case HostType::Float32:
    return element.isF32();
  case HostType::Float64:
    return element.isF64();
  case HostType::Int32:
    return element.isInteger(32);
  case HostType::Int64:
    return element.isInteger(64);
  case HostType::Bool:
    return element.isInteger(1);
  }
  return false;
}

/// The arguments of @forward from the arrays of a file.
static llvm::Expected<std::vector<HostTensor>>
collectInputs(func::FuncOp forward, NamedTensors &tensors, StringRef path) {
  std::vector<HostTensor> inputs;
  std::string errors;
  for (unsigned i = 0, e = forward.getNumArguments(); i != e; ++i) {
    std::string name = getName(forward.getArgAttr(i, "onnx.name"));
    auto type = cast<RankedTensorType>(forward.getArgument(i).getType());
    auto found = tensors.find(name);
    llvm::raw_string_ostream message(errors);
    if (found == tensors.end())
      message << path << ": error: has no array '" << name
              << "', which the model takes as " << type << '\n';
    else if (!fits(found->second, type))
      message << path << ": error: array '" << name
              << "' does not fit the model's input " << type << '\n';
    else
      inputs.push_back(std::move(found->second));
  }
  if (!errors.empty())
    return llvm::createStringError(errors);
  return inputs;
}

static llvm::Error run(const RunOptions &options, MLIRContext &context,
                       frontend::Diagnostics &diagnostics) {
  llvm::Expected<NamedTensors> tensors = readTensors(options.inputsPath);
  if (!tensors)
    return tensors.takeError();
  std::unique_ptr<frontend::Model> model =
      frontend::Model::load(options.modelPath, diagnostics);
  if (!model)
    return llvm::Error::success();
  if (options.batchNorm == BatchNormMode::Unfold)
    frontend::unfoldBatchNorm(*model, diagnostics);

  frontend::ImportOptions importOptions;
  importOptions.dynamicBatch = false;
  importOptions.initializersAsConstants = true;
  for (const auto &[name, tensor] : *tensors) {
    importOptions.inputShapes[name] = tensor.shape;
    if (tensor.type == HostType::Int64)
      importOptions.inputValues[name] = tensor;
  }
  OwningOpRef<ModuleOp> module =
      importModel(*model, context, importOptions, diagnostics);
  if (!module || diagnostics.hasErrors())
    return llvm::Error::success();

  auto forward = module->lookupSymbol<func::FuncOp>("forward");
  std::vector<std::string> names;
  for (unsigned i = 0, e = forward.getNumResults(); i != e; ++i)
    names.push_back(getName(forward.getResultAttr(i, "onnx.name")));
  llvm::Expected<std::vector<HostTensor>> inputs =
      collectInputs(forward, *tensors, options.inputsPath);
  if (!inputs)
    return inputs.takeError();

  llvm::Expected<std::unique_ptr<Jit>> jit = Jit::create(options.targetCpu);
  if (!jit)
    return jit.takeError();
  llvm::Expected<std::vector<HostTensor>> outputs =
      (*jit)->run(*module, *inputs);
  if (!outputs)
    return outputs.takeError();
  NamedTensors results;
  for (auto [name, output] : llvm::zip(names, *outputs))
    results[name] = std::move(output);
  return writeTensors(options.outputsPath, results);
}

int frac::runModel(const RunOptions &options) {
  std::unique_ptr<MLIRContext> context = createCompilerContext();
  frontend::Diagnostics diagnostics(options.modelPath);
  llvm::Error error = run(options, *context, diagnostics);
  bool failed = static_cast<bool>(error) || diagnostics.hasErrors();
  diagnostics.print(llvm::errs());
  if (error)
    printErrors(std::move(error));
  return failed ? 1 : 0;
}

int frac::testOnnx(const TestOnnxOptions &options) {
  llvm::Expected<std::unique_ptr<Jit>> jit = Jit::create(options.targetCpu);
  if (!jit) {
    printErrors(jit.takeError());
    return 1;
  }
  bool passed = frontend::runBackendTests(
      options.folders,
      [&](ModuleOp module, ArrayRef<HostTensor> inputs) {
        return (*jit)->run(module, inputs);
      },
      llvm::outs());
  return passed ? 0 : 1;
}
