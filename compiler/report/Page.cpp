//===- Page.cpp - Reports as pages ----------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/Page.h"

#include "compiler/report/Markup.h"
#include "compiler/report/Sections.h"
#include "compiler/report/Style.h"

using namespace llvm;
using namespace frac;
using namespace frac::report;

void report::writeDocument(raw_ostream &os, StringRef title,
                           function_ref<void()> writeBody) {
  os << "<!DOCTYPE html>\n"
        "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
        "<meta charset=\"utf-8\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\"/>\n"
        "<meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
        "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>"
     << escape(title) << "</title>\n<style>\n"
     << getStyleSheet() << "</style>\n</head>\n<body>\n";
  // What stands for skipped blocks in every chart.
  os << "<svg class=\"patterns\" width=\"0\" height=\"0\" "
        "aria-hidden=\"true\"><defs><pattern id=\"skipped\" width=\"4\" "
        "height=\"4\" patternUnits=\"userSpaceOnUse\" "
        "patternTransform=\"rotate(45)\"><rect class=\"gap\" width=\"4\" "
        "height=\"4\"/><rect class=\"hatch\" width=\"1.5\" "
        "height=\"4\"/></pattern></defs></svg>\n<main>\n";
  writeBody();
  os << "</main>\n</body>\n</html>\n";
}

void report::writePage(raw_ostream &os, const TrainingReport &report) {
  PageStream page{os};
  Timeline timeline(report.epochs);
  writeDocument(os, "Training report: " + report.model, [&] {
    writeOverview(page, report, timeline);
    if (report.epochs.empty()) {
      os << "<p class=\"absent\">No charts: no epoch was finished.</p>\n";
      return;
    }
    writeLearning(page, report, timeline);
    writePrecision(page, report, timeline);
    writeCounted(page, report, timeline);
    writeMeasured(page, report, timeline);
  });
}
