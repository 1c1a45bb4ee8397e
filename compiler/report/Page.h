//===- Page.h - Reports as pages ------------------------------ -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_PAGE_H
#define FRAC_COMPILER_REPORT_PAGE_H

#include "compiler/report/TrainingReport.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace frac::report {

/// Writes a whole document around `writeBody`: HTML that is well-formed XML
/// too, and that refers to nothing outside itself.
void writeDocument(llvm::raw_ostream &os, llvm::StringRef title,
                   llvm::function_ref<void()> writeBody);

/// Writes the page of one run.
void writePage(llvm::raw_ostream &os, const TrainingReport &report);

/// A run and the name that charts have for it.
struct NamedReport {
  std::string name;
  TrainingReport report;
};

/// As many runs as there are colours for are compared on one page.
constexpr size_t maxCompared = 8;

/// Writes a page that has the test accuracies of several runs in the same
/// charts, over epochs and over what they cost up to there.
void writeComparison(llvm::raw_ostream &os, llvm::ArrayRef<NamedReport> runs);

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_PAGE_H
