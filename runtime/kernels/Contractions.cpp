//===- Contractions.cpp - The contractions of the C interface -------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/RunContraction.h"

using namespace frac::runtime;

//===----------------------------------------------------------------------===//
// C interface
//===----------------------------------------------------------------------===//

void frac_conv_forward(frac_runtime *runtime, const frac_conv_shape *shape,
                       int64_t batch, const float *src, const float *weights,
                       float *dst) {
  contract<KernelPlan>(*runtime,
                       ConvProblem(ConvProduct::Forward, *shape, batch), src,
                       weights, dst);
}

void frac_conv_input_grad(frac_runtime *runtime, const frac_conv_shape *shape,
                          int64_t batch, const float *diff_dst,
                          const float *weights, float *diff_src) {
  contract<KernelPlan>(*runtime,
                       ConvProblem(ConvProduct::InputGrad, *shape, batch),
                       diff_dst, weights, diff_src);
}

void frac_conv_weight_grad(frac_runtime *runtime, const frac_conv_shape *shape,
                           int64_t batch, const float *src,
                           const float *diff_dst, float *diff_weights) {
  contract<KernelPlan>(*runtime,
                       ConvProblem(ConvProduct::WeightGrad, *shape, batch), src,
                       diff_dst, diff_weights);
}

void frac_matmul(frac_runtime *runtime, int64_t batch, int64_t m, int64_t n,
                 int64_t k, int32_t transpose_a, int32_t transpose_b,
                 const float *a, const float *b, float *c) {
  contract<KernelPlan>(
      *runtime,
      MatmulProblem{batch, m, n, k, transpose_a != 0, transpose_b != 0}, a, b,
      c);
}
