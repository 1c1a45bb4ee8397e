//===- Palette.h - Colours of charts -------------------------- -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_PALETTE_H
#define FRAC_COMPILER_REPORT_PALETTE_H

#include <string>

namespace frac::report {

/// The colour of a series, as `fill` and `stroke` take it, for white pages and
/// for black ones.
///
/// They are the colours of Okabe and Ito ("Color Universal Design", 2008),
/// which people with any colour vision can tell apart; the style sheet has
/// them, lighter for dark pages. There are `seriesColors` of them.
constexpr int seriesColors = 8;
std::string getSeriesColor(int index);

/// An ordered colour for `position` from 0 (dark) to 1 (bright): lightness
/// rises evenly, so that the order is seen in grey as well. The anchors are
/// those of Matplotlib's viridis, without its darkest end.
std::string getRampColor(double position);

/// The colour of widths, ordered from `lowest` to `highest` bits. Blocks that
/// are skipped, 0 bits, are hatched.
std::string getWidthColor(double bits, double lowest, double highest);

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_PALETTE_H
