//===- TrainingReport.cpp - What a training run told ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/TrainingReport.h"

#include <cmath>

using namespace frac::report;

Number frac::report::makeNumber(double value) {
  return std::isfinite(value) ? Number(value) : std::nullopt;
}

Number Passes::total() const {
  Number sum;
  for (Number part : {forward, error, weightGradient})
    if (part)
      sum = sum.value_or(0) + *part;
  return sum ? makeNumber(*sum) : std::nullopt;
}
