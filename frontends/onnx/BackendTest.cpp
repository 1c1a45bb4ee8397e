//===- BackendTest.cpp - ONNX's backend tests ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/BackendTest.h"

#include "dialects/nn/NNDialect.h"
#include "frontends/onnx/Extent.h"
#include "frontends/onnx/Import.h"
#include "frontends/onnx/TensorData.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <onnx/onnx_pb.h>

#include <cmath>

using namespace frac;
using namespace frac::frontend;
using Status = BackendTestResult::Status;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// Elements up to which a float input may serve a rule as a constant.
static constexpr int64_t maxConstantFloats = 1;

namespace {

struct Tolerance {
  double absolute = 1e-7;
  double relative = 1e-3;
};

} // namespace

static std::string join(llvm::StringRef folder, const llvm::Twine &name) {
  llvm::SmallString<128> joined(folder);
  path::append(joined, name);
  return joined.str().str();
}

static Tolerance readTolerance(llvm::StringRef folder) {
  Tolerance tolerance;
  auto buffer = llvm::MemoryBuffer::getFile(join(folder, "data.json"));
  if (!buffer)
    return tolerance;
  llvm::Expected<llvm::json::Value> json =
      llvm::json::parse((*buffer)->getBuffer());
  if (!json) {
    llvm::consumeError(json.takeError());
    return tolerance;
  }
  if (const llvm::json::Object *object = json->getAsObject()) {
    tolerance.absolute = object->getNumber("atol").value_or(tolerance.absolute);
    tolerance.relative = object->getNumber("rtol").value_or(tolerance.relative);
  }
  return tolerance;
}

//===----------------------------------------------------------------------===//
// Tensors in files
//===----------------------------------------------------------------------===//

static std::optional<HostType> getHostType(int dataType) {
  switch (dataType) {
  case onnx::TensorProto::FLOAT:
    return HostType::Float32;
  case onnx::TensorProto::DOUBLE:
    return HostType::Float64;
  case onnx::TensorProto::INT32:
    return HostType::Int32;
  case onnx::TensorProto::INT64:
    return HostType::Int64;
  case onnx::TensorProto::BOOL:
    return HostType::Bool;
  default:
    return std::nullopt;
  }
}

/// Reads a TensorProto; the error says why it is not supported.
static llvm::Expected<HostTensor> readTensor(const std::string &file) {
  std::string name = path::filename(file).str();
  auto fail = [&](const llvm::Twine &reason) {
    return llvm::createStringError(name + " " + reason);
  };
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return fail("cannot be read");
  onnx::TensorProto proto;
  if ((*buffer)->getBufferSize() > std::numeric_limits<int32_t>::max() ||
      !proto.ParseFromArray((*buffer)->getBufferStart(),
                            int((*buffer)->getBufferSize())))
    return fail("holds no tensor");
  std::optional<HostType> type = getHostType(proto.data_type());
  if (!type)
    return fail("has type " + getTypeName(proto.data_type()));
  std::string problem = normalizeTensor(proto, path::parent_path(file));
  if (!problem.empty())
    return fail(problem);
  HostTensor tensor(
      *type, std::vector<int64_t>(proto.dims().begin(), proto.dims().end()));
  std::copy(proto.raw_data().begin(), proto.raw_data().end(),
            tensor.bytes.begin());
  return tensor;
}

/// Reads PREFIX_0.pb, PREFIX_1.pb and so on.
static llvm::Expected<std::vector<HostTensor>>
readTensors(llvm::StringRef folder, llvm::StringRef prefix) {
  std::vector<HostTensor> tensors;
  for (int i = 0;; ++i) {
    std::string file = join(folder, prefix + "_" + llvm::Twine(i) + ".pb");
    if (!fs::exists(file))
      return tensors;
    llvm::Expected<HostTensor> tensor = readTensor(file);
    if (!tensor)
      return tensor.takeError();
    tensors.push_back(std::move(*tensor));
  }
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

template <typename T>
static std::string compareElements(const HostTensor &actual,
                                   const HostTensor &expected,
                                   Tolerance tolerance) {
  for (int64_t i = 0, e = expected.getNumElements(); i != e; ++i) {
    double a = static_cast<double>(actual.data<T>()[i]);
    double b = static_cast<double>(expected.data<T>()[i]);
    bool equal = a == b || (std::isnan(a) && std::isnan(b));
    bool close = std::isfinite(b) &&
                 std::abs(a - b) <=
                     tolerance.absolute + tolerance.relative * std::abs(b);
    if (equal || (close && std::is_floating_point_v<T>))
      continue;
    std::string text;
    llvm::raw_string_ostream(text)
        << "element " << i << " is " << a << " instead of " << b;
    return text;
  }
  return "";
}

static std::string printShape(llvm::ArrayRef<int64_t> shape) {
  return toString(llvm::to_vector_of<Extent>(shape));
}

/// What differs; empty if nothing does.
static std::string compare(const HostTensor &actual, const HostTensor &expected,
                           Tolerance tolerance) {
  if (actual.shape != expected.shape)
    return "has shape " + printShape(actual.shape) + " instead of " +
           printShape(expected.shape);
  if (actual.type != expected.type)
    return "has another element type";
  switch (expected.type) {
  case HostType::Float32:
    return compareElements<float>(actual, expected, tolerance);
  case HostType::Float64:
    return compareElements<double>(actual, expected, tolerance);
  case HostType::Int32:
    return compareElements<int32_t>(actual, expected, tolerance);
  case HostType::Int64:
    return compareElements<int64_t>(actual, expected, tolerance);
  case HostType::Bool:
    return compareElements<uint8_t>(actual, expected, tolerance);
  }
  return "";
}

//===----------------------------------------------------------------------===//
// One folder
//===----------------------------------------------------------------------===//

/// The names of the graph's inputs that are not initializers, in order.
static std::vector<std::string> getInputNames(const Model &model) {
  const onnx::GraphProto &graph = model.getProto().graph();
  std::vector<std::string> names;
  for (const onnx::ValueInfoProto &input : graph.input())
    if (llvm::none_of(graph.initializer(), [&](const onnx::TensorProto &t) {
          return t.name() == input.name();
        }))
      names.push_back(input.name());
  return names;
}

/// Whether running the model draws random numbers, which no file foretells.
static bool isRandom(mlir::ModuleOp module) {
  return module
      .walk([](nn::DropoutOp op) {
        return op.getTraining() ? mlir::WalkResult::interrupt()
                                : mlir::WalkResult::advance();
      })
      .wasInterrupted();
}

static BackendTestResult runDataSet(const Model &model, llvm::StringRef dataSet,
                                    Tolerance tolerance, Executor executor) {
  llvm::Expected<std::vector<HostTensor>> inputs =
      readTensors(dataSet, "input");
  if (!inputs)
    return {Status::Unsupported, llvm::toString(inputs.takeError())};
  llvm::Expected<std::vector<HostTensor>> expected =
      readTensors(dataSet, "output");
  if (!expected)
    return {Status::Unsupported, llvm::toString(expected.takeError())};

  ImportOptions options;
  options.dynamicBatch = false;
  options.initializersAsConstants = true;
  std::vector<std::string> names = getInputNames(model);
  if (names.size() != inputs->size())
    return {Status::Unsupported,
            std::to_string(inputs->size()) + " inputs are given for " +
                std::to_string(names.size()) + " of the model"};
  for (auto [name, input] : llvm::zip_equal(names, *inputs)) {
    options.inputShapes[name] = input.shape;
    if (input.type != HostType::Float32 ||
        input.getNumElements() <= maxConstantFloats)
      options.inputValues[name] = input;
  }
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  Diagnostics diagnostics(model.getPath());
  mlir::OwningOpRef<mlir::ModuleOp> module =
      importModel(model, context, options, diagnostics);
  if (!module)
    return {Status::Unsupported, diagnostics.getFirstError()};
  if (isRandom(*module))
    return {Status::Unsupported, "the outputs are random"};

  llvm::Expected<std::vector<HostTensor>> outputs = executor(*module, *inputs);
  if (!outputs)
    return {Status::Failed, llvm::toString(outputs.takeError())};
  if (outputs->size() != expected->size())
    return {Status::Failed, std::to_string(outputs->size()) +
                                " outputs instead of " +
                                std::to_string(expected->size())};
  for (size_t i = 0; i != outputs->size(); ++i) {
    std::string difference = compare((*outputs)[i], (*expected)[i], tolerance);
    if (!difference.empty())
      return {Status::Failed,
              "output " + std::to_string(i) + ": " + difference};
  }
  return {Status::Passed, ""};
}

BackendTestResult frac::frontend::runBackendTest(llvm::StringRef folder,
                                                 Executor executor) {
  std::string file = join(folder, "model.onnx");
  Diagnostics diagnostics(file);
  std::unique_ptr<Model> model = Model::load(file, diagnostics);
  if (!model)
    return {Status::Unsupported, diagnostics.getFirstError()};
  Tolerance tolerance = readTolerance(folder);
  BackendTestResult result = {Status::Unsupported,
                              "the folder has no test_data_set_0"};
  for (int i = 0;; ++i) {
    std::string dataSet = join(folder, "test_data_set_" + llvm::Twine(i));
    if (!fs::is_directory(dataSet))
      return result;
    result = runDataSet(*model, dataSet, tolerance, executor);
    if (result.status != Status::Passed)
      return result;
  }
}

//===----------------------------------------------------------------------===//
// All folders
//===----------------------------------------------------------------------===//

/// `folder` if it holds a test, else the folders in it that do, by name.
static std::vector<std::string> findTests(llvm::StringRef folder) {
  if (fs::exists(join(folder, "model.onnx")))
    return {folder.str()};
  std::vector<std::string> tests;
  std::error_code failure;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end;
       it.increment(failure))
    if (fs::exists(join(it->path(), "model.onnx")))
      tests.push_back(it->path());
  llvm::sort(tests);
  return tests;
}

bool frac::frontend::runBackendTests(llvm::ArrayRef<std::string> folders,
                                     Executor executor, llvm::raw_ostream &os) {
  int passed = 0, failed = 0, unsupported = 0;
  for (const std::string &folder : folders) {
    std::vector<std::string> tests = findTests(folder);
    if (tests.empty()) {
      os << path::filename(folder) << ": FAIL there is no model.onnx in it\n";
      ++failed;
    }
    for (const std::string &test : tests) {
      BackendTestResult result = runBackendTest(test, executor);
      bool isPass = result.status == Status::Passed;
      bool isFail = result.status == Status::Failed;
      passed += isPass;
      failed += isFail;
      unsupported += !isPass && !isFail;
      os << path::filename(test)
         << (isPass   ? ": PASS"
             : isFail ? ": FAIL "
                      : ": UNSUPPORTED ")
         << result.reason << '\n';
      os.flush();
    }
  }
  os << passed << " passed, " << failed << " failed, " << unsupported
     << " unsupported\n";
  return failed == 0 && passed + unsupported != 0;
}
