//===- LowbitProblem.h - One contraction of integers ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_LOWBITPROBLEM_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_LOWBITPROBLEM_H

#include "runtime/frac_runtime.h"
#include "runtime/kernels/ConvProblem.h"
#include "runtime/kernels/MatmulProblem.h"

#include <cstdint>
#include <string>

namespace frac::runtime {

/// What a kernel is chosen by in an operand: everything but its numbers.
struct OperandForm {
  /// Of one element.
  int32_t bytes;
  /// The largest width; 0 if all samples are left out.
  int32_t bits;
  /// As in frac_quantized.
  int32_t scaleDim;
  int32_t bitsDim;

  /// The form of `operand`; `samples` is the number of widths it has if they
  /// differ by sample.
  OperandForm(const frac_quantized &operand, int64_t samples);

  /// Why this can be no operand, or an empty string; `scaleDims` is the number
  /// of dimensions, from the first on, that scales may belong to.
  std::string invalidReason(const char *name, int32_t scaleDims) const;

  /// Bytes that hold the significant bits of an element.
  int32_t planes() const { return bits > 8 ? 2 : 1; }
};

/// One product of a convolution of quantized tensors. Equality and hashes work
/// on the bytes.
struct LowbitConvProblem {
  ConvProblem conv;
  OperandForm first;
  OperandForm second;

  /// The reason why no kernel can compute this, or an empty string.
  std::string invalidReason() const;

  int64_t resultSize() const { return conv.resultSize(); }
  bool isLeftOut() const { return first.bits == 0 || second.bits == 0; }
  bool hasEmptySums() const { return conv.hasEmptySums() || isLeftOut(); }
  double macs() const { return conv.macs(); }
  const char *productName() const;
  std::string text() const;
};

/// A matrix product of quantized matrices. Equality and hashes work on the
/// bytes.
struct LowbitMatmulProblem {
  MatmulProblem matmul;
  OperandForm first;
  OperandForm second;

  /// The reason why no kernel can compute this, or an empty string.
  std::string invalidReason() const;

  int64_t resultSize() const { return matmul.resultSize(); }
  bool isLeftOut() const { return first.bits == 0 || second.bits == 0; }
  bool hasEmptySums() const { return matmul.hasEmptySums() || isLeftOut(); }
  double macs() const { return matmul.macs(); }
  const char *productName() const { return "qmatmul"; }
  std::string text() const;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_LOWBITPROBLEM_H
