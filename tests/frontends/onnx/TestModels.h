//===- TestModels.h - Models for tests -----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_TESTS_FRONTENDS_ONNX_TESTMODELS_H
#define FRAC_TESTS_FRONTENDS_ONNX_TESTMODELS_H

#include "frontends/onnx/Import.h"

#include <onnx/onnx_pb.h>

#include <string>
#include <vector>

namespace frac::frontend {

/// Reads a model from ONNX's textual syntax. Fails the test on errors.
onnx::ModelProto parseModel(const std::string &text);

/// Adds a float initializer of `shape` with the elements 0.5, 1, 1.5 and so on.
onnx::TensorProto &addWeights(onnx::ModelProto &model, const std::string &name,
                              const std::vector<int64_t> &shape);

/// What came of an import.
struct Imported {
  /// The printed module; empty after an error.
  std::string module;
  /// Errors and warnings, as a user sees them.
  std::string report;
};

/// Loads and imports a model made in memory, called `test.onnx`.
Imported import(onnx::ModelProto model,
                const ImportOptions &options = ImportOptions(),
                bool unfold = false);

} // namespace frac::frontend

#endif // FRAC_TESTS_FRONTENDS_ONNX_TESTMODELS_H
