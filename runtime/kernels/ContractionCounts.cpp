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

/// The sum of an operand's widths over `extent` indices of the dimension that
/// they may belong to.
static ExactSum sumOfWidths(const frac_quantized &operand, int64_t extent) {
  if (operand.bits_dim < 0)
    return ExactSum(operand.bits[0]) * ExactSum(extent);
  ExactSum sum = 0;
  for (int64_t i = 0; i < extent; ++i)
    sum += operand.bits[i];
  return sum;
}

/// The sum of the products of two operands' widths over `extent` indices that
/// the dimensions that they may belong to share.
static ExactSum sumOfProducts(const frac_quantized &first,
                              const frac_quantized &second, int64_t extent) {
  if (first.bits_dim < 0)
    return ExactSum(first.bits[0]) * sumOfWidths(second, extent);
  if (second.bits_dim < 0)
    return ExactSum(second.bits[0]) * sumOfWidths(first, extent);
  ExactSum sum = 0;
  for (int64_t i = 0; i < extent; ++i)
    sum += ExactSum(first.bits[i]) * ExactSum(second.bits[i]);
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
  const int64_t batch = problem.conv.batch;
  const ExactSum macs = macsOf(problem.conv);
  const ExactSum macsOfSample = batch ? macs / ExactSum(batch) : 0;
  add(kindOf(problem.conv.product, true), macs,
      macsOfSample * sumOfProducts(first, second, batch));
}

void ContractionCounts::add(const LowbitMatmulProblem &problem,
                            const frac_quantized &first,
                            const frac_quantized &second) {
  const MatmulProblem &p = problem.matmul;
  // The widths belong to rows as they are stored: of `a` to index m, or to k if
  // it is transposed; of `b` to index k, or to n.
  const int64_t m = p.m, n = p.n, k = p.k;
  ExactSum products;
  if (p.transposeA && !p.transposeB)
    products = ExactSum(m) * ExactSum(n) * sumOfProducts(first, second, k);
  else if (p.transposeA)
    products = sumOfWidths(first, k) * sumOfWidths(second, n) * ExactSum(m);
  else if (p.transposeB)
    products = sumOfWidths(first, m) * sumOfWidths(second, n) * ExactSum(k);
  else
    products = sumOfWidths(first, m) * sumOfWidths(second, k) * ExactSum(n);
  add(ContractionKind::QMatmul, macsOf(p), ExactSum(p.batch) * products);
}
