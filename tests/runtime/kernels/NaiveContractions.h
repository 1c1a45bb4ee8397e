//===- NaiveContractions.h - Contractions by definition -------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the kernels' results are compared with: loops over the definition, in
/// double, that share no code with the runtime. Beside each sum stands the sum
/// of the absolute values of its terms, which bounds the rounding error.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_TESTS_RUNTIME_KERNELS_NAIVECONTRACTIONS_H
#define FRAC_TESTS_RUNTIME_KERNELS_NAIVECONTRACTIONS_H

#include "runtime/frac_runtime.h"

#include <cstdint>
#include <vector>

namespace frac::test {

using Floats = std::vector<float>;
using Reals = std::vector<double>;

/// Sums and, for each of them, the sum of the absolute terms.
struct Sums {
  explicit Sums(std::size_t size) : value(size), magnitude(size) {}
  void add(std::size_t i, double term) {
    value[i] += term;
    magnitude[i] += term < 0 ? -term : term;
  }
  std::vector<double> value;
  std::vector<double> magnitude;
};

/// `size` values in [-1, 1) that depend on `seed` only.
Floats randomFloats(std::size_t size, uint64_t seed);

/// Numbers of elements of the tensors of a convolution.
std::size_t sourceSize(const frac_conv_shape &shape, int64_t batch);
std::size_t weightsSize(const frac_conv_shape &shape);
std::size_t destinationSize(const frac_conv_shape &shape, int64_t batch);

/// `Values` is Floats or Reals.
template <typename Values>
Sums naiveForward(const frac_conv_shape &shape, int64_t batch,
                  const Values &src, const Values &weights);
template <typename Values>
Sums naiveInputGrad(const frac_conv_shape &shape, int64_t batch,
                    const Values &diffDst, const Values &weights);
template <typename Values>
Sums naiveWeightGrad(const frac_conv_shape &shape, int64_t batch,
                     const Values &src, const Values &diffDst);
template <typename Values>
Sums naiveMatmul(int64_t batch, int64_t m, int64_t n, int64_t k,
                 bool transposeA, bool transposeB, const Values &a,
                 const Values &b);

/// Expects each of `got` to be its sum within float rounding.
void expectSums(const Floats &got, const Sums &want);

} // namespace frac::test

#endif // FRAC_TESTS_RUNTIME_KERNELS_NAIVECONTRACTIONS_H
