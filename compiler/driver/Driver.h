//===- Driver.h - The commands of fracc
//----------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_DRIVER_DRIVER_H
#define FRAC_COMPILER_DRIVER_DRIVER_H

#include "compiler/driver/Options.h"

namespace frac {

/// Each command prints its errors on stderr and returns the exit status: 0
/// when all went well, else 1. No output file is left behind by a failure.

/// `fracc compile`. `argv0` finds the runtime library.
int compileModel(const CompileOptions &options, const char *argv0);

/// `fracc run`: the forward pass on the arrays of an .npz file.
int runModel(const RunOptions &options);

/// `fracc inspect`.
int inspectModel(const InspectOptions &options);

/// `fracc estimate`.
int estimateModel(const EstimateOptions &options);

/// `fracc test-onnx`: ONNX's backend tests.
int testOnnx(const TestOnnxOptions &options);

/// `fracc report`: the page of a run, or of several that are compared.
int reportRuns(const ReportOptions &options);

} // namespace frac

#endif // FRAC_COMPILER_DRIVER_DRIVER_H
