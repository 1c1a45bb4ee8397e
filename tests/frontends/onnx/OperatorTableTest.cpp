//===- OperatorTableTest.cpp - The documented table of operators is the real one -===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Operators.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

/// Checks docs/operators.md; run with FRAC_UPDATE_DOCS=1 it writes the page.
TEST(OperatorTable, IsDocumented) {
  std::string expected;
  llvm::raw_string_ostream os(expected);
  frac::frontend::printOperatorTable(os);
  if (std::getenv("FRAC_UPDATE_DOCS"))
    std::ofstream(FRAC_OPERATOR_PAGE) << expected;
  std::ifstream file(FRAC_OPERATOR_PAGE);
  std::stringstream page;
  page << file.rdbuf();
  EXPECT_EQ(page.str(), expected)
      << "docs/operators.md is out of date; run this test with "
         "FRAC_UPDATE_DOCS=1 to write it anew";
}
