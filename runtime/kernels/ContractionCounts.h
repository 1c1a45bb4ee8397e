//===- ContractionCounts.h - How much work a runtime has been given -------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_CONTRACTIONCOUNTS_H
#define FRAC_RUNTIME_KERNELS_CONTRACTIONCOUNTS_H

#include "runtime/kernels/ConvProblem.h"
#include "runtime/kernels/MatmulProblem.h"
#include "runtime/kernels/Profile.h"
#include "runtime/kernels/lowbit/LowbitProblem.h"

namespace frac::runtime {

/// The running counts behind `contractionCounts`.
class ContractionCounts {
public:
  /// Counts one valid call; the operands are those of the call.
  void add(const ConvProblem &problem, const float *, const float *);
  void add(const MatmulProblem &problem, const float *, const float *);
  void add(const LowbitConvProblem &problem, const frac_quantized &first,
           const frac_quantized &second);
  void add(const LowbitMatmulProblem &problem, const frac_quantized &first,
           const frac_quantized &second);

  const WorkByKind &values() const { return counts; }
  void reset() { counts = {}; }

private:
  void add(ContractionKind kind, ExactSum macs, ExactSum bitProducts);

  WorkByKind counts = {};
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_CONTRACTIONCOUNTS_H
