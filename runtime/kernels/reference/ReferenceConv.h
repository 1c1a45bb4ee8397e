//===- ReferenceConv.h - Convolutions by their definition -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_REFERENCE_REFERENCECONV_H
#define FRAC_RUNTIME_KERNELS_REFERENCE_REFERENCECONV_H

#include "runtime/kernels/ConvProblem.h"
#include "runtime/kernels/KernelPlan.h"

#include <memory>

namespace frac::runtime {

/// A plan that computes any valid problem without empty tensors by plain loops
/// over `threads` threads: for geometries that no other kernel takes. Sums are
/// in double and in a fixed order, whatever the number of threads.
std::unique_ptr<KernelPlan> makeReferenceConvPlan(const ConvProblem &problem,
                                                  int32_t threads);

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_REFERENCE_REFERENCECONV_H
