//===- Scale.h - From numbers to places on a chart ------------ -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_SCALE_H
#define FRAC_COMPILER_REPORT_SCALE_H

#include "compiler/report/TrainingReport.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace frac::report {

/// Whether a chart shows the number: known, finite, and small enough that sums
/// and differences of a few are finite too.
bool isDrawable(Number number);

/// An SI prefix: "G" stands for a factor of 1e9.
struct Prefix {
  double factor = 1;
  llvm::StringRef symbol;
};

/// The prefix with which `largest`, at least 0, has one to three digits before
/// the point; none for 0 and for what has no prefix.
Prefix choosePrefix(double largest);

/// The smallest and largest of what a chart shows. Empty until a number is
/// included.
struct Extent {
  double lowest = 1;
  double highest = 0;

  bool isEmpty() const { return lowest > highest; }
  /// Passes over what is not drawable.
  void include(Number number);
};

/// An axis between round numbers that takes numbers to coordinates.
class Scale {
public:
  /// From `begin` to `end` in coordinates; numbers from the round number at or
  /// below `extent.lowest` to the one at or above `extent.highest`, with about
  /// `count` ticks. An empty extent is 0 to 1.
  static Scale makeRound(Extent extent, double begin, double end, int count);

  /// The same with `lowest` and `highest` exactly at the ends. `areWhole`:
  /// ticks are whole numbers.
  static Scale makeExact(Extent extent, double begin, double end, int count,
                         bool areWhole = false);

  /// From `extent.lowest` to `extent.highest`, both above 0, by their
  /// logarithms; ticks at powers of ten, and at 2 and 5 times them if those are
  /// few.
  static Scale makeLogarithmic(Extent extent, double begin, double end);

  double operator()(double number) const;

  const std::vector<double> &getTicks() const { return ticks; }

  /// The text at a tick: `tick / factor` with as many decimals as tell ticks
  /// apart.
  std::string getLabel(double tick, double factor = 1) const;

private:
  Scale(double lowest, double highest, double begin, double end)
      : lowest(lowest), highest(highest), begin(begin), end(end) {}

  double lowest, highest, begin, end;
  double step = 1;
  /// `lowest` and `highest` are logarithms.
  bool isLogarithmic = false;
  std::vector<double> ticks;
};

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_SCALE_H
