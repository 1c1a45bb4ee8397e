//===- EpochCurves.h - Curves over epochs --------------------- -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_EPOCHCURVES_H
#define FRAC_COMPILER_REPORT_EPOCHCURVES_H

#include "compiler/report/LineChart.h"

namespace frac::report {

/// A curve over epochs: its name and where its numbers come from.
struct CurveSource {
  llvm::StringRef name;
  std::function<Number(const Epoch &)> getNumber;
  /// Of the series colours.
  int color;
  bool isDashed;
};

/// A chart of a run's figures over its epochs, of which there is at least
/// one, with their table. Curves without any number are left out.
LineChart makeCurves(const TrainingReport &report, const Timeline &timeline,
                     llvm::StringRef title, llvm::ArrayRef<CurveSource> sources,
                     std::string (*format)(double));

/// Writes the chart or, if there is nothing to draw, a line with the reason.
void writeCurves(PageStream &page, const LineChart &chart, llvm::StringRef name,
                 llvm::StringRef reason);

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_EPOCHCURVES_H
