//===- Sections.h - The parts of a run's page ----------------- -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_SECTIONS_H
#define FRAC_COMPILER_REPORT_SECTIONS_H

#include "compiler/report/Figure.h"

namespace frac::report {

/// What was run, the best accuracy, and totals: what was counted apart from
/// what was measured.
void writeOverview(PageStream &page, const TrainingReport &report,
                   const Timeline &timeline);

/// Accuracy, loss and learning rate.
void writeLearning(PageStream &page, const TrainingReport &report,
                   const Timeline &timeline);

/// Widths by layer, how often each was chosen, and what gates paid.
void writePrecision(PageStream &page, const TrainingReport &report,
                    const Timeline &timeline);

/// Bit-MACs, and energy and time of the accelerator that the cost model stands
/// for.
void writeCounted(PageStream &page, const TrainingReport &report,
                  const Timeline &timeline);

/// Times on the machine that trained.
void writeMeasured(PageStream &page, const TrainingReport &report,
                   const Timeline &timeline);

/// A line in place of a chart that has nothing to show.
void writeAbsence(PageStream &page, llvm::StringRef chart,
                  llvm::StringRef reason);

/// The index of the epoch with the highest test accuracy, the first of equals;
/// the number of epochs if none is known.
size_t findBestEpoch(const TrainingReport &report);

/// The sum of a figure over the epochs before `end`; none if one lacks it, or
/// if it is no finite number.
Number sumEpochs(const TrainingReport &report, size_t end,
                 const std::function<Number(const Epoch &)> &getNumber);

/// Formats of numbers for tables and notes.
std::string formatPlain(double number);
std::string formatPrefixed(double number);

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_SECTIONS_H
