//===- WeightGradItems.cpp - Samples of equal scales together -------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WeightGradItems.h"

#include <algorithm>

using namespace frac::runtime;

static bool isEqual(const AffineInteger &a, const AffineInteger &b) {
  return a.scale == b.scale && a.zero == b.zero && a.residual == b.residual;
}

bool WeightGradKind::operator==(const WeightGradKind &other) const {
  return isEqual(activation, other.activation) && isEqual(error, other.error);
}

static AffineInteger affineOf(const frac_quantized &tensor,
                              const OperandForm &form, int64_t n) {
  const bool isOwn = form.scaleDim == 0 && form.bitsDim == 0;
  return AffineInteger::of(tensor, n, isOwn ? tensor.bits[n] : form.bits);
}

static bool isLeftOut(const frac_quantized &tensor, int64_t n) {
  return tensor.bits_dim == 0 && tensor.bits[n] == 0;
}

std::size_t WeightGradItems::placeOf(const WeightGradKind &kind) {
  const std::size_t place =
      std::find(kinds.begin(), kinds.end(), kind) - kinds.begin();
  if (place == kinds.size())
    kinds.push_back(kind);
  return place;
}

void WeightGradItems::list(const LowbitArguments &arguments,
                           const LowbitConvProblem &problem, bool bytewise) {
  items.clear();
  kinds.clear();
  for (int64_t n = 0; n < problem.conv.batch; ++n) {
    if (isLeftOut(arguments.first, n) || isLeftOut(arguments.second, n))
      continue;
    const AffineInteger a = affineOf(arguments.first, problem.first, n);
    const AffineInteger e = affineOf(arguments.second, problem.second, n);
    if (!bytewise) {
      items.push_back({n, 0, placeOf({a, e})});
      continue;
    }
    const int32_t bits = arguments.second.bits_dim < 0
                             ? problem.second.bits
                             : arguments.second.bits[n];
    for (int32_t shift = bits > 8 ? 8 : 0; shift >= 0; shift -= 8)
      items.push_back({n, shift, placeOf({a, e.byte(shift)})});
  }
  std::stable_sort(items.begin(), items.end(),
                   [](const WeightGradItem &a, const WeightGradItem &b) {
                     return a.kind < b.kind;
                   });
}
