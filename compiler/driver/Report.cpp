//===- Report.cpp - fracc report ------------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Context.h"
#include "compiler/driver/Driver.h"
#include "compiler/driver/OutputFile.h"
#include "compiler/report/Page.h"
#include "compiler/report/ReportReader.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace frac;
using namespace frac::report;

/// The names of files without folder and ending; whole paths where two are
/// equal otherwise.
static void nameRuns(std::vector<NamedReport> &runs,
                     ArrayRef<std::string> paths) {
  for (size_t i = 0; i < runs.size(); ++i) {
    StringRef stem = sys::path::stem(paths[i]);
    bool isOnly = count_if(paths, [&](StringRef path) {
                    return sys::path::stem(path) == stem;
                  }) == 1;
    runs[i].name = isOnly ? stem.str() : paths[i];
  }
}

/// Checks what can be said before reading.
static Error checkPaths(const ReportOptions &options) {
  if (options.reportPaths.size() > maxCompared)
    return createStringError(
        "fracc: error: " + Twine(options.reportPaths.size()) +
        " reports; at most " + Twine(maxCompared) +
        " are compared on one page");
  for (const std::string &path : options.reportPaths)
    if (sys::fs::equivalent(path, options.outputPath))
      return createStringError(path +
                               ": error: is a report and would be overwritten; "
                               "give the page another name with -o");
  return Error::success();
}

static Error writeReports(const ReportOptions &options) {
  if (Error error = checkPaths(options))
    return error;
  std::vector<NamedReport> runs;
  for (const std::string &path : options.reportPaths) {
    Expected<TrainingReport> report = readReport(path);
    if (!report)
      return report.takeError();
    runs.push_back({"", std::move(*report)});
  }
  nameRuns(runs, options.reportPaths);
  OutputFile output(options.outputPath == "-" ? "" : options.outputPath);
  if (runs.size() == 1)
    writePage(output.getStream(), runs.front().report);
  else
    writeComparison(output.getStream(), runs);
  return output.commit();
}

int frac::reportRuns(const ReportOptions &options) {
  if (Error error = writeReports(options)) {
    printErrors(std::move(error));
    return 1;
  }
  return 0;
}
