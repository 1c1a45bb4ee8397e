//===- ReferenceLowbit.cpp - Contractions of integers by definition -------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/reference/ReferenceLowbit.h"

#include "runtime/core/Threads.h"
#include "runtime/kernels/reference/ConvTerms.h"

using namespace frac::runtime;

namespace {

/// Reads the elements of a quantized tensor, by their index in the whole.
class Elements {
public:
  /// Scales belong to index `i / perScale % scales` of element `i`.
  Elements(const frac_quantized &tensor, int64_t perScale, int64_t scales)
      : tensor(tensor), perScale(perScale),
        scales(tensor.scale_dim < 0 ? 1 : scales) {}

  int64_t integer(int64_t i) const {
    return tensor.bytes == 1 ? static_cast<const uint8_t *>(tensor.data)[i]
                             : static_cast<const uint16_t *>(tensor.data)[i];
  }
  int64_t scaleIndex(int64_t i) const {
    return scales == 1 ? 0 : i / perScale % scales;
  }
  double scale(int64_t index) const {
    return isLeftOut(index) ? 0 : tensor.scale[index];
  }
  double zero(int64_t index) const {
    return isLeftOut(index) ? 0 : tensor.zero[index];
  }

private:
  bool isLeftOut(int64_t index) const {
    return tensor.scale_dim == 0 && tensor.bits_dim == 0 &&
           tensor.bits[index] == 0;
  }

  const frac_quantized &tensor;
  const int64_t perScale, scales;
};

/// The sum of products of real numbers that integers stand for.
class ProductSum {
public:
  ProductSum(const Elements &first, const Elements &second)
      : first(first), second(second) {}

  /// Adds the product of one element each.
  void add(int64_t firstIndex, int64_t secondIndex) {
    const int64_t i = first.scaleIndex(firstIndex);
    const int64_t j = second.scaleIndex(secondIndex);
    if (i != firstScale || j != secondScale) {
      flush();
      firstScale = i, secondScale = j;
    }
    const int64_t p = first.integer(firstIndex);
    const int64_t q = second.integer(secondIndex);
    products += p * q;
    firstSum += p;
    secondSum += q;
    ++count;
  }

  /// The sum of everything added.
  double value() {
    flush();
    return sum;
  }

private:
  /// Turns what has been summed with the same scales into a real number.
  void flush() {
    if (!count)
      return;
    const double s = first.scale(firstScale), z = first.zero(firstScale);
    const double t = second.scale(secondScale), y = second.zero(secondScale);
    sum += s * t * double(products) + s * y * double(firstSum) +
           z * t * double(secondSum) + z * y * double(count);
    products = firstSum = secondSum = count = 0;
  }

  const Elements &first, &second;
  int64_t firstScale = -1, secondScale = -1;
  int64_t products = 0, firstSum = 0, secondSum = 0, count = 0;
  double sum = 0;
};

class ReferenceLowbitConvPlan final : public LowbitPlan {
public:
  ReferenceLowbitConvPlan(const LowbitConvProblem &problem, int32_t threads)
      : problem(problem.conv), terms(problem.conv), threads(threads) {
    implementation = "lowbit reference";
  }

  void run(const LowbitArguments &arguments) override {
    const Elements first = elements(arguments.first, true);
    const Elements second = elements(arguments.second, false);
    parallelRanges(threads, problem.resultSize(), /*grain=*/64,
                   [&](int64_t begin, int64_t end) {
                     for (int64_t i = begin; i < end; ++i) {
                       ProductSum sum(first, second);
                       terms.forEach(
                           i, [&](int64_t p, int64_t q) { sum.add(p, q); });
                       arguments.result[i] = static_cast<float>(sum.value());
                     }
                   });
  }

private:
  Elements elements(const frac_quantized &tensor, bool isFirst) const {
    if (!isFirst && problem.product != ConvProduct::WeightGrad) {
      const int64_t outputs = problem.shape.out_channels;
      return Elements(tensor, problem.weightsSize() / outputs, outputs);
    }
    const bool isSource = isFirst && problem.product != ConvProduct::InputGrad;
    const int64_t size =
        isSource ? problem.sourceSize() : problem.destinationSize();
    return Elements(tensor, size / problem.batch, problem.batch);
  }

  const ConvProblem problem;
  const ConvTerms terms;
  const int32_t threads;
};

class ReferenceLowbitMatmulPlan final : public LowbitPlan {
public:
  ReferenceLowbitMatmulPlan(const LowbitMatmulProblem &problem, int32_t threads)
      : problem(problem.matmul), threads(threads) {
    implementation = "lowbit reference";
  }

  void run(const LowbitArguments &arguments) override {
    const MatmulProblem &p = problem;
    const Elements a = p.transposeA ? elements(arguments.first, p.k, p.m)
                                    : elements(arguments.first, p.m, p.k);
    const Elements b = p.transposeB ? elements(arguments.second, p.n, p.k)
                                    : elements(arguments.second, p.k, p.n);
    parallelRanges(
        threads, p.resultSize(), /*grain=*/64, [&](int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; ++i)
            arguments.result[i] = static_cast<float>(element(i, a, b));
        });
  }

private:
  static Elements elements(const frac_quantized &tensor, int64_t rows,
                           int64_t columns) {
    return tensor.scale_dim == 0 ? Elements(tensor, columns, rows)
                                 : Elements(tensor, 1, columns);
  }

  double element(int64_t i, const Elements &a, const Elements &b) const {
    const MatmulProblem &p = problem;
    const int64_t matrix = i / p.n / p.m;
    const int64_t row = i / p.n % p.m, column = i % p.n;
    ProductSum sum(a, b);
    for (int64_t j = 0; j < p.k; ++j)
      sum.add(matrix * p.m * p.k +
                  (p.transposeA ? j * p.m + row : row * p.k + j),
              matrix * p.k * p.n +
                  (p.transposeB ? column * p.k + j : j * p.n + column));
    return sum.value();
  }

  const MatmulProblem problem;
  const int32_t threads;
};

} // namespace

std::unique_ptr<LowbitPlan>
frac::runtime::makeReferenceLowbitPlan(const LowbitConvProblem &problem,
                                       int32_t threads) {
  return std::make_unique<ReferenceLowbitConvPlan>(problem, threads);
}

std::unique_ptr<LowbitPlan>
frac::runtime::makeReferenceLowbitPlan(const LowbitMatmulProblem &problem,
                                       int32_t threads) {
  return std::make_unique<ReferenceLowbitMatmulPlan>(problem, threads);
}
