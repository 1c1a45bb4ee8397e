//===- NaiveContractions.cpp - Contractions by definition -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NaiveContractions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

using namespace frac::test;

Floats frac::test::randomFloats(std::size_t size, uint64_t seed) {
  std::mt19937_64 generator(seed);
  Floats values(size);
  for (float &value : values)
    value = float(int64_t(generator() >> 40) - (1 << 23)) / float(1 << 23);
  return values;
}

std::size_t frac::test::sourceSize(const frac_conv_shape &s, int64_t batch) {
  std::size_t size = batch * s.in_channels;
  for (int64_t d = 0; d < s.spatial_rank; ++d)
    size *= s.input[d];
  return size;
}

std::size_t frac::test::weightsSize(const frac_conv_shape &s) {
  std::size_t size = s.out_channels * (s.in_channels / s.groups);
  for (int64_t d = 0; d < s.spatial_rank; ++d)
    size *= s.kernel[d];
  return size;
}

std::size_t frac::test::destinationSize(const frac_conv_shape &s,
                                        int64_t batch) {
  std::size_t size = batch * s.out_channels;
  for (int64_t d = 0; d < s.spatial_rank; ++d)
    size *= s.output[d];
  return size;
}

/// Calls `body(source, weight, destination)` with the indices of every
/// multiplication of a convolution.
template <typename Body>
static void forEachProduct(const frac_conv_shape &s, int64_t batch,
                           const Body &body) {
  int64_t in[3] = {1, 1, 1}, out[3] = {1, 1, 1}, kernel[3] = {1, 1, 1};
  int64_t stride[3] = {1, 1, 1}, dilation[3] = {1, 1, 1}, pad[3] = {0, 0, 0};
  for (int64_t d = 0; d < s.spatial_rank; ++d) {
    in[d] = s.input[d], out[d] = s.output[d], kernel[d] = s.kernel[d];
    stride[d] = s.stride[d], dilation[d] = s.dilation[d];
    pad[d] = s.pad_begin[d];
  }
  const int64_t inputs = s.in_channels / s.groups;
  const int64_t outputs = s.out_channels / s.groups;
  for (int64_t n = 0; n < batch; ++n)
    for (int64_t z = 0; z < out[0]; ++z)
      for (int64_t y = 0; y < out[1]; ++y)
        for (int64_t x = 0; x < out[2]; ++x)
          for (int64_t kz = 0; kz < kernel[0]; ++kz)
            for (int64_t ky = 0; ky < kernel[1]; ++ky)
              for (int64_t kx = 0; kx < kernel[2]; ++kx) {
                int64_t iz = z * stride[0] + kz * dilation[0] - pad[0];
                int64_t iy = y * stride[1] + ky * dilation[1] - pad[1];
                int64_t ix = x * stride[2] + kx * dilation[2] - pad[2];
                if (iz < 0 || iy < 0 || ix < 0 || iz >= in[0] || iy >= in[1] ||
                    ix >= in[2])
                  continue;
                int64_t source = ((n * in[0] + iz) * in[1] + iy) * in[2] + ix;
                int64_t target = ((n * out[0] + z) * out[1] + y) * out[2] + x;
                int64_t tap = (kz * kernel[1] + ky) * kernel[2] + kx;
                int64_t taps = kernel[0] * kernel[1] * kernel[2];
                for (int64_t o = 0; o < s.out_channels; ++o)
                  for (int64_t i = 0; i < inputs; ++i)
                    body(source * s.in_channels + o / outputs * inputs + i,
                         (o * inputs + i) * taps + tap,
                         target * s.out_channels + o);
              }
}

template <typename Values>
Sums frac::test::naiveForward(const frac_conv_shape &shape, int64_t batch,
                              const Values &src, const Values &weights) {
  Sums sums(destinationSize(shape, batch));
  forEachProduct(shape, batch, [&](int64_t s, int64_t w, int64_t d) {
    sums.add(d, double(src[s]) * weights[w]);
  });
  return sums;
}

template <typename Values>
Sums frac::test::naiveInputGrad(const frac_conv_shape &shape, int64_t batch,
                                const Values &diffDst, const Values &weights) {
  Sums sums(sourceSize(shape, batch));
  forEachProduct(shape, batch, [&](int64_t s, int64_t w, int64_t d) {
    sums.add(s, double(diffDst[d]) * weights[w]);
  });
  return sums;
}

template <typename Values>
Sums frac::test::naiveWeightGrad(const frac_conv_shape &shape, int64_t batch,
                                 const Values &src, const Values &diffDst) {
  Sums sums(weightsSize(shape));
  forEachProduct(shape, batch, [&](int64_t s, int64_t w, int64_t d) {
    sums.add(w, double(src[s]) * diffDst[d]);
  });
  return sums;
}

template <typename Values>
Sums frac::test::naiveMatmul(int64_t batch, int64_t m, int64_t n, int64_t k,
                             bool transposeA, bool transposeB, const Values &a,
                             const Values &b) {
  Sums sums(batch * m * n);
  for (int64_t i = 0; i < batch; ++i)
    for (int64_t row = 0; row < m; ++row)
      for (int64_t column = 0; column < n; ++column)
        for (int64_t j = 0; j < k; ++j)
          sums.add(
              (i * m + row) * n + column,
              double(a[i * m * k + (transposeA ? j * m + row : row * k + j)]) *
                  b[i * k * n +
                    (transposeB ? column * k + j : j * n + column)]);
  return sums;
}

/// The element types that the declarations name.
#define INSTANTIATE(Values)                                                    \
  template Sums frac::test::naiveForward(const frac_conv_shape &, int64_t,     \
                                         const Values &, const Values &);      \
  template Sums frac::test::naiveInputGrad(const frac_conv_shape &, int64_t,   \
                                           const Values &, const Values &);    \
  template Sums frac::test::naiveWeightGrad(const frac_conv_shape &, int64_t,  \
                                            const Values &, const Values &);   \
  template Sums frac::test::naiveMatmul(int64_t, int64_t, int64_t, int64_t,    \
                                        bool, bool, const Values &,            \
                                        const Values &);
INSTANTIATE(Floats)
INSTANTIATE(Reals)
#undef INSTANTIATE

void frac::test::expectSums(const Floats &got, const Sums &want) {
  ASSERT_EQ(got.size(), want.value.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    // Zero terms give exactly zero.
    double tolerance = 4e-6 * want.magnitude[i];
    ASSERT_LE(std::abs(got[i] - want.value[i]), tolerance)
        << "element " << i << " is " << got[i] << " instead of "
        << want.value[i];
  }
}
