//===- TrainingModeOpInterface.h - Other behaviour in training ------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_INTERFACES_TRAININGMODEOPINTERFACE_H
#define FRAC_INTERFACES_TRAININGMODEOPINTERFACE_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

namespace frac {

/// A value that an operation keeps over training steps as the mean of what it
/// sees, weighted towards the last: state <- momentum state + (1 - momentum)
/// observed.
struct RunningMean {
  mlir::Value state;
  mlir::Value observed;
  double momentum;
  /// Whether nothing may have been seen; then `observed` is `state`, which must
  /// stay as it is to the last bit.
  bool mayBeUnseen = false;
};

} // namespace frac

#include "dialects/interfaces/TrainingModeOpInterface.h.inc"

#endif // FRAC_INTERFACES_TRAININGMODEOPINTERFACE_H
