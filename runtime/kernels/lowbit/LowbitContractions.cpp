//===- LowbitContractions.cpp - The contractions of integers --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/RunContraction.h"
#include "runtime/kernels/lowbit/LowbitProblem.h"

using namespace frac::runtime;

/// Computes one product of a convolution; `first` and `second` as the C
/// interface orders them.
static void convolve(frac_runtime &runtime, ConvProduct product,
                     const frac_conv_shape &shape, int64_t batch,
                     const frac_quantized &first, const frac_quantized &second,
                     float *result) {
  const bool secondIsImage = product == ConvProduct::WeightGrad;
  const LowbitConvProblem problem{
      ConvProblem(product, shape, batch), OperandForm(first, batch),
      OperandForm(second, secondIsImage ? batch : 0)};
  contract<LowbitPlan>(runtime, problem, first, second, result);
}

//===----------------------------------------------------------------------===//
// C interface
//===----------------------------------------------------------------------===//

void frac_qconv_forward(frac_runtime *runtime, const frac_conv_shape *shape,
                        int64_t batch, const frac_quantized *src,
                        const frac_quantized *weights, float *dst) {
  convolve(*runtime, ConvProduct::Forward, *shape, batch, *src, *weights, dst);
}

void frac_qconv_input_grad(frac_runtime *runtime, const frac_conv_shape *shape,
                           int64_t batch, const frac_quantized *diff_dst,
                           const frac_quantized *weights, float *diff_src) {
  convolve(*runtime, ConvProduct::InputGrad, *shape, batch, *diff_dst, *weights,
           diff_src);
}

void frac_qconv_weight_grad(frac_runtime *runtime, const frac_conv_shape *shape,
                            int64_t batch, const frac_quantized *src,
                            const frac_quantized *diff_dst,
                            float *diff_weights) {
  convolve(*runtime, ConvProduct::WeightGrad, *shape, batch, *src, *diff_dst,
           diff_weights);
}

void frac_qmatmul(frac_runtime *runtime, int64_t batch, int64_t m, int64_t n,
                  int64_t k, int32_t transpose_a, int32_t transpose_b,
                  const frac_quantized *a, const frac_quantized *b, float *c) {
  const LowbitMatmulProblem problem{
      MatmulProblem{batch, m, n, k, transpose_a != 0, transpose_b != 0},
      OperandForm(*a, transpose_a ? k : m),
      OperandForm(*b, transpose_b ? n : k)};
  contract<LowbitPlan>(*runtime, problem, *a, *b, c);
}
