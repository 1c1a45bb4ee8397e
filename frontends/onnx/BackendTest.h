//===- BackendTest.h - ONNX's backend tests ------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_BACKENDTEST_H
#define FRAC_FRONTENDS_ONNX_BACKENDTEST_H

#include "compiler/HostTensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace frac::frontend {

/// Runs @forward of an imported module, whose shapes are all static, and
/// returns its results. The module may be changed.
using Executor = llvm::function_ref<llvm::Expected<std::vector<HostTensor>>(
    mlir::ModuleOp module, llvm::ArrayRef<HostTensor> inputs)>;

/// How a test folder came out.
struct BackendTestResult {
  enum class Status { Passed, Failed, Unsupported };
  Status status;
  /// Why it did not pass.
  std::string reason;
};

/// Runs the model in `folder` on each of its data sets (`test_data_set_N` with
/// `input_N.pb` and `output_N.pb`) and compares: integers and bools exactly,
/// floats within atol + rtol |expected|. The tolerances are those of ONNX's
/// runner, 1e-7 and 1e-3, unless the folder has a `data.json` with `atol` or
/// `rtol`.
BackendTestResult runBackendTest(llvm::StringRef folder, Executor executor);

/// Runs all `folders`; one without a `model.onnx` stands for the folders in it
/// that have one. Prints a line each, `NAME: PASS`, `NAME: FAIL reason` or
/// `NAME: UNSUPPORTED reason`, and the counts at the end. Returns whether at
/// least one was run and none failed.
bool runBackendTests(llvm::ArrayRef<std::string> folders, Executor executor,
                     llvm::raw_ostream &os);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_BACKENDTEST_H
