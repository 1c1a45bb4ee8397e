//===- Style.h - The style sheet of pages --------------------- -*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_REPORT_STYLE_H
#define FRAC_COMPILER_REPORT_STYLE_H

#include "llvm/ADT/StringRef.h"

namespace frac::report {

/// The text of page.css, which the build puts into the program.
llvm::StringRef getStyleSheet();

} // namespace frac::report

#endif // FRAC_COMPILER_REPORT_STYLE_H
