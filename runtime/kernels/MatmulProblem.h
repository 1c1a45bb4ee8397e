//===- MatmulProblem.h - One batched matrix product -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_MATMULPROBLEM_H
#define FRAC_RUNTIME_KERNELS_MATMULPROBLEM_H

#include <cstdint>
#include <string>

namespace frac::runtime {

/// c = op(a) x op(b), `batch` times; see frac_matmul. Equality and hashes work
/// on the bytes of this struct.
struct MatmulProblem {
  int64_t batch;
  int64_t m;
  int64_t n;
  int64_t k;
  int64_t transposeA;
  int64_t transposeB;

  /// The reason why no kernel can compute this, or an empty string.
  std::string invalidReason() const;

  /// Number of elements of the result.
  int64_t resultSize() const { return batch * m * n; }

  /// Whether the sums have no terms, so that the result is zero.
  bool hasEmptySums() const { return k == 0; }

  /// Multiply-accumulates.
  double macs() const {
    return double(batch) * double(m) * double(n) * double(k);
  }

  const char *productName() const { return "matmul"; }

  /// For people.
  std::string text() const;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_MATMULPROBLEM_H
