//===- LowerGates.h - Gates to loops ----------------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_PRECISION_LOWERGATES_H
#define FRAC_PASSES_PRECISION_LOWERGATES_H

#include "mlir/IR/PatternMatch.h"

namespace frac {

/// Patterns that lower the operations of gates, `frac.choose` and
/// `frac.mix_grad`, to loops.
void populateLowerGates(mlir::RewritePatternSet &patterns);

} // namespace frac

#endif // FRAC_PASSES_PRECISION_LOWERGATES_H
