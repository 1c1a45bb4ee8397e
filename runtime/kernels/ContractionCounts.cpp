//===- ContractionCounts.cpp - How much work a runtime has been given -----===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/ContractionCounts.h"

using namespace frac::runtime;

/// Width of a float.
static constexpr int floatBits = 32;

static ExactSum macsOf(const ConvProblem &problem) {
  const frac_conv_shape &s = problem.shape;
  return ExactSum(problem.weightsSize()) *
         ExactSum(problem.batch * s.output[0] * s.output[1] * s.output[2]);
}

static ExactSum macsOf(const MatmulProblem &problem) {
  return ExactSum(problem.batch * problem.m) * ExactSum(problem.n * problem.k);
}

namespace {
/// How many indices of a dimension take part, and a sum over their widths.
struct WidthSum {
  ExactSum count = 0, bits = 0;

  /// That over all pairs of indices.
  WidthSum operator*(const WidthSum &other) const {
    return {count * other.count, bits * other.bits};
  }
  WidthSum operator*(int64_t factor) const {
    return *this * WidthSum{ExactSum(factor), ExactSum(factor)};
  }
};
} // namespace

static int32_t widthAt(const frac_quantized &operand, int64_t i) {
  return operand.bits[operand.bits_dim < 0 ? 0 : i];
}

/// The sum of an operand's widths over `extent` indices of the dimension that
/// they may belong to.
static WidthSum sumOfWidths(const frac_quantized &operand, int64_t extent) {
  WidthSum sum;
  for (int64_t i = 0; i < extent; ++i) {
    const int32_t bits = widthAt(operand, i);
    sum.count += bits != 0;
    sum.bits += ExactSum(bits);
  }
  return sum;
}

/// The sum of the products of two operands' widths over `extent` indices that
/// the dimensions that they may belong to share.
static WidthSum sumOfProducts(const frac_quantized &first,
                              const frac_quantized &second, int64_t extent) {
  WidthSum sum;
  for (int64_t i = 0; i < extent; ++i) {
    const ExactSum bits =
        ExactSum(widthAt(first, i)) * ExactSum(widthAt(second, i));
    sum.count += bits != 0;
    sum.bits += bits;
  }
  return sum;
}

void ContractionCounts::add(ContractionKind kind, ExactSum macs,
                            ExactSum bitProducts) {
  ContractionWork &count = counts[static_cast<std::size_t>(kind)];
  ++count.calls;
  count.macs += macs;
  count.bitProducts += bitProducts;
}

static ContractionKind kindOf(ConvProduct product, bool quantized) {
  switch (product) {
  case ConvProduct::Forward:
    return quantized ? ContractionKind::QConvForward
                     : ContractionKind::ConvForward;
  case ConvProduct::InputGrad:
    return quantized ? ContractionKind::QConvInputGrad
                     : ContractionKind::ConvInputGrad;
  case ConvProduct::WeightGrad:
    break;
  }
  return quantized ? ContractionKind::QConvWeightGrad
                   : ContractionKind::ConvWeightGrad;
}

void ContractionCounts::add(const ConvProblem &problem, const float *,
                            const float *) {
  const ExactSum macs = macsOf(problem);
  add(kindOf(problem.product, false), macs, macs * floatBits * floatBits);
}

void ContractionCounts::add(const MatmulProblem &problem, const float *,
                            const float *) {
  const ExactSum macs = macsOf(problem);
  add(ContractionKind::Matmul, macs, macs * floatBits * floatBits);
}

void ContractionCounts::add(const LowbitConvProblem &problem,
                            const frac_quantized &first,
                            const frac_quantized &second) {
  if (problem.isLeftOut())
    return;
  const int64_t batch = problem.conv.batch;
  const ExactSum macs = macsOf(problem.conv);
  const ExactSum macsOfSample = batch ? macs / ExactSum(batch) : 0;
  const WidthSum sum = sumOfProducts(first, second, batch);
  add(kindOf(problem.conv.product, true), macsOfSample * sum.count,
      macsOfSample * sum.bits);
}

void ContractionCounts::add(const LowbitMatmulProblem &problem,
                            const frac_quantized &first,
                            const frac_quantized &second) {
  if (problem.isLeftOut())
    return;
  const MatmulProblem &p = problem.matmul;
  // The widths belong to rows as they are stored: of `a` to index m, or to k if
  // it is transposed; of `b` to index k, or to n.
  const int64_t m = p.m, n = p.n, k = p.k;
  WidthSum sum;
  if (p.transposeA && !p.transposeB)
    sum = sumOfProducts(first, second, k) * m * n;
  else if (p.transposeA)
    sum = sumOfWidths(first, k) * sumOfWidths(second, n) * m;
  else if (p.transposeB)
    sum = sumOfWidths(first, m) * sumOfWidths(second, n) * k;
  else
    sum = sumOfWidths(first, m) * sumOfWidths(second, k) * n;
  sum = sum * p.batch;
  add(ContractionKind::QMatmul, sum.count, sum.bits);
}
