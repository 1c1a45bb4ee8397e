//===- ReportReader.h - Reads the report of a run ------------- -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_REPORTREADER_H
#define FRAC_COMPILER_REPORT_REPORTREADER_H

#include "compiler/report/TrainingReport.h"
#include "llvm/Support/Error.h"

namespace frac::report {

/// Reads the file that `train --report=FILE` wrote. Keys that are not known are
/// passed over, and those that an older program did not write may be absent.
/// The error is one line, `PATH: error: epochs[3].seconds: what is wrong`.
/// Files that are larger or deeper than any report are refused.
llvm::Expected<TrainingReport> readReport(llvm::StringRef path);

/// The same of the text of a file; `path` is for the error.
llvm::Expected<TrainingReport> parseReport(llvm::StringRef text,
                                           llvm::StringRef path);

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_REPORTREADER_H
