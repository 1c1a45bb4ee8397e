//===- MatmulProblem.cpp - One batched matrix product ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/MatmulProblem.h"

#include "runtime/kernels/Limits.h"

using namespace frac::runtime;

std::string MatmulProblem::invalidReason() const {
  ExtentProduct a, b, c;
  a.multiply(batch).multiply(m).multiply(k);
  b.multiply(batch).multiply(k).multiply(n);
  c.multiply(batch).multiply(m).multiply(n);
  if (!a.valid() || !b.valid() || !c.valid())
    return "has a matrix that is too large";
  return {};
}

std::string MatmulProblem::text() const {
  auto matrix = [](int64_t rows, int64_t columns, bool transposed) {
    return std::to_string(rows) + "x" + std::to_string(columns) +
           (transposed ? "^T" : "");
  };
  return (transposeA ? matrix(k, m, true) : matrix(m, k, false)) + " * " +
         (transposeB ? matrix(n, k, true) : matrix(k, n, false));
}
